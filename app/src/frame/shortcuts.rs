//! Keyboard shortcuts: their keys, the conditions under which they apply, and the dialog that lists
//! them.

use crate::effects::effect;
use crate::ui::Dialog;
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

/// Local-storage key of the setting that disables shortcuts.
const SETTING: &str = "plumbline-shortcuts";
/// Time in milliseconds within which the second key of a two-key shortcut must follow.
const TOGETHER: f64 = 1500.0;

/// Command of a shortcut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Move to the next entry.
    Next,
    /// Move to the previous entry.
    Previous,
    /// Toggle the selection of the entry.
    Select,
    /// Select all entries from the last selected one to this one.
    SelectRange,
    /// Open or close the entry.
    Open,
    /// Mark the entry as reviewed.
    Reviewed,
    /// Flag the entry for attention.
    Flag,
    /// Comment on the entry.
    Comment,
    /// Review or flag the entry with a note.
    Note,
    /// Undo the last action.
    Undo,
    /// Focus the search field.
    Search,
    /// Open the list of inspections.
    GoInspections,
    /// Open the dashboard of changes.
    GoChanges,
    /// Show the list of shortcuts.
    Help,
}

impl Command {
    /// All shortcuts: keys, description and command.
    const LIST: [(&'static [&'static str], &'static str, Self); 14] = [
        (&["j"], "Next entry", Self::Next),
        (&["k"], "Previous entry", Self::Previous),
        (&["x"], "Select", Self::Select),
        (&["Shift", "x"], "Select a range", Self::SelectRange),
        (&["o"], "Open or close (Enter does, too)", Self::Open),
        (&["e"], "Reviewed", Self::Reviewed),
        (&["f"], "Flag", Self::Flag),
        (&["c"], "Comment", Self::Comment),
        (&["n"], "Review or flag with a note", Self::Note),
        (&["z"], "Undo", Self::Undo),
        (&["/"], "Search", Self::Search),
        (&["g", "i"], "Go to Inspections", Self::GoInspections),
        (&["g", "c"], "Go to Changes", Self::GoChanges),
        (&["?"], "Show this list", Self::Help),
    ];

    /// Returns whether holding the key repeats the command. Commands that change data do not
    /// repeat.
    const fn repeats(self) -> bool {
        matches!(self, Self::Next | Self::Previous)
    }

    /// Returns the command of a key, alone or after `g`. Letters are as typed: `X` is Shift+X.
    fn of(key: &str, after_g: bool) -> Option<Self> {
        let typed = match (key, after_g) {
            ("X", false) => &["Shift", "x"][..],
            (key, false) => &[key],
            (key, true) => &["g", key],
        };
        let mut list = Self::LIST.into_iter();
        list.find(|(keys, ..)| *keys == typed).map(|(.., command)| command)
    }
}

/// Keyboard shortcuts of the page.
#[derive(Clone, Copy)]
pub struct Shortcuts {
    on: RwSignal<bool>,
    help: RwSignal<bool>,
    page: StoredValue<Option<Callback<Command>>>,
}

impl Shortcuts {
    /// Provides the shortcuts as context.
    pub(super) fn provide() -> Self {
        let shortcuts = Self {
            on: RwSignal::new(true),
            help: RwSignal::new(false),
            page: StoredValue::new(None),
        };
        provide_context(shortcuts);
        shortcuts
    }

    /// Opens the list of shortcuts.
    pub fn show(self) {
        self.help.set(true);
    }

    /// Registers the page's command handler until the page is left.
    pub fn answer(self, command: impl Fn(Command) + Send + Sync + 'static) {
        self.page.set_value(Some(Callback::new(command)));
        on_cleanup(move || {
            self.page.try_set_value(None);
        });
    }

    /// Listens for key presses.
    fn listen(self) {
        let navigate = use_navigate();
        effect(move || {
            self.on.set(setting().as_deref() != Some("off"));
            let navigate = navigate.clone();
            let last_g = StoredValue::new(f64::NEG_INFINITY);
            let keys = window_event_listener(ev::keydown, move |event| {
                if !self.on.get_untracked() || !listens(&event) {
                    return;
                }
                let key = event.key();
                let after_g = event.time_stamp() - last_g.get_value() < TOGETHER;
                last_g.set_value(match (key.as_str(), after_g) {
                    ("g", false) => event.time_stamp(),
                    _ => f64::NEG_INFINITY,
                });
                let Some(command) = Command::of(&key, after_g) else { return };
                if event.repeat() && !command.repeats() {
                    return;
                }
                match command {
                    Command::GoInspections => navigate("/inspections", Default::default()),
                    Command::GoChanges => navigate("/changes", Default::default()),
                    Command::Help => self.show(),
                    command => match self.page.get_value() {
                        Some(page) => page.run(command),
                        None => return,
                    },
                }
                event.prevent_default();
            });
            on_cleanup(move || keys.remove());
        });
    }
}

fn setting() -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(SETTING).ok().flatten()
}

fn remember(on: bool) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A browser that refuses storage does not remember the setting.
        drop(storage.set_item(SETTING, if on { "on" } else { "off" }));
    }
}

/// Returns whether a key press may be a shortcut: not with a modifier key, not during text input,
/// and not behind a dialog.
fn listens(event: &KeyboardEvent) -> bool {
    if event.default_prevented()
        || event.ctrl_key()
        || event.alt_key()
        || event.meta_key()
        || event.is_composing()
    {
        return false;
    }
    let target = event.target();
    let Some(element) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) else {
        return true;
    };
    let typed_in = match element.dyn_ref::<HtmlInputElement>() {
        Some(input) => !matches!(input.type_().as_str(), "checkbox" | "radio"),
        None => matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT"),
    };
    let dialog = document().query_selector("dialog[open]").ok().flatten();
    !typed_in && !element.is_content_editable() && dialog.is_none()
}

/// Dialog with the list of shortcuts and a switch to disable them; `?` opens it.
#[component]
pub(super) fn ShortcutsDialog(
    /// Shortcuts of the page.
    shortcuts: Shortcuts,
) -> impl IntoView {
    shortcuts.listen();
    let change = move |event| {
        let on = event_target_checked(&event);
        shortcuts.on.set(on);
        remember(on);
    };
    let list = move || {
        let commands = Command::LIST.map(|(keys, does, _)| (keys, does));
        // The form handles this key itself, even while shortcuts are disabled.
        let sends = (&["Ctrl", "Enter"][..], "Send what is written (⌘ Enter on a Mac)");
        let line = |(keys, does): (&'static [&'static str], &'static str)| {
            let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
            view! {
                <div>
                    <dt>{keys}</dt>
                    <dd>{does}</dd>
                </div>
            }
        };
        commands.into_iter().chain([sends]).map(line).collect_view()
    };
    view! {
        <Dialog open=shortcuts.help title="Keyboard shortcuts">
            <dl class="shortcuts">{list()}</dl>
            <label class="choice">
                <input
                    type="checkbox"
                    checked=shortcuts.on.get_untracked()
                    on:change=change
                    autofocus=true
                />
                <span>"Use shortcuts in this browser"</span>
            </label>
        </Dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::Command;

    #[test]
    fn keys_mean_one_thing() {
        assert_eq!(Command::of("j", false), Some(Command::Next));
        assert_eq!(Command::of("x", false), Some(Command::Select));
        assert_eq!(Command::of("X", false), Some(Command::SelectRange));
        assert_eq!(Command::of("c", false), Some(Command::Comment));
        assert_eq!(Command::of("c", true), Some(Command::GoChanges));
        assert_eq!(Command::of("i", true), Some(Command::GoInspections));
        assert_eq!(Command::of("i", false), None);
        assert_eq!(Command::of("j", true), None);
        assert_eq!(Command::of("g", false), None);
        assert_eq!(Command::of("Shift", false), None);
    }

    #[test]
    fn a_held_key_moves_but_does_nothing_twice() {
        let repeating: Vec<_> = Command::LIST.iter().filter(|(.., it)| it.repeats()).collect();
        assert_eq!(repeating.iter().map(|(keys, ..)| keys[0]).collect::<Vec<_>>(), ["j", "k"]);
    }
}

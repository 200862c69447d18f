//! The keyboard's shortcuts: which keys mean what, where they mean nothing, and the list of them.

use crate::ui::Dialog;
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

/// Under this name the browser remembers that they are switched off.
const SETTING: &str = "plumbline-shortcuts";
/// How long, in milliseconds, the second key of two may wait.
const TOGETHER: f64 = 1500.0;

/// What a shortcut asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// To the next entry.
    Next,
    /// To the one before.
    Previous,
    /// Select it, or no longer.
    Select,
    /// Select all from the last selected one to here.
    SelectRange,
    /// Open it, or close it.
    Open,
    /// It is reviewed.
    Reviewed,
    /// It wants attention.
    Flag,
    /// Say something about it.
    Comment,
    /// Review or flag it with a note.
    Note,
    /// Take back what was done last.
    Undo,
    /// To the search.
    Search,
    /// To the inspections.
    GoInspections,
    /// To the changes.
    GoChanges,
    /// Show all shortcuts.
    Help,
}

impl Command {
    /// All of them: the keys, and what they do.
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

    /// Whether a key that is held goes on asking for it. What does something does it once.
    const fn repeats(self) -> bool {
        matches!(self, Self::Next | Self::Previous)
    }

    /// What a key asks for, after `g` or by itself. Letters as they are typed: `X` is shift-x.
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

/// The shortcuts of the page.
#[derive(Clone, Copy)]
pub struct Shortcuts {
    on: RwSignal<bool>,
    help: RwSignal<bool>,
    page: StoredValue<Option<Callback<Command>>>,
}

impl Shortcuts {
    /// Provides them as context.
    pub(super) fn provide() -> Self {
        let shortcuts = Self {
            on: RwSignal::new(true),
            help: RwSignal::new(false),
            page: StoredValue::new(None),
        };
        provide_context(shortcuts);
        shortcuts
    }

    /// Shows the list of them.
    pub fn show(self) {
        self.help.set(true);
    }

    /// What the page does for a command. Until the page is left.
    pub fn answer(self, command: impl Fn(Command) + Send + Sync + 'static) {
        self.page.set_value(Some(Callback::new(command)));
        on_cleanup(move || {
            self.page.try_set_value(None);
        });
    }

    /// Listens to the keyboard.
    fn listen(self) {
        let navigate = use_navigate();
        Effect::new(move || {
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
        // A browser that keeps nothing forgets this as well.
        drop(storage.set_item(SETTING, if on { "on" } else { "off" }));
    }
}

/// Whether a key may be a shortcut: not with a modifier key, not while something is typed, and not
/// behind a dialog.
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

/// The list of shortcuts, which `?` opens; there they can be switched off.
#[component]
pub(super) fn ShortcutsDialog(
    /// The shortcuts.
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
        // The form's own, which it is whether they are switched on or off.
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

//! Hydration queue: components wait as placeholders until their turn.

use any_spawner::Executor;
use hydration_context::{HydrateSharedContext, SharedContext};
use leptos::{
    prelude::*,
    reactive::owner::Owner,
    tachys::{
        html::attribute::any_attribute::AnyAttribute,
        hydration::Cursor,
        renderer::types::{Element, Node},
        view::{
            Mountable, Position, PositionState, Render, add_attr::AddAnyAttr,
            any_view::AnyViewState,
        },
    },
};
use std::{cell::RefCell, collections::VecDeque, rc::Rc, sync::Arc, time::Duration};
use wasm_bindgen::{JsCast, prelude::Closure};

/// Time in milliseconds after which a task hydrates no further component. The browser counts a task
/// of 50 ms as long; one component takes up to 12 ms on the machine used for measuring, and several
/// times as much on a phone.
const TURN: f64 = 1.0;

/// User events that trigger hydration of the whole page before they are handled.
const EVENTS: [&str; 8] =
    ["pointerdown", "click", "keydown", "input", "change", "submit", "popstate", "drop"];

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::default();
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Box<dyn FnOnce()>>,
    then: VecDeque<Box<dyn FnOnce()>>,
    is_scheduled: bool,
}

/// Hydration stage of a component.
enum Stage {
    Waiting {
        element: Element,
        owner: Owner,
        make: Children,
    },
    Standing(AnyViewState),
    /// Transient state while it is being hydrated or replaced.
    Between,
}

/// Renders one element; hydrates it in a task of its own when the server rendered the page.
pub(super) fn deferred(make: Children) -> AnyView {
    DeferredHydration(make).into_any()
}

/// Hydrates all remaining components immediately.
pub fn take_over_all() {
    untrack(|| while take_over_next() {});
}

/// Provides the page's context, hydrates the server-rendered page, and calls `then` once all of it
/// is hydrated. Leptos's own function would drop the server's resource values once the first part
/// is hydrated.
pub fn take_over_page(
    provide: impl FnOnce(),
    page: impl FnOnce() -> AnyView + 'static,
    then: impl FnOnce() + 'static,
) {
    // It returns an error when the executor is already initialised, which is harmless.
    drop(Executor::init_wasm_bindgen());
    let Some(body) = document().body() else { return };
    take_over_before_events();
    let answers = Arc::new(HydrateSharedContext::new());
    let owner = Owner::new_root(Some(answers.clone()));
    owner.with(provide);
    take_turn_later(move || {
        let page = owner.with(page);
        take_turn_later(move || {
            let page = owner.with(|| page.hydrate_from::<true>(&body));
            // The page lives as long as its window.
            std::mem::forget((owner, page));
        });
    });
    when_all_stands(move || {
        answers.hydration_complete();
        then();
    });
}

/// Registers listeners that hydrate the remaining components before an event is handled.
fn take_over_before_events() {
    let all = Closure::<dyn Fn()>::new(take_over_all);
    for event in EVENTS {
        // The capturing phase runs before all other handlers. Only a closed window could refuse.
        drop(window().add_event_listener_with_callback_and_bool(
            event,
            all.as_ref().unchecked_ref(),
            true,
        ));
    }
    all.forget();
}

/// Calls `then` in a task of its own once the queue is empty.
pub fn when_all_stands(then: impl FnOnce() + 'static) {
    QUEUE.with_borrow_mut(|queue| queue.then.push_back(Box::new(then)));
    schedule();
}

fn take_turn_later(take_over: impl FnOnce() + 'static) {
    QUEUE.with_borrow_mut(|queue| queue.waiting.push_back(Box::new(take_over)));
    schedule();
}

/// Hydrates the next component in the queue. Returns whether there was one.
fn take_over_next() -> bool {
    let next = QUEUE.with_borrow_mut(|queue| queue.waiting.pop_front());
    next.map(|take_over| take_over()).is_some()
}

fn take_over(stage: &RefCell<Stage>) {
    let before = stage.replace(Stage::Between);
    let after = match before {
        Stage::Waiting { element, owner, make } => Stage::Standing(
            owner.with(|| make().hydrate_from_position::<true>(&element, Position::Current)),
        ),
        other => other,
    };
    stage.replace(after);
}

fn schedule() {
    let is_scheduled =
        QUEUE.with_borrow_mut(|queue| std::mem::replace(&mut queue.is_scheduled, true));
    if !is_scheduled {
        set_timeout(take_turn, Duration::ZERO);
    }
}

fn take_turn() {
    QUEUE.with_borrow_mut(|queue| queue.is_scheduled = false);
    let now = || window().performance().map_or(0.0, |it| it.now());
    let start = now();
    // A hidden tab gets one timer a second, so its tasks have no time limit.
    let is_over = || now() - start >= TURN && !document().hidden();
    let is_done = untrack(|| {
        loop {
            match take_over_next() {
                false => break true,
                true if is_over() => break false,
                true => {}
            }
        }
    });
    if is_done && let Some(then) = QUEUE.with_borrow_mut(|queue| queue.then.pop_front()) {
        then();
    }
    if QUEUE.with_borrow(|queue| !queue.waiting.is_empty() || !queue.then.is_empty()) {
        schedule();
    }
}

struct DeferredHydration(Children);

struct PieceState(Rc<RefCell<Stage>>);

impl Render for DeferredHydration {
    type State = PieceState;

    fn build(self) -> PieceState {
        PieceState(Rc::new(RefCell::new(Stage::Standing((self.0)().build()))))
    }

    /// Replaces a waiting component by a new one, because the data for its hydration may be gone.
    fn rebuild(self, state: &mut PieceState) {
        let view = match state.0.replace(Stage::Between) {
            Stage::Standing(mut view) => {
                (self.0)().rebuild(&mut view);
                view
            }
            Stage::Waiting { mut element, .. } => {
                let mut view = (self.0)().build();
                element.insert_before_this(&mut view);
                element.unmount();
                view
            }
            Stage::Between => (self.0)().build(),
        };
        state.0.replace(Stage::Standing(view));
    }
}

impl AddAnyAttr for DeferredHydration {
    type Output<SomeNewAttr: leptos::attr::Attribute> = Self;

    fn add_any_attr<NewAttr: leptos::attr::Attribute>(self, _: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        self
    }
}

impl RenderHtml for DeferredHydration {
    type AsyncOutput = AnyView;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> AnyView {
        (self.0)()
    }

    fn to_html_with_buf(
        self,
        buffer: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        (self.0)().to_html_with_buf(buffer, position, escape, mark_branches, attributes);
    }

    /// Skips the element on the cursor and queues it for hydration.
    fn hydrate<const FROM_SERVER: bool>(
        self,
        cursor: &Cursor,
        position: &PositionState,
    ) -> PieceState {
        match position.get() {
            Position::FirstChild => cursor.child(),
            Position::Current => {}
            _ => cursor.sibling(),
        }
        position.set(Position::NextChild);
        // If the markup is something else, hydrating its content reports the mismatch later.
        let element: Element = cursor.current().unchecked_into();
        let owner = Owner::current().unwrap_or_default();
        let stage = Stage::Waiting { element, owner, make: self.0 };
        let stage = Rc::new(RefCell::new(stage));
        let waits = Rc::downgrade(&stage);
        take_turn_later(move || {
            // Without an upgrade the component has been dropped already.
            if let Some(stage) = waits.upgrade() {
                take_over(&stage);
            }
        });
        PieceState(stage)
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl PieceState {
    /// Calls `there` on the mounted view, or on the bare element while it waits.
    fn with<T>(&self, there: impl FnOnce(&mut dyn Mountable) -> T, nothing: T) -> T {
        match &mut *self.0.borrow_mut() {
            Stage::Waiting { element, .. } => there(element),
            Stage::Standing(state) => there(state),
            Stage::Between => nothing,
        }
    }
}

impl Mountable for PieceState {
    fn unmount(&mut self) {
        self.with(|it| it.unmount(), ());
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.with(|it| it.mount(parent, marker), ());
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.with(|it| it.insert_before_this(child), false)
    }

    fn elements(&self) -> Vec<Element> {
        self.with(|it| it.elements(), Vec::new())
    }
}

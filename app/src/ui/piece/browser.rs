//! The queue in which the pieces of a page take turns, and what stands in for one until its turn.

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

/// A task that took more milliseconds than this begins no other piece. One of 50 counts as long, and a piece
/// takes up to 12 on the machine that this is measured on: several times as much on a phone.
const TURN: f64 = 1.0;

/// What a person may do that a page answers.
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

/// How far a piece is.
enum Stage {
    Waiting {
        element: Element,
        owner: Owner,
        make: Children,
    },
    Standing(AnyViewState),
    /// While it is taken over.
    Between,
}

/// One element, taken over in a task of its own where it is part of a page that the server made.
pub(super) fn piece(make: Children) -> AnyView {
    Piece(make).into_any()
}

/// Takes over what is left, now.
pub fn take_over_all() {
    untrack(|| while take_over_next() {});
}

/// Provides what a page uses, takes over the page that the server made, and calls `then` once all of it
/// stands. Leptos's own function would forget what the server answered as soon as the first part stands.
pub fn take_over_page(
    provide: impl FnOnce(),
    page: impl FnOnce() -> AnyView + 'static,
    then: impl FnOnce() + 'static,
) {
    // It fails where it was done before.
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
            // It stays as long as its window.
            std::mem::forget((owner, page));
        });
    });
    when_all_stands(move || {
        answers.hydration_complete();
        then();
    });
}

/// From now on takes over what is left before the page answers a person.
fn take_over_before_events() {
    let all = Closure::<dyn Fn()>::new(take_over_all);
    for event in EVENTS {
        // Before anything else hears of it. Only a window that is gone could refuse.
        drop(window().add_event_listener_with_callback_and_bool(
            event,
            all.as_ref().unchecked_ref(),
            true,
        ));
    }
    all.forget();
}

/// Calls this once nothing waits any more, in a task of its own.
pub fn when_all_stands(then: impl FnOnce() + 'static) {
    QUEUE.with_borrow_mut(|queue| queue.then.push_back(Box::new(then)));
    schedule();
}

fn take_turn_later(take_over: impl FnOnce() + 'static) {
    QUEUE.with_borrow_mut(|queue| queue.waiting.push_back(Box::new(take_over)));
    schedule();
}

/// Takes over the next one. Answers whether there was one.
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
    // Where nobody looks, turns are a second apart.
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

struct Piece(Children);

struct PieceState(Rc<RefCell<Stage>>);

impl Render for Piece {
    type State = PieceState;

    fn build(self) -> PieceState {
        PieceState(Rc::new(RefCell::new(Stage::Standing((self.0)().build()))))
    }

    /// One that still waits gives way: what it was made from may be gone.
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

impl AddAnyAttr for Piece {
    type Output<SomeNewAttr: leptos::attr::Attribute> = Self;

    fn add_any_attr<NewAttr: leptos::attr::Attribute>(self, _: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        self
    }
}

impl RenderHtml for Piece {
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

    /// Passes over the element, and remembers it.
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
        // Should there be anything else, what it is made of says so in its turn.
        let element: Element = cursor.current().unchecked_into();
        let owner = Owner::current().unwrap_or_default();
        let stage = Stage::Waiting { element, owner, make: self.0 };
        let stage = Rc::new(RefCell::new(stage));
        let waits = Rc::downgrade(&stage);
        take_turn_later(move || {
            // Else it is gone already.
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
    /// What stands there, the element alone while it waits.
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

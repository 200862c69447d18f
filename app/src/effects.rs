//! Effects that hide the types of their functions. Leptos compiles an effect once for each function, which is
//! almost a kilobyte of the page's code; these are compiled once.

use leptos::prelude::*;

/// Runs a function now and whenever a value changes that it has read.
pub(crate) fn effect(mut run: impl FnMut() + 'static) {
    effect_with(move |_| run());
}

/// Like [`effect`]; the function is told whether it has run before.
pub(crate) fn effect_with(run: impl FnMut(Option<()>) + 'static) {
    boxed(Box::new(run));
}

fn boxed(run: Box<dyn FnMut(Option<()>)>) {
    Effect::new(run);
}

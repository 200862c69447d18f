//! List of items that is updated item by item.

use leptos::prelude::*;
use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

/// List that is updated item by item, like Leptos's `For`, which it uses. `For` is compiled once for each type of
/// items, which is several kilobytes of the page's code; this hides the types, so that it is compiled once.
#[component]
pub fn List<Each, Items, Item, KeyOf, Key, Make, View>(
    /// Returns the items.
    each: Each,
    /// Returns the key by which an item is recognised.
    key: KeyOf,
    /// Renders an item.
    children: Make,
) -> impl IntoView
where
    Each: Fn() -> Items + Send + 'static,
    Items: IntoIterator<Item = Item>,
    Item: Send + 'static,
    KeyOf: Fn(&Item) -> Key + Send + 'static,
    Key: Hash,
    Make: Fn(Item) -> View + Send + Sync + 'static,
    View: IntoView + 'static,
{
    let children = Arc::new(children);
    list(Box::new(move || {
        let items = each().into_iter().map(|item| {
            let children = children.clone();
            let mut written = KeyBytes::default();
            key(&item).hash(&mut written);
            let make: Box<dyn FnOnce() -> AnyView + Send> =
                Box::new(move || children(item).into_any());
            ErasedItem { key: written.0, make }
        });
        items.collect()
    }))
}

struct ErasedItem {
    key: Vec<u8>,
    make: Box<dyn FnOnce() -> AnyView + Send>,
}

fn list(each: Box<dyn Fn() -> Vec<ErasedItem> + Send>) -> AnyView {
    view! { <For each key=|item| item.key.clone() children=|item: ErasedItem| (item.make)()/> }
        .into_any()
}

/// Everything that a key passes to a hasher, which identifies the key among others of its type.
#[derive(Default)]
struct KeyBytes(Vec<u8>);

impl Hasher for KeyBytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

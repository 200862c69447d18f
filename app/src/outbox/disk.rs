//! IndexedDB storage of the outbox. An entry is stored as JSON text, and the bytes of its photo in
//! a second object store.
//!
//! Photos are stored as byte arrays, because WebKit loses blobs. A broken connection is reopened
//! once, because WebKit drops it when the camera opens.

use super::{js, work::Stored};
use js_sys::{Array, Object, Reflect, Uint8Array};
use std::cell::RefCell;
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

const DATABASE: &str = "plumbline";
const ENTRIES: &str = "entries";
const FILES: &str = "files";

thread_local! {
    static CONNECTION: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Stores an entry, with the bytes of its photo when they are not stored yet.
///
/// # Errors
/// The browser has no storage, or none left.
pub(super) async fn put(entry: &Stored, bytes: Option<&Uint8Array>) -> Result<(), JsValue> {
    let text = serde_json::to_string(entry).map_err(|_| JsValue::NULL)?;
    let key = JsValue::from(entry.id.to_string());
    write(entry.is_draft(), |transaction| {
        put_in(transaction, ENTRIES, &text.as_str().into(), &key)?;
        match bytes {
            Some(bytes) => put_in(transaction, FILES, bytes, &key),
            None => Ok(()),
        }
    })
    .await
}

/// Deletes an entry with its bytes.
///
/// # Errors
/// The browser has no storage.
pub(super) async fn delete(id: Uuid) -> Result<(), JsValue> {
    let key = [JsValue::from(id.to_string())];
    write(false, |transaction| {
        for store in [ENTRIES, FILES] {
            js::call(&js::call(transaction, "objectStore", &[store.into()])?, "delete", &key)?;
        }
        Ok(())
    })
    .await
}

/// Loads the entries of all persons and tabs, ordered by id. Unreadable entries are skipped but
/// kept, because a newer version may be able to read them.
///
/// # Errors
/// The browser has no storage.
pub(super) async fn all() -> Result<Vec<Stored>, JsValue> {
    let found: Array = read(ENTRIES, "getAll", &[]).await?.unchecked_into();
    let texts = found.iter().filter_map(|text| text.as_string());
    let mut entries: Vec<Stored> =
        texts.filter_map(|text| serde_json::from_str(&text).ok()).collect();
    entries.sort_by_key(|entry| entry.id);
    Ok(entries)
}

/// Loads the bytes of an entry's photo.
///
/// # Errors
/// The browser has no storage, or the bytes are not stored.
pub(super) async fn bytes(id: Uuid) -> Result<Uint8Array, JsValue> {
    read(FILES, "get", &[id.to_string().into()]).await?.dyn_into()
}

fn put_in(
    transaction: &JsValue,
    store: &str,
    value: &JsValue,
    key: &JsValue,
) -> Result<(), JsValue> {
    let store = js::call(transaction, "objectStore", &[store.into()])?;
    js::call(&store, "put", &[value.clone(), key.clone()]).map(drop)
}

async fn write(
    relaxed: bool,
    work: impl Fn(&JsValue) -> Result<(), JsValue>,
) -> Result<(), JsValue> {
    let options = Object::new();
    let durability = if relaxed { "relaxed" } else { "strict" };
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    let stores = [ENTRIES, FILES].into_iter().map(JsValue::from).collect::<Array>();
    let args = [stores.into(), "readwrite".into(), options.into()];
    let mut last = JsValue::NULL;
    for _ in 0..2 {
        let begun = match open().await {
            Ok(database) => js::call(&database, "transaction", &args),
            Err(error) => return Err(error),
        };
        let done = match begun {
            Ok(transaction) => match work(&transaction) {
                Ok(()) => js::settled(&transaction, "oncomplete", "onabort").await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => return Ok(()),
            Err(error) => {
                CONNECTION.take();
                last = error;
            }
        }
    }
    Err(last)
}

async fn read(store: &str, method: &str, args: &[JsValue]) -> Result<JsValue, JsValue> {
    let database = open().await?;
    let transaction = js::call(&database, "transaction", &[store.into(), "readonly".into()])
        .inspect_err(|_| drop(CONNECTION.take()))?;
    let store = js::call(&transaction, "objectStore", &[store.into()])?;
    let request = js::call(&store, method, args)?;
    js::settled(&request, "onsuccess", "onerror").await?;
    js::get(&request, "result")
}

async fn open() -> Result<JsValue, JsValue> {
    if let Some(database) = CONNECTION.with_borrow(Clone::clone) {
        return Ok(database);
    }
    let factory = js::get(&js_sys::global(), "indexedDB")?;
    let request = js::call(&factory, "open", &[DATABASE.into(), 1.into()])?;
    let made = request.clone();
    let make = Closure::once_into_js(move || {
        let Ok(database) = js::get(&made, "result") else { return };
        for store in [ENTRIES, FILES] {
            drop(js::call(&database, "createObjectStore", &[store.into()]));
        }
    });
    Reflect::set(&request, &"onupgradeneeded".into(), &make)?;
    js::settled(&request, "onsuccess", "onerror").await?;
    let database = js::get(&request, "result")?;
    // A newer page may need to upgrade the database, so this page closes its connection and reopens
    // it when needed.
    let old = database.clone();
    let let_go = Closure::<dyn FnMut()>::new(move || {
        drop(js::call(&old, "close", &[]));
        CONNECTION.take();
    });
    Reflect::set(&database, &"onversionchange".into(), &let_go.into_js_value())?;
    CONNECTION.replace(Some(database.clone()));
    Ok(database)
}

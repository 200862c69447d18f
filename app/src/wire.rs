//! Serialisation between the server and the browser: compact, and with little decoding code,
//! because every browser loads that code first. Form submissions stay URL-encoded, so that they
//! work without JavaScript.

use crate::hydration::take_over_all;
use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
    server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post},
};
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// Hash of the sources that decide how values are encoded. It precedes every value, because a page from
/// before an update must not misread newer data. Every answer of the server names it too, and `code.js`
/// loads a page of another edition anew.
pub const EDITION: &str = env!("PLUMBLINE_EDITION");

/// Serialisation format: postcard, which omits field names.
#[derive(Clone, Copy, Debug)]
pub struct Wire;

/// Encoding of a server function's output, and of its input when it is not a form:
/// `#[server(output = Compact)]`.
pub type Compact = Post<Wire>;

/// Resource loaded by a server function.
pub type Fetched<T> = Resource<T, Wire>;

/// Creates a resource that reloads whenever `source` changes. The server's answer is serialised in
/// the page.
pub fn server_resource<S, T, Answer>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> Answer + Send + Sync + 'static,
) -> Fetched<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Answer: Future<Output = T> + Send + 'static,
{
    let fetch = move |source| {
        let answer = fetcher(source);
        // The page's content is about to change, so hydration must be finished first. The queue is
        // empty when the answer came with the page.
        async move {
            take_over_all();
            answer.await
        }
    };
    Resource::new_with_options(source, fetch, false)
}

/// Renders once the resource is ready, under a `Transition`; use it for views built from memos of
/// the answer. During server-side rendering, the answer arrives on another thread, and a memo read
/// earlier may still hold the old value. A page rendered from a mix of both fails to hydrate.
pub fn when_ready<T, Ser>(
    answer: Resource<T, Ser>,
    make: impl FnOnce() -> AnyView + Send + 'static,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    Ser: Send + Sync + 'static,
{
    Suspend::new(async move {
        answer.ready().await;
        make()
    })
}

fn write<T: Serialize>(value: &T) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_extend(&(EDITION, value), Vec::new())
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, postcard::Error> {
    let (edition, rest) = postcard::take_from_bytes::<&str>(bytes)?;
    if edition != EDITION {
        return Err(postcard::Error::DeserializeBadEncoding);
    }
    postcard::from_bytes(rest)
}

impl ContentType for Wire {
    const CONTENT_TYPE: &'static str = "application/x-postcard";
}

impl FormatType for Wire {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl<T: Serialize> Encodes<T> for Wire {
    type Error = postcard::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        write(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Wire {
    type Error = postcard::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        read(&bytes)
    }
}

impl<T: Serialize> Encoder<T> for Wire {
    type Error = postcard::Error;
    type Encoded = Vec<u8>;

    fn encode(value: &T) -> Result<Vec<u8>, Self::Error> {
        write(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Wire {
    type Error = postcard::Error;
    type Encoded = [u8];

    fn decode(bytes: &[u8]) -> Result<T, Self::Error> {
        read(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{EDITION, read, write};
    use domain::{
        change::Data,
        id::{PhotoId, SectionId},
        inspection::{Field, Status, Value, Values},
    };

    #[test]
    fn what_is_recorded_survives() {
        let values = Values::new()
            .with(Field::Name, Value::text("Roof"))
            .with(Field::Status, Value::Status(Status::Review))
            .with(Field::Section, Value::Section(Some(SectionId(4))))
            .with(Field::ScheduledOn, Value::Date(None))
            .with(Field::Bytes, Value::Number(-7));
        let data = Data {
            after: values.clone(),
            photos: [(PhotoId(3), values)].into(),
            ..Data::default()
        };
        assert_eq!(read::<Data>(&write(&data).unwrap()).unwrap(), data);
        assert_eq!(read::<Data>(&write(&Data::default()).unwrap()).unwrap(), Data::default());
    }

    #[test]
    fn what_another_edition_wrote_is_not_read() {
        let other = postcard::to_extend(&("0.0.0-other", 7_i64), Vec::new()).unwrap();
        assert!(read::<i64>(&other).is_err());
        let own = postcard::to_extend(&(EDITION, 7_i64), Vec::new()).unwrap();
        assert_eq!(read::<i64>(&own), Ok(7));
    }
}

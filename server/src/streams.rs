//! Registry of open event streams. Beyond the limit of a person or an address, a new stream replaces the
//! oldest one, because a browser may have disappeared without closing its stream.

use app::error::AppError;
use domain::id::UserId;
use std::{
    collections::{BTreeMap, HashSet},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// Maximum number of streams of one person. The visible pages of a browser share one stream, so this is the
/// number of browsers in use.
const BY_PERSON: usize = 20;

/// Limits to the number of event streams, because each takes a connection while its page is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamLimits {
    /// Maximum in total.
    pub all: usize,
    /// Maximum of one person.
    pub by_person: usize,
    /// Maximum from one address.
    pub by_address: usize,
}

impl Default for StreamLimits {
    /// Returns limits without a maximum except for one person.
    fn default() -> Self {
        Self { all: usize::MAX, by_person: BY_PERSON, by_address: usize::MAX }
    }
}

/// Registry of open streams. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Streams {
    limits: StreamLimits,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    /// Streams by the order in which they were opened.
    streams: BTreeMap<u64, Stream>,
}

#[derive(Debug)]
struct Stream {
    user: UserId,
    address: IpAddr,
    displaced: Arc<Notify>,
}

/// Registration of one stream, removed on drop.
#[derive(Debug)]
pub(super) struct StreamPlace {
    id: u64,
    displaced: Arc<Notify>,
    open: Arc<Mutex<Open>>,
}

impl Streams {
    pub(super) fn new(limits: StreamLimits) -> Self {
        Self { limits, open: Arc::default() }
    }

    /// Registers a stream of a person.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] if the total limit is reached.
    pub(super) fn admit(&self, user: UserId, address: IpAddr) -> Result<StreamPlace, AppError> {
        let address = address.to_canonical();
        let StreamLimits { all, by_person, by_address } = self.limits;
        let mut open = lock(&self.open);
        open.make_room(by_person, |stream| stream.user == user);
        open.make_room(by_address, |stream| stream.address == address);
        if open.streams.len() >= all {
            tracing::warn!("there are as many event streams as may be");
            return Err(AppError::Unavailable);
        }
        let (id, displaced) = (open.next, Arc::<Notify>::default());
        open.next += 1;
        open.streams.insert(id, Stream { user, address, displaced: displaced.clone() });
        Ok(StreamPlace { id, displaced, open: self.open.clone() })
    }

    pub(super) fn total(&self) -> usize {
        lock(&self.open).streams.len()
    }

    /// Returns the people with open streams.
    pub(super) fn users(&self) -> Vec<UserId> {
        let open = lock(&self.open);
        let users: HashSet<UserId> = open.streams.values().map(|stream| stream.user).collect();
        users.into_iter().collect()
    }
}

impl Open {
    /// Closes the oldest of the selected streams until fewer than `most` are open.
    fn make_room(&mut self, most: usize, are: impl Fn(&Stream) -> bool) {
        let these: Vec<u64> =
            self.streams.iter().filter(|(_, stream)| are(stream)).map(|(id, _)| *id).collect();
        for id in these.iter().take((these.len() + 1).saturating_sub(most)) {
            if let Some(stream) = self.streams.remove(id) {
                stream.displaced.notify_one();
            }
        }
    }
}

impl StreamPlace {
    /// Waits until another stream has replaced this one.
    pub(super) async fn displaced(&self) {
        self.displaced.notified().await;
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        lock(&self.open).streams.remove(&self.id);
    }
}

fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

    fn is_displaced(place: &StreamPlace) -> bool {
        place.displaced().now_or_never().is_some()
    }

    #[test]
    fn the_oldest_stream_of_a_person_or_an_address_makes_room() {
        let limits = StreamLimits { all: 9, by_person: 2, by_address: 3 };
        let streams = Streams::new(limits);
        let admit = |user, address| streams.admit(UserId(user), address).expect("a place");
        let first = admit(1, HERE);
        let second = admit(1, THERE);
        let third = admit(2, HERE);
        let fourth = admit(1, HERE);
        assert!(is_displaced(&first), "the person had two");
        assert!(!is_displaced(&second) && !is_displaced(&third) && !is_displaced(&fourth));
        let fifth = admit(3, HERE);
        let sixth = admit(4, HERE);
        assert!(is_displaced(&third), "the address had three");
        assert!(!is_displaced(&second) && !is_displaced(&fourth));
        assert_eq!(streams.total(), 4);
        drop((first, third));
        assert_eq!(streams.total(), 4, "their places were taken before");
        drop((second, fourth, fifth, sixth));
        assert_eq!((streams.total(), streams.users()), (0, Vec::new()));
    }

    #[test]
    fn there_are_no_more_than_may_be_in_all() {
        let streams = Streams::new(StreamLimits { all: 1, ..StreamLimits::default() });
        let _first = streams.admit(UserId(1), HERE).expect("a place");
        assert!(streams.admit(UserId(2), THERE).is_err());
    }
}

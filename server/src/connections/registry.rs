//! Registry of open connections. Beyond the limit, a new connection replaces the one that has been idle the
//! longest, because a browser reconnects when needed.

use super::stall::Activity;
use crate::streams::StreamLimits;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// File descriptors reserved for everything except connections: the database (SQLite opens three files per
/// connection), the object store, the log, and short-lived files of requests.
const RESERVED: usize = 96;

/// Maximum number of connections, independent of the number of file descriptors.
const MAX_CONNECTIONS: usize = 8_192;

/// Minimum idle time before a connection may be replaced, because a request may be on its way.
const IDLE: Duration = Duration::from_millis(250);

/// Limits to the number of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Maximum in total.
    pub(crate) all: usize,
    /// Maximum from one address, except for trusted proxies.
    pub(crate) by_address: usize,
}

impl Limits {
    /// Returns the limits for a number of file descriptors. Each connection may need a second descriptor for
    /// a file, such as a photo being sent.
    pub(crate) fn of(descriptors: usize) -> Self {
        let all = (descriptors.saturating_sub(RESERVED) / 2).clamp(16, MAX_CONNECTIONS);
        Self { all, by_address: (all / 4).max(16) }
    }

    /// Returns the limits of this process, after raising its descriptor limit to the system's maximum.
    pub(crate) fn of_process() -> Self {
        Self::of(descriptors())
    }

    /// Returns the limits for event streams: half of the connections.
    pub(crate) fn streams(&self) -> StreamLimits {
        let (all, by_address) = (self.all / 2, self.by_address / 2);
        StreamLimits { all, by_address, ..StreamLimits::default() }
    }
}

#[cfg(unix)]
fn descriptors() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // Systems start processes with a limit of 1,024, for programs that use `select`.
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    current.and_then(|current| usize::try_from(current).ok()).unwrap_or(usize::MAX)
}

#[cfg(not(unix))]
fn descriptors() -> usize {
    4_096
}

struct Entry {
    address: IpAddr,
    activity: Arc<Activity>,
    taken: Arc<Notify>,
}

/// Registry of open connections.
pub(super) struct Registry {
    limits: Limits,
    proxies: Vec<IpAddr>,
    next: AtomicU64,
    all: Arc<Mutex<HashMap<u64, Entry>>>,
}

impl Registry {
    pub(super) fn new(limits: Limits, proxies: Vec<IpAddr>) -> Self {
        let proxies = proxies.into_iter().map(|proxy| proxy.to_canonical()).collect();
        Self { limits, proxies, next: AtomicU64::new(0), all: Arc::default() }
    }

    /// Registers a connection from that address; `None` if the limit is reached and no connection is idle.
    pub(super) fn admit(&self, address: IpAddr) -> Option<ConnectionSlot> {
        let address = address.to_canonical();
        let mut all = lock(&self.all);
        let from_there = all.values().filter(|entry| entry.address == address).count();
        if from_there >= self.limits.by_address && !self.proxies.contains(&address) {
            make_room(&mut all, |entry| entry.address == address)?;
        } else if all.len() >= self.limits.all {
            make_room(&mut all, |_| true)?;
        }
        let (activity, taken) = (Arc::<Activity>::default(), Arc::<Notify>::default());
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let entry = Entry { address, activity: activity.clone(), taken: taken.clone() };
        all.insert(id, entry);
        Some(ConnectionSlot { id, activity, taken, all: self.all.clone() })
    }
}

/// Closes the connection that has been idle the longest.
fn make_room(all: &mut HashMap<u64, Entry>, may_go: impl Fn(&Entry) -> bool) -> Option<()> {
    let idle = all.iter().filter(|(_, entry)| may_go(entry));
    let idle = idle.filter_map(|(id, entry)| Some((entry.activity.idle_for()?, *id)));
    let (_, longest) = idle.filter(|(time, _)| *time >= IDLE).max()?;
    all.remove(&longest)?.taken.notify_one();
    Some(())
}

fn lock(all: &Mutex<HashMap<u64, Entry>>) -> MutexGuard<'_, HashMap<u64, Entry>> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Registration of one connection, removed on drop.
pub(super) struct ConnectionSlot {
    id: u64,
    activity: Arc<Activity>,
    taken: Arc<Notify>,
    all: Arc<Mutex<HashMap<u64, Entry>>>,
}

impl ConnectionSlot {
    pub(super) fn activity(&self) -> Arc<Activity> {
        self.activity.clone()
    }

    /// Waits until another connection has replaced this one.
    pub(super) async fn taken(&self) {
        self.taken.notified().await;
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        lock(&self.all).remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

    #[test]
    fn descriptors_are_kept_for_the_database() {
        assert_eq!(Limits::of(256), Limits { all: 80, by_address: 20 });
        assert_eq!(Limits::of(10), Limits { all: 16, by_address: 16 });
        assert_eq!(Limits::of(usize::MAX).all, MAX_CONNECTIONS);
    }

    #[test]
    fn one_address_does_not_take_the_places_of_others() {
        let limits = Limits { all: 4, by_address: 2 };
        let registry = Registry::new(limits, vec![THERE]);
        let mine: Vec<_> = (0..2).map(|_| registry.admit(HERE).expect("a place")).collect();
        assert!(registry.admit(HERE).is_none(), "both were opened just now");
        let theirs: Vec<_> = (0..2).map(|_| registry.admit(THERE).expect("a place")).collect();
        drop(mine);
        assert!(registry.admit(THERE).is_some(), "a proxy speaks for many");
        drop(theirs);
    }

    #[test]
    fn the_connection_idle_for_longest_makes_room_and_a_busy_one_does_not() {
        let registry = Registry::new(Limits { all: 2, by_address: 2 }, Vec::new());
        let busy = registry.admit(HERE).expect("a place");
        let request = busy.activity().begin();
        let idle = registry.admit(HERE).expect("a place");
        std::thread::sleep(IDLE);
        let third = registry.admit(HERE).expect("the idle one's place");
        assert_eq!(lock(&registry.all).len(), 2);
        assert!(lock(&registry.all).contains_key(&busy.id));
        assert!(!lock(&registry.all).contains_key(&idle.id));
        drop((request, third));
    }
}

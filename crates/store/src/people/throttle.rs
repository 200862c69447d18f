//! Throttling of failed sign-ins, which makes guessing infeasible without letting strangers lock
//! anyone out. It depends on three counts over the last hour:
//!
//! | failures … | free | then |
//! |---|---|---|
//! | for this account from this address | 5 | wait 5 s after the last, doubling to 5 min |
//! | from this address, whatever the account | 30 | the same |
//! | for this account, wherever from | 20 | each try is held for 2 s, then checked |
//!
//! For an address from which the account has signed in before, only the first count applies, so
//! that failures of others do not affect it. A new address is never refused for failures of others
//! on the account, only delayed. An IPv6 address counts as its /64, because that is the block given
//! to one household.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::{net::IpAddr, time::Duration};

/// Period over which failures count.
pub(super) const WINDOW: TimeDelta = TimeDelta::hours(1);

const FREE_FOR_PAIR: i64 = 5;
const FREE_FOR_ADDRESS: i64 = 30;
const FREE_FOR_ACCOUNT: i64 = 20;
const FIRST_WAIT: i64 = 5;
const MAX_WAIT: i64 = 5 * 60;
const HOLD: Duration = Duration::from_secs(2);

/// Failures of one kind within the window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Failures {
    pub(super) count: i64,
    pub(super) last: Option<DateTime<Utc>>,
}

/// Inputs of the decision on an attempt.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) pair: Failures,
    pub(super) address: Failures,
    pub(super) account: Failures,
    /// Whether the account has signed in from this address before.
    pub(super) known: bool,
}

/// Decision on an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is checked after this delay.
    Check(Duration),
    /// It is refused without a check; another attempt may follow after this time.
    Wait(Duration),
}

pub(super) fn judge(counts: &Counts, now: DateTime<Utc>) -> Verdict {
    let pair = wait(counts.pair, FREE_FOR_PAIR, now);
    let address =
        if counts.known { TimeDelta::zero() } else { wait(counts.address, FREE_FOR_ADDRESS, now) };
    match pair.max(address).to_std() {
        Ok(wait) if !wait.is_zero() => Verdict::Wait(wait),
        _ if !counts.known && counts.account.count >= FREE_FOR_ACCOUNT => Verdict::Check(HOLD),
        _ => Verdict::Check(Duration::ZERO),
    }
}

/// Returns the remaining wait after the last of some failures.
fn wait(failures: Failures, free: i64, now: DateTime<Utc>) -> TimeDelta {
    let (Some(last), 0..) = (failures.last, failures.count - free) else {
        return TimeDelta::zero();
    };
    let doublings = (failures.count - free).min(16);
    let whole = TimeDelta::seconds((FIRST_WAIT << doublings).min(MAX_WAIT));
    (last + whole - now).max(TimeDelta::zero())
}

/// Returns the key of an account among the failures: a hash, because people type passwords into the
/// wrong field. Unknown accounts are counted in the same way.
pub(super) fn account(email: &str) -> String {
    crate::keys::hex(&Sha256::digest(domain::people::normal_email(email).as_bytes())[..16])
}

/// Returns the key of an address: the address itself, or its /64 for IPv6.
pub(super) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn ago(count: i64, seconds: i64) -> Failures {
        Failures { count, last: Some(now() - TimeDelta::seconds(seconds)) }
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_few_mistakes_are_free() {
        let counts = Counts { pair: ago(4, 0), address: ago(29, 0), ..Counts::default() };
        assert_eq!(judge(&counts, now()), Verdict::Check(Duration::ZERO));
    }

    #[test]
    fn waits_double_up_to_five_minutes_and_pass() {
        let waits = [(5, 0, 5), (6, 0, 10), (7, 3, 17), (10, 0, 160), (11, 0, 300), (900, 0, 300)];
        for (count, passed, left) in waits {
            let counts = Counts { pair: ago(count, passed), ..Counts::default() };
            assert_eq!(judge(&counts, now()), Verdict::Wait(seconds(left)), "{count}");
        }
        let counts = Counts { pair: ago(5, 5), ..Counts::default() };
        assert_eq!(judge(&counts, now()), Verdict::Check(Duration::ZERO));
    }

    #[test]
    fn an_address_that_fails_for_many_accounts_waits() {
        let counts = Counts { address: ago(30, 0), ..Counts::default() };
        assert_eq!(judge(&counts, now()), Verdict::Wait(seconds(5)));
        let known = Counts { known: true, ..counts };
        assert_eq!(judge(&known, now()), Verdict::Check(Duration::ZERO));
    }

    #[test]
    fn strangers_can_delay_an_account_by_two_seconds_at_most() {
        let counts = Counts { account: ago(100_000, 0), ..Counts::default() };
        assert_eq!(judge(&counts, now()), Verdict::Check(seconds(2)));
        let known = Counts { known: true, ..counts };
        assert_eq!(judge(&known, now()), Verdict::Check(Duration::ZERO));
    }

    #[test]
    fn addresses_of_one_network_count_as_one() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
    }
}

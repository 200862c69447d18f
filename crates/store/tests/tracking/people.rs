//! Tests of accounts, sessions, and the throttling of sign-ins.

use crate::support::{Case, at, edit, on_both};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    inspection::{Field, Target, Value},
    people::{Actor, Role},
};
use std::{
    net::IpAddr,
    time::{Duration, Instant},
};
use store::{Error, NewSession, NewUser, SignIn, SignInRefused, User};

const PASSWORD: &str = "plumb-the-depths";
const OFFICE: &str = "192.0.2.7";
const ELSEWHERE: &str = "198.51.100.9";

impl Case {
    async fn account(&self, email: &str) -> User {
        self.store.add_user(&new(email), at(0)).await.unwrap()
    }

    async fn tries(
        &self,
        email: &str,
        password: &str,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<NewSession, SignInRefused> {
        let address: IpAddr = address.parse().unwrap();
        self.store.sign_in(SignIn { email, password, address, now }).await.unwrap()
    }

    async fn signs_in(&self, email: &str, now: DateTime<Utc>) -> String {
        self.tries(email, PASSWORD, OFFICE, now).await.unwrap().token
    }

    async fn is_in(&self, token: &str, now: DateTime<Utc>) -> bool {
        self.store.session(token, now).await.unwrap().is_some()
    }
}

fn new(email: &str) -> NewUser {
    NewUser {
        email: email.into(),
        name: "Ada Quill".into(),
        role: Role::Inspector,
        password: PASSWORD.into(),
    }
}

fn refused(tried: Result<NewSession, SignInRefused>) -> SignInRefused {
    tried.expect_err("it should be refused")
}

fn days(days: i64) -> TimeDelta {
    TimeDelta::days(days)
}

on_both!(a_session_lasts_until_it_is_ended, |case| {
    let ada = case.account("Ada@Example.org ").await;
    assert_eq!(ada.email, "ada@example.org");
    let token = case.signs_in(" ADA@example.org", at(0)).await;
    let other = case.signs_in("ada@example.org", at(0)).await;

    let user = case.store.session(&token, at(1)).await.unwrap().unwrap();
    assert_eq!((user.id, user.last_seen_at), (ada.id, Some(at(0))));
    assert!(!case.is_in("not a token", at(1)).await);

    case.store.sign_out(&token).await.unwrap();
    assert!(!case.is_in(&token, at(1)).await);
    assert!(case.is_in(&other, at(1)).await, "other sessions go on");
});

on_both!(a_session_ends_unused_after_two_weeks_and_always_after_sixty_days, |case| {
    case.account("ada@example.org").await;
    let unused = case.signs_in("ada@example.org", at(0)).await;
    let used = case.signs_in("ada@example.org", at(0)).await;

    assert!(case.is_in(&used, at(0) + days(13)).await);
    assert!(!case.is_in(&unused, at(0) + days(14)).await);
    for day in (26..60).step_by(13) {
        assert!(case.is_in(&used, at(0) + days(day)).await, "day {day}");
    }
    assert!(!case.is_in(&used, at(0) + days(60)).await);
});

on_both!(the_secret_is_not_in_the_database, |case| {
    case.account("ada@example.org").await;
    let token = case.signs_in("ada@example.org", at(0)).await;
    let text: String = token.bytes().map(|byte| format!("{byte:02x}")).collect();
    let stored =
        if case.is_sqlite() { "lower(hex(token_hash))" } else { "encode(token_hash, 'hex')" };
    let mut raw = case.raw().await;
    let all = raw.number("select count(*) from sessions").await;
    let plain = format!("select count(*) from sessions where {stored} in ('{text}', '{token}')");
    assert_eq!((all, raw.number(&plain).await), (1, 0));
});

on_both!(disabling_and_a_new_password_end_all_sessions, |case| {
    let ada = case.account("ada@example.org").await;
    let token = case.signs_in("ada@example.org", at(0)).await;
    case.store.set_disabled(ada.id, true, at(1)).await.unwrap();
    assert!(!case.is_in(&token, at(1)).await);

    let right = case.tries("ada@example.org", PASSWORD, OFFICE, at(1)).await;
    assert_eq!(refused(right), SignInRefused::Disabled);
    let wrong = case.tries("ada@example.org", "a wrong guess", OFFICE, at(1)).await;
    assert_eq!(refused(wrong), SignInRefused::Wrong, "strangers learn nothing of the account");

    case.store.set_disabled(ada.id, false, at(2)).await.unwrap();
    assert!(!case.is_in(&token, at(2)).await, "an ended session stays ended");
    let token = case.signs_in("ada@example.org", at(2)).await;
    case.store.set_password(ada.id, "another-long-password").await.unwrap();
    assert!(!case.is_in(&token, at(2)).await);
    let old = case.tries("ada@example.org", PASSWORD, OFFICE, at(2)).await;
    assert_eq!(refused(old), SignInRefused::Wrong);
});

on_both!(a_password_is_changed_by_whoever_knows_it_and_other_sessions_end, |case| {
    case.account("ada@example.org").await;
    let session = case.signs_in("ada@example.org", at(0)).await;
    let elsewhere = case.signs_in("ada@example.org", at(0)).await;
    let address: IpAddr = OFFICE.parse().unwrap();
    let (session, new) = (session.as_str(), "another-long-password");
    let change = async |password, new| {
        let attempt = SignIn { email: "ada@example.org", password, address, now: at(1) };
        case.store.change_password(attempt, new, session).await
    };

    let short = change(PASSWORD, "short").await;
    assert!(matches!(short, Err(Error::Unfit { field: "new", .. })), "{short:?}");
    for _ in 0..5 {
        assert_eq!(change("a wrong guess", new).await.unwrap(), Err(SignInRefused::Wrong));
    }
    // Wrong attempts are throttled like those of sign-ins.
    let slowed = change(PASSWORD, new).await.unwrap();
    assert_eq!(slowed, Err(SignInRefused::Slow { wait: Duration::from_secs(5) }));
    assert!(case.is_in(&elsewhere, at(1)).await);

    let later = SignIn { email: "ada@example.org", password: PASSWORD, address, now: at(6) };
    assert_eq!(case.store.change_password(later, new, session).await.unwrap(), Ok(()));
    assert!(case.is_in(session, at(6)).await && !case.is_in(&elsewhere, at(6)).await);
    let old = case.tries("ada@example.org", PASSWORD, OFFICE, at(6)).await;
    assert_eq!(refused(old), SignInRefused::Wrong);
    assert!(case.tries("ada@example.org", new, OFFICE, at(6)).await.is_ok());
});

on_both!(accounts_are_checked, |case| {
    let ada = case.account("ada@example.org").await;
    let again = case.store.add_user(&new("ADA@example.org"), at(0)).await;
    assert!(matches!(again, Err(Error::Unfit { field: "email", .. })), "{again:?}");
    let short = case.store.set_password(ada.id, "short").await;
    assert!(matches!(short, Err(Error::Unfit { field: "password", .. })), "{short:?}");
    let nameless = case.store.rename(ada.id, " ").await;
    assert!(matches!(nameless, Err(Error::Unfit { field: "name", .. })), "{nameless:?}");

    case.store.rename(ada.id, " Ada  Lark ").await.unwrap();
    case.store.set_role(ada.id, Role::Admin).await.unwrap();
    let ada = case.store.user_by_email("Ada@example.org").await.unwrap().unwrap();
    assert_eq!((ada.name.as_str(), ada.role), ("Ada Lark", Role::Admin));

    let token = case.signs_in("ada@example.org", at(0)).await;
    case.store.delete_user(ada.id).await.unwrap();
    assert!(!case.is_in(&token, at(0)).await);
    assert!(matches!(case.store.delete_user(ada.id).await, Err(Error::NotFound)));
    let next = case.account("ada@example.org").await;
    assert!(next.id > ada.id, "an id is never given twice");
});

on_both!(guessing_from_one_address_is_slowed_there_alone, |case| {
    case.account("ada@example.org").await;
    for _ in 0..5 {
        let tried = case.tries("ada@example.org", "a wrong guess", ELSEWHERE, at(0)).await;
        assert_eq!(refused(tried), SignInRefused::Wrong);
    }
    // During the wait even the correct password is not checked.
    let tried = case.tries("ada@example.org", PASSWORD, ELSEWHERE, at(1)).await;
    assert_eq!(refused(tried), SignInRefused::Slow { wait: Duration::from_secs(4) });
    // A premature attempt does not extend the wait, and other addresses are not throttled.
    assert!(case.tries("ada@example.org", PASSWORD, OFFICE, at(2)).await.is_ok());
    assert!(case.tries("ada@example.org", PASSWORD, ELSEWHERE, at(5)).await.is_ok());
    // A successful sign-in resets the count.
    let tried = case.tries("ada@example.org", "a wrong guess", ELSEWHERE, at(6)).await;
    assert_eq!(refused(tried), SignInRefused::Wrong);
});

on_both!(accounts_that_do_not_exist_are_slowed_alike, |case| {
    for _ in 0..5 {
        let tried = case.tries("nobody@example.org", "a wrong guess", ELSEWHERE, at(0)).await;
        assert_eq!(refused(tried), SignInRefused::Wrong);
    }
    let tried = case.tries("nobody@example.org", "a wrong guess", ELSEWHERE, at(0)).await;
    assert_eq!(refused(tried), SignInRefused::Slow { wait: Duration::from_secs(5) });
});

on_both!(many_guesses_at_once_are_no_way_around, |case| {
    case.account("ada@example.org").await;
    let guess = || case.tries("ada@example.org", "a wrong guess", ELSEWHERE, at(0));
    let (a, b, c, d, e, f, g, h) =
        tokio::join!(guess(), guess(), guess(), guess(), guess(), guess(), guess(), guess());
    let checked = [a, b, c, d, e, f, g, h]
        .into_iter()
        .filter(|tried| matches!(tried, Err(SignInRefused::Wrong)))
        .count();
    assert!(checked <= 5, "{checked} were checked");
});

on_both!(strangers_cannot_lock_anyone_out, |case| {
    case.account("ada@example.org").await;
    case.signs_in("ada@example.org", at(0)).await;
    for host in 1..=21 {
        let address = format!("203.0.113.{host}");
        drop(case.tries("ada@example.org", "a wrong guess", &address, at(1)).await);
    }
    // From a new address she is delayed for two seconds, but never refused.
    let begun = Instant::now();
    assert!(case.tries("ada@example.org", PASSWORD, ELSEWHERE, at(2)).await.is_ok());
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
    // From a known address the failures of others do not count.
    for _ in 0..5 {
        let tried = case.tries("ada@example.org", "a wrong guess", OFFICE, at(3)).await;
        assert_eq!(refused(tried), SignInRefused::Wrong);
    }
});

on_both!(nobody_who_inspects_nothing_becomes_the_inspector, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let rex = case.person("Rex Example", Role::Reviewer).await;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ada, "Riverside House").await;
    let given_to = |actor: &Actor| {
        edit(Target::Inspection, Field::Inspector, Value::Person(Some(actor.person())))
    };
    let refused = case.perform(&ada, id, None, given_to(&rex)).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    case.does(&ada, id, given_to(&ida)).await;
});

//! Tests of a server that is killed while people record.

use crate::{
    serve::{said_until, site},
    support::on_both,
    world::World,
};
use domain::{
    id::InspectionId,
    inspection::{Field, Value, Values},
};
use std::{
    io::{Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Number of people who edit at once, each an inspection of their own.
const WRITERS: usize = 4;

/// Number of acknowledged edits after which the server is killed.
const EDITS: usize = 60;

/// Limit on a wait, so that the test fails instead of waiting for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts a server, and returns it with its address.
fn start(world: &World<'_>, site: &str) -> (Child, String) {
    let mut command = world.plumbline();
    command.args(["serve", "--addr", "127.0.0.1:0", "--site", site]);
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let said = said_until(&mut server, "Plumbline is at http://127.0.0.1:");
    let (_, address) = said.trim_end().rsplit_once("http://").unwrap();
    (server, address.trim_end_matches(['/', '.']).to_owned())
}

/// Sends a form. Returns the answer if it is the redirect that acknowledges it.
fn send(address: &str, path: &str, cookie: &str, form: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = form.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
         Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{form}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.starts_with("HTTP/1.1 303").then_some(answer)
}

/// Signs in and returns the cookies.
fn sign_in(address: &str) -> String {
    let form = "email=ada%40example.org&password=plumb-the-depths&next=%2F";
    let answer = send(address, "/login", "", form).expect("the account is known");
    let cookie = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap().to_owned())
    };
    answer.lines().filter_map(cookie).collect::<Vec<_>>().join("; ")
}

/// Edits an inspection until an edit is not acknowledged, and returns that edit with its number.
fn edit_until_killed(
    (address, cookie): (&str, &str),
    path: &str,
    acknowledged: &AtomicUsize,
) -> (usize, String) {
    for number in 0.. {
        let form = format!(
            "do=edit&target=inspection&summary=Edit+{number}&request={}",
            Uuid::now_v7().hyphenated()
        );
        if send(address, path, cookie, &form).is_none() {
            return (number, form);
        }
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
    unreachable!("the server is killed before")
}

on_both!(a_killed_server_has_recorded_what_it_acknowledged_and_nothing_twice, |case| {
    let world = World::new(case).await;
    let mut ids: Vec<InspectionId> = Vec::new();
    for number in 0..WRITERS {
        let values = Values::new().with(Field::Name, Value::text(format!("House {number}")));
        ids.push(world.create(values).await);
    }
    let site = site(&world.path("site"));
    let (mut server, address) = start(&world, &site);
    let cookie = sign_in(&address);
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let writers = ids.iter().map(|id| {
        let (address, cookie, path) =
            (address.clone(), cookie.clone(), format!("/inspections/{id}"));
        let acknowledged = acknowledged.clone();
        thread::spawn(move || edit_until_killed((&address, &cookie), &path, &acknowledged))
    });
    let writers: Vec<_> = writers.collect();
    let begun = Instant::now();
    while acknowledged.load(Ordering::SeqCst) < EDITS {
        assert!(begun.elapsed() < PATIENCE, "{acknowledged:?} edits were acknowledged");
        thread::yield_now();
    }
    server.kill().unwrap();
    server.wait().unwrap();
    let lost: Vec<_> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();

    let (mut server, address) = start(&world, &site);
    for (id, (_, form)) in ids.iter().zip(&lost) {
        let path = format!("/inspections/{id}");
        send(&address, &path, &cookie, form).expect("a retry is acknowledged");
    }
    server.kill().unwrap();
    server.wait().unwrap();
    for (id, (number, _)) in ids.iter().zip(&lost) {
        let history = world.store.history(*id, None, i64::MAX).await.unwrap();
        let summary = |after: &Values| match after.get(Field::Summary) {
            Some(Value::Text(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        let edits = history.iter().rev().filter_map(|change| summary(&change.record.data.after));
        let expected: Vec<_> = (0..=*number).map(|number| format!("Edit {number}")).collect();
        assert_eq!(edits.collect::<Vec<_>>(), expected);
    }
    world.store.verify(None, Arc::new(|_, _, _| {})).await.unwrap();
});

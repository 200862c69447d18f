//! Tests of the log of `plumbline serve`.

use crate::{support::Case, world::World};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
};

/// A running server whose log is read in the end.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(world: &World, args: &[&str]) -> Self {
        let site = world.path("site");
        std::fs::create_dir(&site).unwrap();
        std::fs::write(site.join("hash.txt"), "js: a\nwasm: b\ncss: c\n").unwrap();
        let mut process = world
            .plumbline()
            .args(["serve", "--addr", "127.0.0.1:0", "--site", site.to_str().unwrap()])
            .args(args)
            .env("RUST_LOG", "info")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            line.unwrap().strip_prefix("Plumbline is at http://").map(str::to_owned)
        });
        Self { process, address: address.unwrap() }
    }

    /// Tries to sign in with a wrong password and returns the request id from the answer's headers.
    fn refuse_sign_in(&self, header: &str) -> String {
        let form = "email=nobody%40example.org&password=a-wrong-password";
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "POST /login HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nConnection: close\r\n{header}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {1}\r\n\r\n{form}",
            self.address,
            form.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let id = answer.lines().find_map(|line| line.strip_prefix("x-request-id: "));
        id.unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    fn log(mut self) -> Vec<Value> {
        self.process.kill().unwrap();
        let output = self.process.wait_with_output().unwrap();
        let log = String::from_utf8(output.stderr).unwrap();
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[tokio::test]
async fn levels_that_cannot_be_read_are_an_error() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    for levels in ["server=loud", "info,server=1=2"] {
        let output = world.plumbline().arg("migrate").env("RUST_LOG", levels).output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && complaint.contains("RUST_LOG"),
            "{levels}: {complaint}"
        );
    }
}

#[tokio::test]
async fn every_line_of_a_request_carries_the_id_that_is_answered() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let server = Server::start(&world, &["--log-format", "json", "--trusted-proxy", "127.0.0.1"]);
    let own = server.refuse_sign_in("");
    let of_proxy = server.refuse_sign_in("X-Request-Id: from-the-proxy\r\n");
    assert_eq!(of_proxy, "from-the-proxy");
    assert_eq!(own.len(), 32, "{own}");

    let log = server.log();
    for id in [own, of_proxy] {
        let lines = log.iter().filter(|line| line["span"]["id"] == id.as_str());
        let messages: Vec<_> = lines.map(|line| line["message"].as_str().unwrap()).collect();
        assert_eq!(messages, ["sign-in refused", "answered"], "{log:#?}");
    }
    let answered = log.iter().find(|line| line["message"] == "answered").unwrap();
    assert_eq!(answered["span"]["method"], "POST");
    assert_eq!(answered["span"]["path"], "/login");
    assert_eq!(answered["level"], "INFO");
}

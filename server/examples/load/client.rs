//! Minimal HTTP/1.1 client for the benchmark, with sequential requests on a persistent connection.

use anyhow::{Context, Result, bail, ensure};
use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

/// Boundary of the parts of a form with files.
const BOUNDARY: &str = "plumbline-benchmark";

/// Connection to the server.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    cookie: String,
}

/// Response of the server.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Value of `Location`.
    pub(crate) location: Option<String>,
    /// First cookie of the response, without its attributes.
    pub(crate) cookie: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Returns the body, which must be text.
    pub(crate) fn text(self) -> Result<String> {
        Ok(String::from_utf8(self.body)?)
    }
}

impl Client {
    /// Connects with a person's session cookie.
    pub(crate) async fn connect(server: SocketAddr, cookie: &str) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), cookie: cookie.to_owned() })
    }

    /// Requests a page with additional headers.
    pub(crate) async fn get(&mut self, path: &str, headers: &str) -> Result<Answer> {
        self.ask(&format!("GET {path} HTTP/1.1\r\n{headers}"), b"").await
    }

    /// Sends a form.
    pub(crate) async fn post(&mut self, path: &str, form: &str) -> Result<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n",
            form.len()
        );
        self.ask(&head, form.as_bytes()).await
    }

    /// Uploads a photo with the form for it.
    pub(crate) async fn upload(
        &mut self,
        path: &str,
        request: &str,
        file: &[u8],
    ) -> Result<Answer> {
        let begin = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"request_id\"\r\n\r\n{request}\r\n\
             --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"photo.jpg\"\r\n\
             Content-Type: image/jpeg\r\n\r\n"
        );
        let body = [begin.as_bytes(), file, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        let head = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n\
             Content-Length: {}\r\n",
            body.len()
        );
        self.ask(&head, &body).await
    }

    /// Opens the event stream, which stays open as long as the client.
    pub(crate) async fn listen(&mut self) -> Result<()> {
        self.send("GET /live HTTP/1.1\r\n", b"").await?;
        let status = self.status().await?;
        ensure!(status == 200, "the stream of events was answered with {status}");
        Ok(())
    }

    /// Waits for the next event and returns its name.
    pub(crate) async fn event(&mut self) -> Result<String> {
        loop {
            if let Some(name) = self.line().await?.strip_prefix("event: ") {
                return Ok(name.to_owned());
            }
        }
    }

    /// Reads and discards events until `is_over` is set.
    pub(crate) async fn drain(&mut self, is_over: &AtomicBool) -> Result<()> {
        let mut bytes = [0; 4_096];
        while !is_over.load(Ordering::Relaxed) {
            match timeout(Duration::from_millis(100), self.stream.read(&mut bytes)).await {
                Ok(Ok(0)) => bail!("the server closed a stream of events"),
                Ok(read) => drop(read?),
                Err(_) => {}
            }
        }
        Ok(())
    }

    async fn ask(&mut self, head: &str, body: &[u8]) -> Result<Answer> {
        self.send(head, body).await?;
        let mut answer =
            Answer { status: self.status().await?, location: None, cookie: None, body: Vec::new() };
        let mut length = 0;
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(": ").context("a header without a value")?;
            match &*name.to_ascii_lowercase() {
                "content-length" => length = value.parse()?,
                "location" => answer.location = Some(value.to_owned()),
                "set-cookie" => {
                    let pair = value.split(';').next().unwrap_or(value).to_owned();
                    answer.cookie.get_or_insert(pair);
                }
                "transfer-encoding" => bail!("an answer whose length is not known"),
                _ => {}
            }
        }
        answer.body.resize(length, 0);
        self.stream.read_exact(&mut answer.body).await?;
        Ok(answer)
    }

    async fn send(&mut self, head: &str, body: &[u8]) -> Result<()> {
        let cookie = &self.cookie;
        let request = format!(
            "{head}Host: 127.0.0.1\r\nAccept: text/html\r\nSec-Fetch-Site: same-origin\r\n\
             Cookie: {cookie}\r\n\r\n"
        );
        Ok(self.stream.write_all(&[request.as_bytes(), body].concat()).await?)
    }

    async fn status(&mut self) -> Result<u16> {
        let line = self.line().await?;
        let status = line.split(' ').nth(1).context("an answer without a status")?;
        Ok(status.parse()?)
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.stream.read_line(&mut line).await? > 0, "the server closed a connection");
        Ok(line.trim_end().to_owned())
    }
}

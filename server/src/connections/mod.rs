//! Connections: how many there may be, and how long one may say nothing. A connection costs a file
//! descriptor, and without descriptors neither the database nor the site's files can be opened.

mod body;
mod registry;
mod stall;

pub(crate) use body::require_progress;
pub(crate) use registry::Limits;

use crate::stopping::Stopping;
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use registry::{ConnectionSlot, Registry};
use stall::Stall;
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tower::{Service, ServiceExt, service_fn};

/// The longest that a connection may take for the head of a request, counted from when it was opened
/// or from the end of the answer before: so it is also how long it may be idle.
const HEAD: Duration = Duration::from_secs(15);

/// How long the listener rests after the system refused a connection, as where no descriptor is left.
const REST: Duration = Duration::from_millis(50);

/// What a connection is told that finds no place.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\n\
    Content-Type: text/plain\r\nContent-Length: 53\r\n\r\n\
    There are too many connections. Please try again soon";

/// Serves connections until the server is told to stop, and then until the requests on them ended.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    proxies: Vec<IpAddr>,
    stopping: Stopping,
) {
    let registry = Registry::new(limits, proxies);
    // It is closed once the last connection is.
    let (open, mut closed) = mpsc::channel::<Infallible>(1);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.wait() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        let Some(place) = registry.admit(peer.ip()) else {
            tokio::spawn(refuse(stream));
            continue;
        };
        // What is written is written whole, so nothing is gained by waiting for more.
        drop(stream.set_nodelay(true));
        let (router, stopping, open) = (router.clone(), stopping.clone(), open.clone());
        tokio::spawn(async move {
            connection(stream, peer, router, place, stopping).await;
            drop(open);
        });
    }
    drop(open);
    closed.recv().await;
}

/// Serves one connection to its end.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    place: ConnectionSlot,
    stopping: Stopping,
) {
    let activity = place.activity();
    let io = TokioIo::new(Stall::new(stream, activity.clone()));
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let (mut router, busy) = (router.clone(), activity.begin());
        async move {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let ready = <Router as ServiceExt<Request>>::ready(&mut router).await?;
            // It is busy until all of the answer is sent.
            Ok::<_, Infallible>(busy.until_sent(ready.call(request).await?))
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(io, TowerToHyperService::new(service));
    tokio::pin!(served);
    tokio::select! {
        ended = served.as_mut() => if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke");
        },
        () = place.taken() => {}
        () = stopping.wait() => {
            served.as_mut().graceful_shutdown();
            drop(served.await);
        }
    }
}

/// Says to a connection that it found no place.
async fn refuse(mut stream: TcpStream) {
    let answer = async {
        stream.write_all(FULL).await?;
        stream.shutdown().await
    };
    drop(tokio::time::timeout(Duration::from_secs(1), answer).await);
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::{io::AsyncReadExt, time::timeout};

    async fn asks(addr: SocketAddr) -> String {
        let mut stream = TcpStream::connect(addr).await.expect("a connection");
        stream.write_all(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").await.ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn connections_that_say_nothing_lock_nobody_out() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let addr = listener.local_addr().expect("an address");
        let router = Router::new().route("/", get(async || "served"));
        let limits = Limits { all: 8, by_address: 8 };
        let (stop, stopping) = Stopping::channel();
        let serving = tokio::spawn(serve(listener, router, limits, Vec::new(), stopping));
        let mut silent = Vec::new();
        for _ in 0..30 {
            silent.push(TcpStream::connect(addr).await.expect("a connection"));
        }
        // At first all of them may be about to ask for something.
        let served = async {
            loop {
                let answer = asks(addr).await;
                if answer.contains("served") {
                    break;
                }
                assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 503"), "{answer}");
            }
        };
        timeout(Duration::from_secs(5), served).await.expect("it is served in time");
        stop.send_replace(true);
        // Idle connections do not keep the server from stopping.
        timeout(Duration::from_secs(5), serving).await.expect("it stops").expect("no panic");
    }
}

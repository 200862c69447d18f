//! Connection handling with limits to their number and idle time. Each connection takes a file descriptor,
//! and without free descriptors neither the database nor the site's files can be opened.

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

/// Maximum time for receiving the head of a request, counted from the opening of the connection or from the
/// end of the previous response. It is therefore also the maximum idle time.
const HEAD: Duration = Duration::from_secs(15);

/// Pause of the listener after a failed accept, for example when no file descriptor is left.
const REST: Duration = Duration::from_millis(50);

/// Response to a connection beyond the limit.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\n\
    Content-Type: text/plain\r\nContent-Length: 53\r\n\r\n\
    There are too many connections. Please try again soon";

/// Serves connections until the server is stopped, then waits for their requests to finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    proxies: Vec<IpAddr>,
    stopping: Stopping,
) {
    let registry = Registry::new(limits, proxies);
    // The channel closes once the last connection is closed.
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
        // Responses are written in one piece, so Nagle's algorithm would only delay them.
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

/// Serves one connection until it closes.
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
            // The connection is busy until the whole response is sent.
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

/// Sends the response for a connection beyond the limit.
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
        // At first any of them might be about to send a request.
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
        // Idle connections must not delay the shutdown.
        timeout(Duration::from_secs(5), serving).await.expect("it stops").expect("no panic");
    }
}

//! Where a request comes from.

use crate::state::AppState;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The address of the browser, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Puts the [`ClientAddress`] into the request: the peer's, or what a trusted proxy says.
pub(crate) async fn note_address(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |info| info.0.ip());
    let address = client(peer, request.headers(), &state.settings.trusted_proxies);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

/// Each proxy appends whom it heard from, so the last that is not itself trusted is the client;
/// what stands before that, anyone may have written.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let trusts = |address: IpAddr| {
        trusted.iter().any(|proxy| proxy.to_canonical() == address.to_canonical())
    };
    if !trusts(peer) {
        return peer;
    }
    let heard: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(','))
        .map_while(|address| address.trim().parse().ok())
        .collect();
    heard.into_iter().rev().find(|address| !trusts(*address)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
        let trusted = ["10.0.0.1".parse().expect("an address")];
        client(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn strangers_cannot_say_where_they_come_from() {
        assert_eq!(seen("192.0.2.7", "198.51.100.1"), "192.0.2.7");
        assert_eq!(seen("10.0.0.1", "198.51.100.1, 192.0.2.7"), "192.0.2.7");
    }

    #[test]
    fn a_chain_of_trusted_proxies_is_followed() {
        assert_eq!(seen("10.0.0.1", "192.0.2.7, 10.0.0.1"), "192.0.2.7");
        assert_eq!(seen("10.0.0.1", "10.0.0.1"), "10.0.0.1");
    }
}

//! Client address of a request.

use crate::{client_address::ClientAddress, state::AppState};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Adds the [`ClientAddress`] to the request: the address of the peer, or the one from a trusted proxy.
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

/// Returns the last address in the proxy headers that is not a trusted proxy. Each proxy appends its peer;
/// earlier addresses could have been forged by the client.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let trusts = |address: IpAddr| is_trusted(address, trusted);
    if !trusts(peer) {
        return peer;
    }
    let mut last = peer;
    let headers = headers.get_all("x-forwarded-for").iter().rev();
    for address in headers.flat_map(|header| header.as_bytes().rsplit(|byte| *byte == b',')) {
        // If a trusted proxy wrote something unreadable, the last readable address is used.
        let Some(address) = read(address) else { break };
        last = address;
        if !trusts(address) {
            break;
        }
    }
    last
}

/// Returns whether an address is one of the trusted proxies.
pub(super) fn is_trusted(address: IpAddr, trusted: &[IpAddr]) -> bool {
    trusted.iter().any(|proxy| proxy.to_canonical() == address.to_canonical())
}

/// Parses an address as proxies write it, with or without a port.
fn read(address: &[u8]) -> Option<IpAddr> {
    let address = str::from_utf8(address).ok()?.trim();
    let alone = address.parse().ok();
    alone.or_else(|| address.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn seen(peer: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        for forwarded in forwarded.split(';') {
            let value = HeaderValue::from_bytes(forwarded.as_bytes()).expect("a header");
            headers.append("x-forwarded-for", value);
        }
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
        assert_eq!(seen("10.0.0.1", "198.51.100.1;192.0.2.7, 10.0.0.1"), "192.0.2.7");
    }

    #[test]
    fn what_a_stranger_wrote_before_does_not_hide_them() {
        for before in ["unknown", "", "192.0.2.256", "\u{e9}"] {
            assert_eq!(seen("10.0.0.1", &format!("{before}, 192.0.2.7")), "192.0.2.7");
        }
        assert_eq!(seen("10.0.0.1", "198.51.100.1, unknown"), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", "198.51.100.1, 192.0.2.7:5000"), "192.0.2.7");
        assert_eq!(seen("10.0.0.1", "[2001:db8::7]:5000"), "2001:db8::7");
    }
}

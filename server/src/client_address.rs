//! The address of the browser that sent a request.

use std::net::IpAddr;

/// Address of the browser, as far as it can be known: the peer's, or the one a trusted proxy names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

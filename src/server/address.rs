//! From which address a request comes.
//!
//! Input: the connection, `X-Forwarded-For`, the proxies that the organisation trusts. Output: an address. Invariant:
//! nobody chooses their own: the header counts only where a trusted proxy sent it, and from its end.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use super::Comptoir;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The proxies that tell where requests come from: addresses and networks, separated by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<(IpAddr, u8)>);

/// A text that is no such list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("des adresses ou des réseaux séparés par des virgules sont attendus, par exemple 127.0.0.1,10.0.0.0/8")]
pub struct TrustedProxiesError;

impl FromStr for TrustedProxies {
    type Err = TrustedProxiesError;

    fn from_str(text: &str) -> Result<TrustedProxies, TrustedProxiesError> {
        let one = |text: &str| {
            let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
            let address: IpAddr = address.parse().map_err(|_| TrustedProxiesError)?;
            let whole = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.map_or(Ok(whole), |bits| bits.parse().map_err(|_| TrustedProxiesError))?;
            if bits > whole { Err(TrustedProxiesError) } else { Ok((address, bits)) }
        };
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Ok(TrustedProxies(parts.map(one).collect::<Result<_, _>>()?))
    }
}

impl TrustedProxies {
    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|(network, bits)| is_in(address, *network, *bits))
    }
}

fn is_in(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            (u32::from(address) ^ u32::from(network)).leading_zeros() >= u32::from(bits)
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            (u128::from(address) ^ u128::from(network)).leading_zeros() >= u32::from(bits)
        }
        _ => false,
    }
}

/// The address a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address(pub(super) IpAddr);

impl FromRequestParts<Arc<Comptoir>> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, comptoir: &Arc<Comptoir>) -> Result<Address, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
        // Served without its connections' addresses, everyone comes from one.
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(Address(behind(peer, &parts.headers, &comptoir.settings.trusted_proxies)))
    }
}

/// The last address of the way here that is not a trusted proxy's.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    if !trusted.has(peer) {
        return peer;
    }
    let values = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let told: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    let mut last = peer;
    for text in told.into_iter().rev() {
        let Some(address) = read(text) else { return last };
        last = address;
        if !trusted.has(address) {
            return address;
        }
    }
    last
}

/// An address, with or without a port.
fn read(text: &str) -> Option<IpAddr> {
    let address = text.parse().ok().or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_header_counts_from_its_end_and_only_from_a_trusted_proxy() {
        fn check(trusted: &str, peer: &str, header: Option<&str>, expect: &str) {
            let value = header.map(|text| (FORWARDED_FOR, HeaderValue::from_str(text).unwrap()));
            let headers = HeaderMap::from_iter(value);
            let found = behind(peer.parse().unwrap(), &headers, &trusted.parse().unwrap());
            assert_eq!(found.to_string(), expect, "{trusted} {peer} {header:?}");
        }
        check("", "10.0.0.1", Some("1.2.3.4"), "10.0.0.1");
        check("127.0.0.1", "10.0.0.1", Some("1.2.3.4"), "10.0.0.1");
        check("10.0.0.0/8", "10.0.0.1", Some("1.2.3.4"), "1.2.3.4");
        check("10.0.0.0/8", "10.0.0.1", Some("9.9.9.9, 1.2.3.4"), "1.2.3.4");
        check("10.0.0.0/8", "10.0.0.1", Some("1.2.3.4, 10.3.3.3"), "1.2.3.4");
        check("10.0.0.0/8", "10.0.0.1", Some("1.2.3.4:5678"), "1.2.3.4");
        check("10.0.0.0/8", "10.0.0.1", Some("n'importe quoi"), "10.0.0.1");
        check("10.0.0.0/8", "10.0.0.1", None, "10.0.0.1");
        check("::1, fd00::/8", "fd00::2", Some("2001:db8::7"), "2001:db8::7");
        check("127.0.0.1", "127.0.0.1", Some("::ffff:1.2.3.4"), "1.2.3.4");
    }

    #[test]
    fn a_list_of_proxies_is_read_or_refused() {
        for text in ["localhost", "10.0.0.0/33", "10.0.0.1/x", "::1/129"] {
            assert_eq!(text.parse::<TrustedProxies>(), Err(TrustedProxiesError), "{text}");
        }
    }
}

//! How the program calls other services: one way to set up HTTPS, for downloads and for compatible engines alike.
//!
//! Input: an address. Output: a client's builder. Invariant: cryptography is `ring`, chosen here and nowhere else;
//! an address on this machine is reached directly, others through the usual `HTTPS_PROXY` where it is set.

mod secret;

use std::net::IpAddr;
use std::time::Duration;

use reqwest::{ClientBuilder, Url};

pub use secret::Secret;

/// How long a service may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// A builder for calls to that address. Building it fails where the system has no certificates of its own.
pub fn builder(address: &Url) -> ClientBuilder {
    if is_here(address) { plain() } else { ready().connect_timeout(CONNECT) }
}

/// A builder for services on this machine: no proxy, no certificates.
pub fn plain() -> ClientBuilder {
    ready().no_proxy().tls_certs_only([]).connect_timeout(CONNECT)
}

/// Whether an address is on this machine.
pub fn is_here(address: &Url) -> bool {
    match address.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

/// Where an address is, as far as it tells: what is sent there stays, or leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On this machine.
    Here,
    /// On a private network: an address kept for those, or a name that only such a network knows.
    Near,
    /// Anywhere.
    Far,
}

/// Where an address is.
pub fn place(address: &Url) -> Place {
    if is_here(address) {
        return Place::Here;
    }
    let host = address.host_str().unwrap_or_default();
    let near = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => {
            // 100.64.0.0/10 is for addresses shared inside a network: what private tunnels use.
            ip.is_private() || ip.is_link_local() || (ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64)
        }
        Ok(IpAddr::V6(ip)) => ip.is_unique_local() || ip.is_unicast_link_local(),
        Err(_) => {
            let host = host.trim_end_matches('.').to_ascii_lowercase();
            let last = host.rsplit('.').next().unwrap_or_default();
            !host.contains('.') || PRIVATE_NAMES.contains(&last) || host.ends_with(".home.arpa")
        }
    };
    if near { Place::Near } else { Place::Far }
}

/// Last parts of names that no public network knows.
const PRIVATE_NAMES: &[&str] = &["corp", "home", "internal", "intranet", "lan", "local", "localdomain", "private"];

/// An error of reqwest with its causes, without the address (which may hold a key).
pub fn causes(error: &reqwest::Error) -> String {
    let mut text = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push(error.to_string());
        cause = error.source();
    }
    if text.is_empty() { "no answer".to_owned() } else { text.join(": ") }
}

fn ready() -> ClientBuilder {
    // An error means that another call was first: there is a provider, which is all that counts.
    let _ = rustls::crypto::ring::default_provider().install_default();
    ClientBuilder::new().user_agent(concat!("comptoir/", env!("CARGO_PKG_VERSION")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_told_from_others() {
        fn check(address: &str, expect: bool) {
            assert_eq!(is_here(&address.parse().unwrap()), expect, "{address}");
        }
        check("http://127.0.0.1:8000/v1", true);
        check("http://localhost:11434", true);
        check("http://[::1]/v1", true);
        check("https://api.example.org/v1", false);
        check("http://10.0.0.5:8000/v1", false);
        check("http://localhost.example.org/", false);
    }

    #[test]
    fn a_private_network_is_told_from_the_rest_of_the_world() {
        fn check(address: &str, expect: Place) {
            assert_eq!(place(&address.parse().unwrap()), expect, "{address}");
        }
        for here in ["http://localhost:11434", "http://127.0.0.2/v1", "http://[::1]:8000"] {
            check(here, Place::Here);
        }
        for near in ["http://10.0.0.5:8000/v1", "http://192.168.1.9", "http://172.31.0.1", "http://100.64.3.2"] {
            check(near, Place::Near);
        }
        for near in ["http://[fd00::1]:80", "http://ollama:11434", "http://gpu.lan", "http://host.docker.internal"] {
            check(near, Place::Near);
        }
        for far in ["https://api.mistral.ai/v1", "http://8.8.8.8", "http://172.32.0.1", "http://[2001:db8::1]"] {
            check(far, Place::Far);
        }
        check("http://localhost.example.org", Place::Far);
        check("http://local.example", Place::Far);
    }

    #[test]
    fn a_client_can_be_built_without_any_other_preparation() {
        assert!(plain().build().is_ok());
    }
}

//! Where people reach the service.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};

use crate::server::{PublicUrl, TrustedProxies};

/// Where people reach the service.
#[derive(Clone, Debug, Args)]
pub struct Listen {
    /// Address and port to listen on; this machine only, unless told otherwise.
    #[arg(long, env = "COMPTOIR_LISTEN", default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,

    /// The address people type when it is another one: behind a proxy, `https://comptoir.example`. With https, cookies
    /// are sent through TLS only.
    #[arg(long, env = "COMPTOIR_PUBLIC_URL")]
    pub public_url: Option<PublicUrl>,

    /// Whether `/metrics` and the page on the model are there: `auto` where only this machine reaches the service
    /// (a loopback address and no public one).
    #[arg(long, env = "COMPTOIR_METRICS", value_enum, default_value = "auto")]
    metrics: Shown,

    /// Whether people without an account may rehearse: `auto` where only this machine reaches the service.
    #[arg(long, env = "COMPTOIR_GUESTS", value_enum, default_value = "auto")]
    guests: Shown,

    /// The proxies whose `X-Forwarded-For` is believed, when wrong passwords are counted by address: addresses and
    /// networks, separated by commas. Without it everyone behind a proxy counts as one.
    #[arg(long, env = "COMPTOIR_TRUSTED_PROXY", default_value = "", hide_default_value = true)]
    pub trusted_proxy: TrustedProxies,
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shown {
    /// Where only this machine reaches the service.
    Auto,
    /// For whoever reaches the service.
    On,
    /// For nobody.
    Off,
}

impl Listen {
    /// Whether `/metrics` and the page on the model are there.
    pub fn shows_figures(&self) -> bool {
        self.is_on(self.metrics)
    }

    /// Whether people without an account may rehearse.
    pub fn takes_guests(&self) -> bool {
        self.is_on(self.guests)
    }

    fn is_on(&self, shown: Shown) -> bool {
        match shown {
            // A proxy on the same machine reaches a loopback address, too: the public one gives it away.
            Shown::Auto => self.listen.ip().is_loopback() && self.public_url.is_none(),
            Shown::On => true,
            Shown::Off => false,
        }
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.replacen("localhost:", "127.0.0.1:", 1);
    text.parse().map_err(|_| "une adresse et un port sont attendus, par exemple 127.0.0.1:8080".to_owned())
}

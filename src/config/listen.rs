//! Where people reach the service.

use std::net::SocketAddr;

use clap::Args;

use crate::server::PublicUrl;

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
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.replacen("localhost:", "127.0.0.1:", 1);
    text.parse().map_err(|_| "une adresse et un port sont attendus, par exemple 127.0.0.1:8080".to_owned())
}

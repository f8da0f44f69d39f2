//! From an open port to a quiet stop.
//!
//! Input: a listener, the service, the moment to stop. Output: the end. Invariant: after a soft stop everything that
//! was under way is stored, and whoever was connected was told to come back.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::server::Comptoir;

/// How long a soft stop may take before it becomes a hard one.
const STOP_WITHIN: Duration = Duration::from_secs(20);

/// Serves until `stop` is ready, then stops softly.
pub async fn run(
    listener: TcpListener,
    comptoir: Arc<Comptoir>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    comptoir.know_what_was_spent().await;
    let (closing, mut closed) = watch::channel(false);
    // What is told piece by piece, an export or a reply, is not held back until the client has confirmed the piece before.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let server = axum::serve(listener, comptoir.router().into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            // An error means that nobody can say stop any more, which says it.
            let _ = closed.wait_for(|closed| *closed).await;
        });
    let server = tokio::spawn(server.into_future());
    let tidying = tokio::spawn({
        let comptoir = Arc::clone(&comptoir);
        async move { comptoir.keep_no_recording_too_long().await }
    });
    let judging = tokio::spawn({
        let comptoir = Arc::clone(&comptoir);
        async move { comptoir.judge_what_is_due().await }
    });
    let following = tokio::spawn({
        let comptoir = Arc::clone(&comptoir);
        async move { comptoir.tell_who_follows_from_elsewhere().await }
    });
    let erasing = tokio::spawn({
        let comptoir = Arc::clone(&comptoir);
        async move { comptoir.erase_what_is_due().await }
    });
    stop.await;
    tracing::info!("stopping");
    let _ = closing.send(true);
    let stopped = tokio::time::timeout(STOP_WITHIN, async {
        comptoir.stop().await;
        tidying.await.map_err(io::Error::other)?;
        judging.await.map_err(io::Error::other)?;
        erasing.await.map_err(io::Error::other)?;
        following.await.map_err(io::Error::other)?;
        let ended = server.await.map_err(io::Error::other)?;
        comptoir.close().await;
        ended
    });
    stopped.await.unwrap_or_else(|_| {
        tracing::warn!("some requests were still under way");
        Ok(())
    })
}

/// Ready at the first Ctrl-C or SIGTERM after this call: call it before telling anyone that the service is open.
///
/// The second one ends the process at once: what was acknowledged is stored anyway.
pub fn asked_to_stop() -> impl Future<Output = ()> + Send + 'static {
    let mut signals = Signals::listen();
    async move {
        signals.next().await;
        tokio::spawn(async move {
            signals.next().await;
            tracing::warn!("stopped at once");
            std::process::exit(130);
        });
    }
}

/// Ctrl-C, and where there is such a thing SIGTERM.
struct Signals {
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    interrupt: Option<tokio::signal::unix::Signal>,
}

impl Signals {
    #[cfg(unix)]
    fn listen() -> Signals {
        use tokio::signal::unix::{SignalKind, signal};
        Signals { terminate: signal(SignalKind::terminate()).ok(), interrupt: signal(SignalKind::interrupt()).ok() }
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        async fn one(signal: &mut Option<tokio::signal::unix::Signal>) {
            match signal {
                Some(signal) => drop(signal.recv().await),
                None => std::future::pending().await,
            }
        }
        tokio::select! {
            () = one(&mut self.terminate) => {}
            () = one(&mut self.interrupt) => {}
        }
    }

    #[cfg(not(unix))]
    fn listen() -> Signals {
        Signals {}
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        drop(tokio::signal::ctrl_c().await);
    }
}

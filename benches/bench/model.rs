//! What the service adds to a model's first words: a conversation whose replies a model words, beside a bare relay to the
//! same model.
//!
//! The model is a double that answers at once, so that what is measured is not its own. A turn is counted to the first
//! words shown: of ours, the first sentence, heard, stored, asked for and held against the guard; of the relay, the first
//! token.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::double::{Does, Double, Seen};
use crate::sockets::{Server, Socket, open, say};
use crate::table;

/// Conversations at once, and turns in each.
const SIZES: &[(usize, u32)] = &[(1, 80), (50, 20), (200, 10)];
/// What goes by between two turns of one conversation, on average.
const THINKS: Duration = Duration::from_secs(1);

/// Measures both at each size, one after the other, and prints the lines.
pub(crate) fn measure() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let double = Double::start(move |seen| script(seen, &counted)).await;
        let mut adds = Vec::new();
        for &(conversations, turns) in SIZES {
            asked.store(0, Ordering::Relaxed);
            let url = double.address().to_owned();
            let settings =
                ["--model-url", &url, "--model-name", "double", "--play-at-once", "256", "--judged-by", "rules"];
            let mut ours = run(&Server::comptoir(&settings), true, conversations, turns).await;
            let by_model = asked.load(Ordering::Relaxed);
            let mut relay = run(&Server::relay(&url), false, conversations, turns).await;
            let name = |server: &str| format!("first words of a model, {conversations} at once: {server}");
            table::times(&name("comptoir"), &mut ours, "relay + 3 ms");
            table::times(&name("bare relay"), &mut relay, "");
            assert!(by_model >= ours.len() / 2, "the model words the replies: {by_model} of {}", ours.len());
            let added = table::at(&ours, 0.5).saturating_sub(table::at(&relay, 0.5));
            adds.push(format!("{:.2} ms at {conversations}", added.as_secs_f64() * 1_000.0));
        }
        table::figure("added to the relay's median", &adds.join(", "), "3 ms");
    });
}

/// Says two short sentences; hears nothing.
fn script(seen: &Seen, asked: &AtomicUsize) -> Does {
    if seen.format().is_some() {
        return Does::words("{\"demande\": []}");
    }
    asked.fetch_add(1, Ordering::Relaxed);
    Does::words("Bon, j'écoute. Et alors ?")
}

async fn run(server: &Server, ours: bool, conversations: usize, turns: u32) -> Vec<Duration> {
    let mut sockets: Vec<Socket> = Vec::with_capacity(conversations);
    for _ in 0..conversations {
        let mut socket = open(server, ours).await;
        say(&mut socket, 0).await;
        sockets.push(socket);
    }
    let tasks = sockets.into_iter().enumerate().map(|(n, mut socket)| {
        tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(n as u64);
            let mut times = Vec::new();
            for turn in 1..=turns {
                let thinks = if conversations == 1 { THINKS / 4 } else { THINKS };
                tokio::time::sleep(thinks.mul_f64(0.5 + random.f64())).await;
                times.extend(say(&mut socket, turn).await);
            }
            times
        })
    });
    let mut all = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        all.extend(task.await.expect("no client fails"));
    }
    all
}

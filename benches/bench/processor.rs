//! How long a process has computed.

use std::time::Duration;

/// The time that the threads of a process have computed so far, where the system tells: on a machine that does other
/// things too, it says more than the clock.
pub(crate) fn computed(pid: u32) -> Option<Duration> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let one = |thread: std::fs::DirEntry| {
        let told = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        told.split_whitespace().next()?.parse::<u64>().ok()
    };
    Some(Duration::from_nanos(threads.flatten().filter_map(one).sum()))
}

//! How much memory a process holds.

/// Kibibytes in memory of a process, where the system tells.
pub(crate) fn resident_kib(pid: u32) -> Option<u64> {
    told(pid, "VmRSS:")
}

/// The most it has held, since it was asked to forget.
pub(crate) fn peak_kib(pid: u32) -> Option<u64> {
    told(pid, "VmHWM:")
}

/// Has the system forget what a process has held at most; where it cannot, the peak is that of its whole life.
pub(crate) fn forget_peak(pid: u32) {
    let _ = std::fs::write(format!("/proc/{pid}/clear_refs"), "5");
}

fn told(pid: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

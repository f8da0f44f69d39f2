//! How often someone may be wrong: passwords by login and by address, codes by address.
//!
//! Input: what is tried, from where, when. Output: go on, or a lock and its end. Invariant: a try is counted before it is
//! judged; while a lock lasts, nothing is judged, not even what is right.

use std::net::IpAddr;
use std::time::Duration;

use super::Comptoir;
use crate::clock::Timestamp;
use crate::store::{StoreError, TokenDigest, Try};

/// The tenth wrong try locks. A training room shares one address, so of passwords an address may get more wrong.
const WRONG_AT_MOST: u32 = 10;
const WRONG_PER_ADDRESS: u32 = 30;

/// How long the first lock lasts; each wrong try after it doubles that, up to an hour.
const FIRST_LOCK: Duration = Duration::from_mins(5);
const LONGEST_LOCK: Duration = Duration::from_hours(1);

/// Counting starts afresh after so long without a try: longer than any lock.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);

/// What may be got wrong.
#[derive(Clone, Debug)]
pub(super) struct Guess {
    about: TokenDigest,
    allowed: u32,
}

impl Guess {
    /// The password of a login, whether it exists or not.
    pub(super) fn login(login: &str) -> Guess {
        Guess { about: TokenDigest::of(&format!("login {}", login.trim().to_lowercase())), allowed: WRONG_AT_MOST }
    }

    /// Any password, from an address.
    pub(super) fn password_from(address: IpAddr) -> Guess {
        Guess { about: TokenDigest::of(&format!("password from {}", network(address))), allowed: WRONG_PER_ADDRESS }
    }

    /// Any code of a group, from an address.
    pub(super) fn code_from(address: IpAddr) -> Guess {
        Guess { about: TokenDigest::of(&format!("code from {}", network(address))), allowed: WRONG_AT_MOST }
    }

    /// Until when the `n`th wrong try locks.
    fn lock(&self, n: u32, now: Timestamp) -> Option<Timestamp> {
        let doublings = n.checked_sub(self.allowed)?;
        Some(now + LONGEST_LOCK.min(FIRST_LOCK * 2_u32.saturating_pow(doublings.min(8))))
    }
}

/// Who has an address of IPv6 has the whole network it is in.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Comptoir {
    /// Counts a try of each; `Some`: one of them is locked until then, and nothing may be judged.
    pub(super) async fn guess(&self, guesses: &[&Guess]) -> Result<Option<Timestamp>, StoreError> {
        let now = self.now();
        let forget = now - FORGOTTEN_AFTER;
        for (at, guess) in guesses.iter().enumerate() {
            match self.store.count_try(&guess.about, now, forget, |n| guess.lock(n, now)).await? {
                Try::Counted(_) => {}
                Try::Locked(until) => {
                    // What is not judged was no try.
                    for before in &guesses[..at] {
                        self.store.take_try_back(&before.about).await?;
                    }
                    return Ok(Some(until));
                }
            }
        }
        Ok(None)
    }

    /// Until when one of them is locked.
    pub(super) async fn locked(&self, guess: &Guess) -> Result<Option<Timestamp>, StoreError> {
        self.store.locked_until(&guess.about, self.now()).await
    }

    /// The guess was right: its wrong tries are forgotten.
    pub(super) async fn guessed(&self, guess: &Guess) -> Result<(), StoreError> {
        self.store.forget_tries(&guess.about).await
    }

    /// The guess was right, which says nothing about the other tries from there.
    pub(super) async fn guessed_one(&self, guess: &Guess) -> Result<(), StoreError> {
        self.store.take_try_back(&guess.about).await
    }

    /// Deletes what was tried so long ago that it counts no more.
    pub(super) async fn purge_tries(&self) -> Result<u64, StoreError> {
        self.store.purge_tries(self.now() - FORGOTTEN_AFTER).await
    }

    /// In how many minutes a lock ends, one at least.
    pub(super) fn minutes_until(&self, until: Timestamp) -> u64 {
        let seconds = until.duration_since(self.now()).as_secs().max(1).unsigned_abs();
        seconds.div_ceil(60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_wrong_try_locks_and_each_after_it_for_longer() {
        let now = Timestamp::from_second(1_772_442_000).unwrap();
        let minutes = |guess: &Guess, n| guess.lock(n, now).map(|until| until.duration_since(now).as_mins());
        let login = Guess::login("claire");
        for (n, expect) in
            [(1, None), (9, None), (10, Some(5)), (11, Some(10)), (13, Some(40)), (14, Some(60)), (99, Some(60))]
        {
            assert_eq!(minutes(&login, n), expect, "{n}");
        }
        let address = Guess::password_from([10, 0, 0, 1].into());
        assert_eq!((minutes(&address, 29), minutes(&address, 30)), (None, Some(5)));
    }

    #[test]
    fn an_address_of_ipv6_stands_for_its_network() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }
}

//! Passwords: which are taken, how they are hashed, how one is verified.
//!
//! Input: what was typed. Output: an argon2id hash, or whether it is the right one. Invariant: hashing runs on blocking
//! threads, so many at once; an unknown login takes as long as a wrong password; nothing typed is logged.

use std::sync::{Arc, OnceLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, Params};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use crate::chain::Chain;
use crate::entropy::Entropy;

/// argon2id (version 1.3) over 19 MiB, twice, in one lane: what OWASP asks for at least.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How many are hashed at once: each takes 19 MiB and one processor for tens of milliseconds.
const AT_ONCE: usize = 2;

/// The shortest and the longest password, in characters. No rule asks for digits or marks: length is what counts.
const SHORTEST: usize = 10;
const LONGEST: usize = 200;

/// What is tried first by whoever guesses, among what is long enough.
const COMMON: [&str; 12] = [
    "1234567890",
    "0123456789",
    "12345678910",
    "1234567891",
    "azertyuiop",
    "qwertyuiop",
    "motdepasse",
    "monmotdepasse",
    "passwordpassword",
    "azertyazerty",
    "administrateur",
    "comptoircomptoir",
];

/// Why a password could not be hashed or verified.
#[derive(Debug, thiserror::Error)]
pub(super) enum PasswordError {
    /// The hash could not be made, or what is stored is none.
    #[error("hash a password")]
    Hash(#[source] argon2::password_hash::Error),
    /// The thread died.
    #[error("run on a thread of its own")]
    Thread(#[from] tokio::task::JoinError),
}

/// What is wrong with a password that someone chooses, in French.
pub(super) fn fault(password: &str, login: &str, name: &str) -> Option<&'static str> {
    if password.len() > 4 * LONGEST || password.chars().count() > LONGEST {
        return Some("Ce mot de passe est trop long : 200 caractères au plus.");
    }
    if password.trim().chars().count() < SHORTEST {
        return Some("Choisissez un mot de passe d’au moins 10 caractères, une courte phrase par exemple.");
    }
    let folded = folded(password);
    let known = [folded_of_login(login), self::folded(login), self::folded(name)];
    // The login with a digit behind it is still the login.
    let without = |known: &String| folded.replace(known.as_str(), "").chars().count();
    if known
        .iter()
        .filter(|known| known.chars().count() > 2)
        .any(|known| without(known) < 4 && folded.contains(known.as_str()))
    {
        return Some("Ce mot de passe reprend votre nom ou votre identifiant : choisissez-en un autre.");
    }
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < 4 || COMMON.contains(&folded.as_str()) {
        return Some("Ce mot de passe est parmi les premiers que l’on essaierait : choisissez-en un autre.");
    }
    None
}

/// Letters and digits in lower case.
fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// What stands before the `@` of an address of mail.
fn folded_of_login(login: &str) -> String {
    folded(login.split('@').next().unwrap_or_default())
}

/// Hashes and verifies, so many at once.
pub(super) struct Passwords {
    permits: Arc<Semaphore>,
    /// The hash that a password is held against where there is no account: it takes as long, and nothing fits it.
    nobody: OnceLock<String>,
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords { permits: Arc::new(Semaphore::new(AT_ONCE)), nobody: OnceLock::new() }
    }
}

impl Passwords {
    /// The hash of a password, as a PHC string.
    pub(super) async fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<String, PasswordError> {
        let (password, salt) = (normal(password), salt(entropy));
        self.on_a_thread(move || hash(&password, &salt)).await?
    }

    /// Whether a password is that of a hash; without a hash it never is, and takes as long to say so.
    pub(super) async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool, PasswordError> {
        let known = stored.is_some();
        let stored = match (stored, self.nobody.get()) {
            (Some(stored), _) => stored,
            (None, Some(nobody)) => nobody.clone(),
            (None, None) => {
                let made = self.on_a_thread(|| hash("nobody", &[7; 16])).await??;
                self.nobody.get_or_init(|| made).clone()
            }
        };
        let password = normal(password);
        let fits = self.on_a_thread(move || fits(&password, &stored)).await?;
        Ok(fits && known)
    }

    async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        // Never closed; without a permit the work would only be done sooner.
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok();
        Ok(tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await?)
    }
}

/// One way of writing for one password: keyboards and systems differ in how they make accents.
fn normal(password: &str) -> String {
    password.chars().take(LONGEST + 1).collect::<String>().nfkc().collect()
}

fn salt(entropy: &dyn Entropy) -> [u8; 16] {
    let mut salt = [0; 16];
    salt.copy_from_slice(&entropy.draw()[..16]);
    salt
}

fn hash(password: &str, salt: &[u8; 16]) -> Result<String, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| PasswordError::Hash(error.into()))?;
    let hash: PasswordHash = Argon2::default()
        .hash_password_customized(password.as_bytes(), salt, None, None, params)
        .map_err(PasswordError::Hash)?;
    Ok(hash.to_string())
}

fn fits(password: &str, stored: &str) -> bool {
    match PasswordHash::new(stored) {
        Ok(hash) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
        Err(error) => {
            tracing::error!(error = %Chain(&error), "a stored password hash cannot be read");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn only_length_and_what_is_guessed_first_count() {
        fn check(password: &str, taken: bool) {
            let fault = fault(password, "claire.martin@exemple.fr", "Claire Martin");
            assert_eq!(fault.is_none(), taken, "{password}: {fault:?}");
        }
        check("le guichet ouvre", true);
        check("aucune majuscule ni chiffre", true);
        check("Claire adore les comptoirs en zinc", true);
        check("court", false);
        check("neuf-neuf", false);
        check("          ", false);
        check("claire.martin", false);
        check("ClaireMartin1", false);
        check("martin claire", true);
        check("claire.martin@exemple.fr", false);
        check("aaaaaaaaaaaa", false);
        check("1234567890", false);
        check("Mot de passe", false);
        check(&"é".repeat(201), false);
    }

    #[tokio::test]
    async fn a_hash_names_its_parameters_and_fits_its_password_only() {
        let passwords = Passwords::default();
        let entropy = SeededEntropy::new(1);
        let stored = passwords.hash("le guichet ouvre à l'été", &entropy).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, passwords.hash("le guichet ouvre à l'été", &entropy).await.unwrap(), "salted");
        assert!(passwords.verify("le guichet ouvre à l'été", Some(stored.clone())).await.unwrap());
        assert!(passwords.verify("le guichet ouvre a\u{300} l'e\u{301}te\u{301}", Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("le guichet ferme", Some(stored)).await.unwrap());
        assert!(!passwords.verify("nobody", None).await.unwrap());
        assert!(!passwords.verify("nobody", Some("rien".to_owned())).await.unwrap());
    }
}

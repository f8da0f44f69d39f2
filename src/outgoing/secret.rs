//! A key of someone's: never shown, never logged.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// A key. Its text leaves through [`Secret::reveal`] only.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The key itself, for the one header it is meant for.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to hide: a variable set to nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Secret, Infallible> {
        Ok(Secret(text.trim().to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_shown_by_its_debug_form() {
        let Ok(secret) = "sk-123".parse::<Secret>();
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.reveal(), "sk-123");
    }
}

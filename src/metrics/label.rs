//! What a label may hold.

use std::borrow::Cow;

use prometheus_client::encoding::{EncodeLabelValue, LabelValueEncoder};

/// The longest code. Ours are words.
const LONGEST: usize = 40;

/// A code of ours: written in the program, or checked to look like one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Code(Cow<'static, str>);

impl Code {
    /// A code that went through the store: lower-case words joined by underscores, otherwise `other`.
    pub(super) fn checked(text: &str) -> Code {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if (1..=LONGEST).contains(&text.len()) && text.chars().all(fits) {
            Code(Cow::Owned(text.to_owned()))
        } else {
            Code(Cow::Borrowed("other"))
        }
    }

    /// A template of a route: whatever stands for an id in an address is in braces here.
    pub(super) fn route(template: &str) -> Code {
        Code(Cow::Owned(template.to_owned()))
    }
}

impl From<&'static str> for Code {
    fn from(code: &'static str) -> Code {
        Code(Cow::Borrowed(code))
    }
}

impl EncodeLabelValue for Code {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> std::fmt::Result {
        self.0.encode(encoder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_code_becomes_a_label() {
        for code in ["late", "told_locked", "http_429"] {
            assert_eq!(Code::checked(code), Code::from(code));
        }
        for text in ["", "Bonjour", "Madame Dupont", "late ", "é", &"a".repeat(41)] {
            assert_eq!(Code::checked(text), Code::from("other"), "{text:?}");
        }
    }
}

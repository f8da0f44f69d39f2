//! A file that someone hands in, and a copy of a situation under another name.

use super::draft::Draft;
use crate::content::{File, Kind};
use crate::fault::{Fault, Path, Source};
use crate::language::Plain;

/// The largest file taken, in bytes: the same as from the folder.
pub const LARGEST: usize = 2 * 1024 * 1024;

/// A file that can be written on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The id it gives itself, if it is one.
    pub id: Option<String>,
    /// The title it gives itself.
    pub title: Option<String>,
    /// Its text.
    pub text: String,
}

/// A file that is no situation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Nothing in it.
    #[error("read an empty file")]
    Empty,
    /// More than [`LARGEST`].
    #[error("read a file that is too large")]
    TooLarge,
    /// Not UTF-8.
    #[error("read a file in another encoding")]
    Encoding {
        /// Whether it looks like UTF-16, as some editors save « Unicode ».
        wide: bool,
    },
    /// The TOML is broken; its faults.
    #[error("read a file that is no TOML")]
    Syntax(Vec<Fault>),
    /// A rubric or a directory.
    #[error("read a file that is a {0:?}")]
    Other(Kind),
}

/// Reads a file handed in.
pub fn import(name: &str, bytes: &[u8]) -> Result<Imported, ImportError> {
    if bytes.len() > LARGEST {
        return Err(ImportError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !wide => text.replace("\r\n", "\n"),
        _ => return Err(ImportError::Encoding { wide }),
    };
    if text.trim().is_empty() {
        return Err(ImportError::Empty);
    }
    Source::parse(name, &text).map_err(ImportError::Syntax)?;
    match kind(&text) {
        Kind::Persona => {}
        other => return Err(ImportError::Other(other)),
    }
    let draft = Draft::read(&text).ok_or_else(|| ImportError::Syntax(Vec::new()))?;
    let first = |name: &str| draft.texts(&Path::root().key(name)).into_iter().next();
    Ok(Imported { id: first("id").filter(|id| is_slug(id)), title: first("title"), text })
}

/// What a text is, whatever its file is called.
fn kind(text: &str) -> Kind {
    File::new("texte.toml", text).kind
}

/// The title that a text gives itself, if its TOML is sound.
pub fn title(text: &str) -> Option<String> {
    Draft::read(text)?.texts(&Path::root().key("title")).into_iter().next()
}

/// A text under another id and title; comments and all the rest are the same. `None` where its TOML is broken.
pub fn copy(text: &str, id: &str, title: &str) -> Option<String> {
    let mut draft = Draft::read(text)?;
    draft.set(&Path::root().key("id"), id);
    if !title.is_empty() {
        draft.set(&Path::root().key("title"), title);
    }
    Some(draft.text().to_owned())
}

/// Whether a text is an id: lower-case letters and digits, hyphens between them, 60 at most.
pub fn is_slug(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.len() <= 60 && text.split('-').all(part)
}

/// An id made of a title: « Le froid au sixième » → `le-froid-au-sixieme`; `taken` tells which are not free.
pub fn slug(title: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = Plain::of(title);
    let ascii = |word: &str| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let words: Vec<String> = plain.words().map(ascii).filter(|word| !word.is_empty()).collect();
    let mut base = words.join("-");
    base.truncate(48);
    let base = base.trim_end_matches('-');
    let base = if base.is_empty() { "situation" } else { base };
    if !taken(base) {
        return base.to_owned();
    }
    // Where a thousand are taken, whoever asks is told so.
    (2..1_000).map(|n| format!("{base}-{n}")).find(|id| !taken(id)).unwrap_or_else(|| base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_situation_is_refused_for_what_it_is() {
        fn check(bytes: &[u8], expect: &str) {
            let found = import("x.toml", bytes).unwrap_err().to_string();
            assert_eq!(found, expect);
        }
        check(b"", "read an empty file");
        check(b"\xef\xbb\xbf  \n", "read an empty file");
        check(&vec![b'#'; LARGEST + 1], "read a file that is too large");
        check(b"title = \"\xe9t\xe9\"", "read a file in another encoding");
        check(b"\xff\xfei\0d\0", "read a file in another encoding");
        check(b"%PDF-1.7 \n", "read a file that is no TOML");
        check(b"[[indicator]]\nid = \"5.1.a\"\n", "read a file that is a Rubric");
        check(b"[bailleur]\nnom = \"x\"\n", "read a file that is a Directory");
    }

    #[test]
    fn a_file_with_faults_of_meaning_can_be_written_on() {
        let found = import("x.toml", b"\xef\xbb\xbfid = \"Pas bon\"\r\ntitle = \"T\"\r\n").unwrap();
        assert_eq!(
            (found.id, found.title.as_deref(), found.text.as_str()),
            (None, Some("T"), "id = \"Pas bon\"\ntitle = \"T\"\n")
        );
        assert_eq!(import("x.toml", b"id = \"bon-2\"\n").unwrap().id.as_deref(), Some("bon-2"));
    }

    #[test]
    fn a_copy_has_its_own_id_and_title_and_nothing_else_of_its_own() {
        let text = "# tête\nid = \"a\" # id\ntitle = \"A\"\nneed = \"n\"\n";
        assert_eq!(copy(text, "b", "B").unwrap(), "# tête\nid = \"b\" # id\ntitle = \"B\"\nneed = \"n\"\n");
        assert_eq!(copy("id = ", "b", "B"), None);
    }

    #[test]
    fn ids_are_made_of_titles_and_stay_free() {
        fn check(title: &str, expect: &str) {
            assert_eq!(slug(title, |id| id == "le-froid" || id == "le-froid-2"), expect);
            assert!(is_slug(expect));
        }
        check("Le froid au sixième", "le-froid-au-sixieme");
        check("Le froid", "le-froid-3");
        check("<script>alert(1)</script>", "script-alert-1-script");
        check("!!!", "situation");
        check("Œuvre à finir, c'est dû", "oeuvre-a-finir-c-est-du");
        for text in ["", "-a", "a--b", "A", "é", "a_b", &"a".repeat(61)] {
            assert!(!is_slug(text), "{text}");
        }
    }
}

//! Finds the one JSON value of an answer.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

/// The text of the JSON value: the whole answer, or what stands between fences or among other words.
pub(super) fn find(answer: &str) -> Option<&str> {
    let answer = answer.trim();
    if serde_json::from_str::<IgnoredAny>(answer).is_ok() {
        return Some(answer);
    }
    let mut from = 0;
    while let Some(at) = answer[from..].find(['{', '[']) {
        let text = &answer[from + at..];
        let mut values = Deserializer::from_str(text).into_iter::<IgnoredAny>();
        match values.next() {
            Some(Ok(_)) => return Some(&text[..values.byte_offset()]),
            // Its end is missing: a value inside it is not the one.
            Some(Err(error)) if error.is_eof() => return None,
            _ => {}
        }
        from += at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_found_alone_fenced_or_among_words() {
        fn check(answer: &str, expect: Option<&str>) {
            assert_eq!(find(answer), expect, "{answer}");
        }
        check(r#" {"a": [1, "}"]} "#, Some(r#"{"a": [1, "}"]}"#));
        check("```json\n{\"a\": 1}\n```", Some("{\"a\": 1}"));
        check("Voici [le résultat] :\n```\n[{\"a\": 1}]\n```\nVoilà.", Some("[{\"a\": 1}]"));
        check("Voici : {\"a\": \"é{\"} et {\"b\": 2}", Some("{\"a\": \"é{\"}"));
        check("12", Some("12"));
        check("\"oui\"", Some("\"oui\""));
        check("oui", None);
        check("{\"a\": 1", None);
        check("{\"a\": [{\"b\": 1}, {", None);
        check("", None);
    }
}

//! Quantities said in words or figures: « trois semaines », « 3 sem », « 312,40 euros ».
//!
//! Output: [`Quantity`]: a value and its unit. Invariant: values are exact in hundredths, so that « 312,40 »
//! and « 312 euros 40 » are equal.

use std::ops::Range;

use super::text::Text;

/// A number and what it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// In hundredths.
    pub hundredths: u64,
    /// Stem of the counted word (« semain », « euro », « heur »); empty for a bare number.
    pub unit: String,
    /// Positions of the words.
    pub words: Range<usize>,
}

/// Every quantity in a text.
pub fn quantities(text: &Text) -> Vec<Quantity> {
    let tokens = text.tokens();
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((hundredths, mut end)) = number(text, at) else {
            at += 1;
            continue;
        };
        let mut hundredths = hundredths;
        let mut unit = String::new();
        if let Some(next) = tokens.get(end).filter(|token| is_unit(&token.stem)) {
            next.stem.trim_end_matches('s').clone_into(&mut unit);
            end += 1;
            // « 312 euros 40 », « 22 heures 30 ».
            if matches!(unit.as_str(), "euro" | "heur") {
                let next = if tokens.get(end).is_some_and(|token| token.form == "et") { end + 1 } else { end };
                if let Some((cents, after)) = number(text, next).filter(|(cents, _)| *cents < 10_000) {
                    hundredths += cents / 100;
                    end = after;
                }
            }
        }
        found.push(Quantity { hundredths, unit, words: at..end });
        at = end;
    }
    found
}

fn is_unit(stem: &str) -> bool {
    const UNITS: &[&str] = &[
        "an", "anne", "appel", "bassin", "degr", "enfant", "etag", "euro", "foi", "heur", "jour", "metr", "minut",
        "moi", "nuit", "person", "personn", "piec", "semain", "soir",
    ];
    UNITS.contains(&stem.trim_end_matches('s'))
}

/// A number at this word: its value in hundredths, and the word after it.
fn number(text: &Text, at: usize) -> Option<(u64, usize)> {
    let tokens = text.tokens();
    let first = tokens.get(at)?;
    if first.form.starts_with(|c: char| c.is_ascii_digit()) {
        let form = first.form.replace(',', ".");
        let (whole, cents) = form.split_once('.').unwrap_or((&form, ""));
        let whole: u64 = whole.parse().ok()?;
        let cents = match cents.len() {
            0 => 0,
            1 => cents.parse::<u64>().ok()? * 10,
            _ => cents.get(..2)?.parse().ok()?,
        };
        return Some((whole.checked_mul(100)? + cents, at + 1));
    }
    let mut total = 0u64;
    let mut group = 0u64;
    let mut end = at;
    let mut heard = false;
    while let Some(token) = tokens.get(end) {
        match token.form.as_str() {
            "et" if heard
                && tokens.get(end + 1).is_some_and(|next| matches!(next.form.as_str(), "un" | "une" | "onze")) => {}
            "cent" | "cents" if heard || end == at => group = group.max(1) * 100,
            "mille" => {
                total += group.max(1) * 1_000;
                group = 0;
            }
            "vingt" | "vingts" if group % 100 == 4 => group += 76,
            form => match small(form) {
                Some(value) if !heard || fits(group, value) => group += value,
                _ => break,
            },
        }
        heard = true;
        end += 1;
    }
    // « un », « une » alone are articles.
    let article = end == at + 1 && matches!(first.form.as_str(), "un" | "une");
    (heard && !article).then_some(((total + group) * 100, end))
}

/// Whether a smaller number may follow: « vingt deux », « soixante dix sept », not « deux trois ».
fn fits(group: u64, value: u64) -> bool {
    group == 0
        || (group >= 100 && group.is_multiple_of(100))
        || (group % 100 >= 20 && group.is_multiple_of(10) && value < 20)
        || (group % 100 == 10 && (7..=9).contains(&value))
        || (group % 100 >= 60 && group % 20 == 10 && (7..=9).contains(&value))
}

fn small(form: &str) -> Option<u64> {
    Some(match form {
        "zero" => 0,
        "un" | "une" => 1,
        "deux" => 2,
        "trois" => 3,
        "quatre" => 4,
        "cinq" => 5,
        "six" => 6,
        "sept" => 7,
        "huit" => 8,
        "neuf" => 9,
        "dix" | "dizaine" => 10,
        "onze" => 11,
        "douze" | "douzaine" => 12,
        "treize" => 13,
        "quatorze" => 14,
        "quinze" | "quinzaine" => 15,
        "seize" => 16,
        "vingt" | "vingtaine" => 20,
        "trente" => 30,
        "quarante" => 40,
        "cinquante" => 50,
        "soixante" => 60,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_figures_agree() {
        for (text, expected) in [
            ("trois semaines", vec![(300, "semain")]),
            ("3 semaines", vec![(300, "semain")]),
            ("312,40 euros", vec![(31240, "euro")]),
            ("312 euros et 40 centimes", vec![(31240, "euro")]),
            ("quatre-vingt-un ans", vec![(8100, "an")]),
            ("mille vingt euros", vec![(102_000, "euro")]),
            ("soixante dix sept", vec![(7700, "")]),
            ("une fuite", vec![]),
            ("vingt-deux heures trente", vec![(2230, "heur")]),
            ("22h30", vec![(2230, "heur")]),
        ] {
            let found: Vec<(u64, String)> =
                quantities(&Text::read(text)).into_iter().map(|q| (q.hundredths, q.unit)).collect();
            let expected: Vec<(u64, String)> = expected.into_iter().map(|(n, u)| (n, u.to_owned())).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}

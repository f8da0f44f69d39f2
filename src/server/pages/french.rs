//! Dates, lengths of time, numbers and levels as a French reader expects them.
//!
//! Input: numbers, instants, words of the crate. Output: text. Invariant: pure; figures and the word they
//! belong to are held together by a no-break space.

use jiff::Zoned;
use jiff::civil::Date;

pub use crate::clock::paris;
use crate::persona::{Channel, Family, Urgency};
use crate::scoring::Level;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// The same words with no-break spaces before « ? ! : ; » and inside quotation marks, and curved apostrophes: what
/// people wrote with a keyboard then never starts a line with a question mark.
pub fn typeset(words: &str) -> String {
    let mut set = words.replace("« ", "«\u{a0}").replace('\'', "’");
    for mark in ['?', '!', ':', ';', '»'] {
        set = set.replace(&format!(" {mark}"), &format!("\u{a0}{mark}"));
    }
    set
}

/// « 22 novembre 2026 », « 1er mai 2026 ».
pub fn date(date: Date) -> String {
    let ordinal = if date.day() == 1 { "er" } else { "" };
    format!("{}{ordinal}\u{a0}{}\u{a0}{}", date.day(), month(date), date.year())
}

/// « 22 nov. »: for charts and narrow columns.
pub fn short_date(date: Date) -> String {
    let name = month(date);
    let short = match name {
        "janvier" | "février" | "juillet" | "septembre" | "octobre" | "novembre" | "décembre" => {
            let letters = if matches!(name, "janvier" | "juillet") { 4 } else { 3 };
            let cut: String = name.chars().take(if name == "septembre" { 4 } else { letters }).collect();
            format!("{cut}.")
        }
        whole => whole.to_owned(),
    };
    format!("{}\u{a0}{short}", date.day())
}

/// « 22 novembre 2026 à 14 h 05 ».
pub fn moment(at: &Zoned) -> String {
    format!("{} à {}\u{a0}h\u{a0}{:02}", date(at.date()), at.hour(), at.minute())
}

/// « 22 nov. à 14 h 05 »: for lists of what is of late.
pub fn short_moment(at: &Zoned) -> String {
    format!("{} à {}\u{a0}h\u{a0}{:02}", short_date(at.date()), at.hour(), at.minute())
}

/// « 22 novembre 2026, entre 14 h et 15 h ».
pub fn hour(at: &Zoned) -> String {
    let next = (at.hour() + 1) % 24;
    format!("{}, entre {}\u{a0}h et {next}\u{a0}h", date(at.date()), at.hour())
}

/// « 45 secondes », « 6 min 20 s », « 1 h 02 min ».
pub fn duration(seconds: u64) -> String {
    match (seconds / 3600, seconds % 3600 / 60, seconds % 60) {
        (0, 0, s) => count(s, "seconde"),
        (0, m, 0) => format!("{m}\u{a0}min"),
        (0, m, s) => format!("{m}\u{a0}min\u{a0}{s:02}\u{a0}s"),
        (h, m, _) => format!("{h}\u{a0}h\u{a0}{m:02}\u{a0}min"),
    }
}

/// « 12 min », « 1 h 20 min », « 35 h »: for sums, to the minute; under one, in seconds.
pub fn minutes(seconds: u64) -> String {
    let minutes = (seconds + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds}\u{a0}s"),
        (0, m) => format!("{m}\u{a0}min"),
        (h, 0) => format!("{h}\u{a0}h"),
        (h, m) => format!("{h}\u{a0}h\u{a0}{m:02}\u{a0}min"),
    }
}

/// « 4,2 »: with so many decimals.
pub fn decimal(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('.', ",").replace('-', "−")
}

/// « +4,2 », « −1,0 », « 0 ».
pub fn signed(value: f64, decimals: usize) -> String {
    let told = decimal(value.abs(), decimals);
    if told.bytes().all(|byte| matches!(byte, b'0' | b',')) {
        told
    } else if value < 0.0 {
        format!("−{told}")
    } else {
        format!("+{told}")
    }
}

/// « 0,8 ms », « 240 ms », « 1,4 s »: from microseconds.
pub fn short_time(us: u64) -> String {
    let tenths = |value: u64, unit: u64| {
        let tenths = (value * 10 + unit / 2) / unit;
        format!("{},{}", tenths / 10, tenths % 10)
    };
    match us {
        0..9_950 => format!("{}\u{a0}ms", tenths(us, 1_000)),
        9_950..999_500 => format!("{}\u{a0}ms", (us + 500) / 1_000),
        _ => format!("{}\u{a0}s", tenths(us, 1_000_000)),
    }
}

/// « 0,78 », « -0,10 »: an agreement, with two decimals.
pub fn kappa(value: f64) -> String {
    let text = format!("{value:.2}").replace('.', ",");
    if text == "-0,00" { "0,00".to_owned() } else { text }
}

/// « 12 345 »: digits in threes, held together.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// « 12,50 € », « 0,0042 € »: from millionths.
pub fn money(micros: u64, currency: &str) -> String {
    let rounded = |unit: u64| micros.saturating_add(unit / 2) / unit;
    if micros >= 1_000_000 {
        let cents = rounded(10_000);
        format!("{},{:02}\u{a0}{currency}", number(cents / 100), cents % 100)
    } else {
        let parts = rounded(100);
        format!("{},{:04}\u{a0}{currency}", parts / 10_000, parts % 10_000)
    }
}

/// « 06:20 », as a telephone shows it.
pub fn timer(seconds: u64) -> String {
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

/// « 0 échange », « 1 échange », « 3 échanges »: nouns whose plural takes an s.
pub fn count(n: u64, noun: &str) -> String {
    let plural = if n < 2 { "" } else { "s" };
    format!("{n}\u{a0}{noun}{plural}")
}

/// « a », « a et b », « a, b et c ».
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} et {}", first.join(", "), last.as_ref())
        }
    }
}

/// « Au comptoir », « Au téléphone ».
pub const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Desk => "Au comptoir",
        Channel::Phone => "Au téléphone",
    }
}

/// `desk` or `phone`, for styles and scripts.
pub const fn channel_code(channel: Channel) -> &'static str {
    match channel {
        Channel::Desk => "desk",
        Channel::Phone => "phone",
    }
}

/// The name of a family of situations.
pub const fn family(family: Family) -> &'static str {
    match family {
        Family::Technique => "Technique",
        Family::Administrative => "Administratif",
        Family::Sociale => "Social",
        Family::Demande => "Demande de logement",
        Family::Voisinage => "Voisinage",
    }
}

/// The name of a difficulty, 1 to 3.
pub const fn difficulty(dots: u8) -> &'static str {
    match dots {
        0 | 1 => "Accessible",
        2 => "Soutenue",
        _ => "Exigeante",
    }
}

/// How soon, as the handoff note says it.
pub const fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Immediate => "Immédiate",
        Urgency::Day => "Dans les 24 heures",
        Urgency::Week => "Dans la semaine",
        Urgency::None => "Sans urgence",
    }
}

/// A mark, in the words of the référentiel.
pub const fn level(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Observed) => "observé",
        Some(Level::Partial) => "partiel",
        Some(Level::Missed) => "non observé",
        None => "sans objet",
    }
}

/// The level of an axis in words, from its score of 0 to 100.
pub const fn axis_level(score: Option<u8>) -> &'static str {
    match score {
        None => "sans objet",
        Some(80..) => "solide",
        Some(60..) => "en bonne voie",
        Some(35..) => "à renforcer",
        Some(_) => "à reprendre",
    }
}

/// Tension in words, 0 to 10.
pub const fn tension(tension: u8) -> &'static str {
    match tension {
        0..=3 => "apaisé",
        4..=5 => "sur la réserve",
        6..=7 => "tendu",
        _ => "au bord de la rupture",
    }
}

fn month(date: Date) -> &'static str {
    let index = usize::try_from(date.month()).unwrap_or(1).clamp(1, 12) - 1;
    MONTHS[index]
}

/// What a scorecard was made by, in words: « règles 0.1.0, puis modèle mistral (prompt 3), puis formateur
/// (publication 2) ».
pub fn engine(engine: &str) -> String {
    let part = |part: &str| match part.split_once(' ') {
        Some(("rules", version)) => format!("règles {version}"),
        Some(("trainer,", publication)) => format!("formateur ({publication})"),
        _ => format!("modèle {part}"),
    };
    engine.split(" + ").map(part).collect::<Vec<_>>().join(", puis ")
}

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::*;

    #[test]
    fn what_made_a_scorecard_is_told_in_french() {
        assert_eq!(engine("rules 0.1.0"), "règles 0.1.0");
        let all = engine("rules 0.1.0 + mistral (prompt 3) + trainer, publication 2");
        assert_eq!(all, "règles 0.1.0, puis modèle mistral (prompt 3), puis formateur (publication 2)");
    }

    #[test]
    fn dates_read_as_in_french() {
        assert_eq!(date(civil::date(2026, 11, 22)), "22\u{a0}novembre\u{a0}2026");
        assert_eq!(date(civil::date(2026, 5, 1)), "1er\u{a0}mai\u{a0}2026");
        for (month, expect) in [(1, "9\u{a0}janv."), (3, "9\u{a0}mars"), (7, "9\u{a0}juil."), (9, "9\u{a0}sept.")] {
            assert_eq!(short_date(civil::date(2026, month, 9)), expect);
        }
    }

    #[test]
    fn paris_keeps_its_summer_time_without_zone_files() {
        let winter: jiff::Timestamp = "2026-11-22T13:05:00Z".parse().unwrap();
        let summer: jiff::Timestamp = "2026-07-14T13:05:00Z".parse().unwrap();
        assert_eq!(moment(&paris(winter)), "22\u{a0}novembre\u{a0}2026 à 14\u{a0}h\u{a0}05");
        assert_eq!(moment(&paris(summer)), "14\u{a0}juillet\u{a0}2026 à 15\u{a0}h\u{a0}05");
    }

    #[test]
    fn double_punctuation_stays_with_its_word() {
        assert_eq!(typeset("« Vous venez d'où ? » : rien"), "«\u{a0}Vous venez d’où\u{a0}?\u{a0}»\u{a0}: rien");
    }

    #[test]
    fn lengths_of_time_name_only_what_counts() {
        for (seconds, expect) in [
            (0, "0\u{a0}seconde"),
            (45, "45\u{a0}secondes"),
            (380, "6\u{a0}min\u{a0}20\u{a0}s"),
            (300, "5\u{a0}min"),
            (3725, "1\u{a0}h\u{a0}02\u{a0}min"),
        ] {
            assert_eq!(duration(seconds), expect);
        }
    }

    #[test]
    fn short_times_and_large_numbers_are_easy_to_compare() {
        for (us, expect) in [
            (0, "0,0 ms"),
            (840, "0,8 ms"),
            (9_949, "9,9 ms"),
            (9_950, "10 ms"),
            (240_300, "240 ms"),
            (999_499, "999 ms"),
            (999_500, "1,0 s"),
            (12_340_000, "12,3 s"),
        ] {
            assert_eq!(short_time(us).replace('\u{a0}', " "), expect);
        }
        for (n, expect) in [(0, "0"), (999, "999"), (1_000, "1 000"), (1_234_567, "1 234 567")] {
            assert_eq!(number(n).replace('\u{202f}', " "), expect);
        }
    }

    #[test]
    fn small_costs_are_not_rounded_to_nothing() {
        for (micros, expect) in [
            (0, "0,0000 €"),
            (4_230, "0,0042 €"),
            (999_980, "1,0000 €"),
            (1_254_999, "1,25 €"),
            (12_345_678_900, "12 345,68 €"),
        ] {
            assert_eq!(money(micros, "€").replace(['\u{a0}', '\u{202f}'], " "), expect);
        }
    }

    #[test]
    fn sums_of_time_and_signed_points_read_as_in_french() {
        for (seconds, expect) in [(0, "0 s"), (29, "29 s"), (31, "1 min"), (3_600, "1 h"), (4_830, "1 h 21 min")] {
            assert_eq!(minutes(seconds).replace('\u{a0}', " "), expect);
        }
        for (value, decimals, expect) in [(4.24, 1, "+4,2"), (-1.0, 1, "−1,0"), (0.04, 1, "0,0"), (-0.2, 0, "0")] {
            assert_eq!(signed(value, decimals), expect);
        }
    }

    #[test]
    fn an_agreement_has_two_decimals_and_no_negative_zero() {
        assert_eq!((kappa(0.784), kappa(-0.001), kappa(1.0)), ("0,78".into(), "0,00".into(), "1,00".into()));
    }

    #[test]
    fn plural_starts_at_two_and_lists_end_with_et() {
        assert_eq!(count(0, "échange"), "0\u{a0}échange");
        assert_eq!(count(1, "échange"), "1\u{a0}échange");
        assert_eq!(count(2, "échange"), "2\u{a0}échanges");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b et c");
    }
}

//! The character's own voice, come back through the microphone.
//!
//! Input: what was recognised while the character spoke, and what it was saying. Output: how much of the one stands
//! in the other. Invariant: only words in a row count, with gaps: common words scattered over a long reply do not.

use super::words;
use crate::language::stem;

/// From this share on, recognised words are the character's.
const ECHO: f32 = 0.7;
/// Fewer words may be anyone's: « bonjour madame » is said by both.
const FEWEST: usize = 3;

/// Whether what was recognised is what the character was saying. To be asked only while its voice was in the room:
/// a trainee who repeats the words later reformulates.
pub fn is_echo(heard: &str, spoken: &str) -> bool {
    words(heard).len() >= FEWEST && echo(heard, spoken) >= ECHO
}

/// Share (0 to 1) of the recognised words that stand, in order and close together, in what the character was saying.
/// Words weigh by their letters, misrecognised ones count where they are alike; numbers, which engines write in
/// figures, count on neither side.
pub fn echo(heard: &str, spoken: &str) -> f32 {
    let (heard, spoken) = (weighed(heard), weighed(spoken));
    let all: usize = heard.iter().map(|word| word.weight).sum();
    if all == 0 {
        return 0.0;
    }
    let span = (heard.len() * 3 / 2 + 2).min(spoken.len());
    let best = spoken.windows(span.max(1)).map(|window| in_order(&heard, window)).max().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "letters of a turn")]
    let share = best as f32 / all as f32;
    share
}

struct Weighed {
    form: String,
    stem: String,
    weight: usize,
}

fn weighed(text: &str) -> Vec<Weighed> {
    let counted = words(text).into_iter().filter(|word| !word.form.contains(|c: char| c.is_ascii_digit()));
    counted.map(|word| Weighed { stem: stem(&word.form), weight: word.form.chars().count(), form: word.form }).collect()
}

/// The heaviest common subsequence.
fn in_order(heard: &[Weighed], spoken: &[Weighed]) -> usize {
    let mut best = vec![0; spoken.len() + 1];
    for word in heard {
        let mut diagonal = 0;
        for (at, other) in spoken.iter().enumerate() {
            let above = best[at + 1];
            let taken = if alike(word, other) { diagonal + word.weight } else { 0 };
            best[at + 1] = taken.max(above).max(best[at]);
            diagonal = above;
        }
    }
    best.last().copied().unwrap_or_default()
}

/// The same word, another form of it, or one that an engine takes it for.
fn alike(one: &Weighed, other: &Weighed) -> bool {
    one.form == other.form || one.stem == other.stem || {
        let long = one.weight.max(other.weight);
        long >= 4 && one.weight.abs_diff(other.weight) <= long / 3 && distance(&one.form, &other.form) <= long / 3
    }
}

/// Letters to change, drop or add.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (from, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = from + 1;
        for (at, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLY: &str = "Écoutez, ça fait trois semaines que j'attends, et à chaque fois on me dit qu'on va me rappeler. Personne \
                         ne rappelle. Et pendant ce temps-là, l'eau, elle coule dans la salle de bains, et le parquet gonfle.";

    #[test]
    fn the_characters_words_are_its_own_however_badly_heard() {
        for heard in [
            REPLY,
            "Ça fait trois semaines que j'attends.",
            "ça fait 3 semaines que j'attends et à chaque fois",
            "Sa fait trois semaine que j'attend et a chaque foi",
            "On me dit qu'on va me rappeler.",
            "Personne ne rappelle et pendant ce temps là",
            "l'eau elle coule dans la salle de main et le parquet",
        ] {
            assert!(is_echo(heard, REPLY), "{} {heard}", echo(heard, REPLY));
        }
    }

    #[test]
    fn the_trainees_words_are_not() {
        for heard in [
            "",
            "Attendez.",
            "Excusez-moi, je vous coupe.",
            "Je comprends, ça fait longtemps que vous attendez.",
            "Quelle est votre adresse ?",
            "On va vous rappeler demain matin, c'est promis.",
            "Et vous me dites que l'eau coule encore ce matin ?",
            "Je vais voir ça avec le service technique et je vous rappelle.",
            "Et à quel étage est-ce que vous habitez, madame ?",
            "Oui.",
            "Écoutez, monsieur.",
        ] {
            assert!(!is_echo(heard, REPLY), "{} {heard}", echo(heard, REPLY));
        }
        assert!(!is_echo("Je vous écoute.", ""), "nothing was spoken");
    }

    #[test]
    fn words_scattered_over_a_reply_are_no_echo() {
        let reply = "Je suis venu lundi. Le gardien n'était pas là. Mon voisin vous a écrit. La fuite a repris hier. Il est tard.";
        assert!(echo("Je vous écris hier tard.", reply) < ECHO);
    }
}

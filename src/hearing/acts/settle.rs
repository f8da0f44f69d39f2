//! What stands together changes what each word does: proposals of the lexicons are settled here.
//!
//! Invariant: acts are only dropped, added from counts, or turned into a neighbour act; words stay what they are.

use std::ops::Range;

use super::{Doing, terms};
use crate::act::Act;
use crate::hearing::question;
use crate::language::Text;

/// Settles the proposals of a turn.
pub(in crate::hearing) fn settle(text: &Text, mut doings: Vec<Doing>) -> Vec<Doing> {
    let has = |doings: &[Doing], act: Act| doings.iter().any(|doing| doing.act == act);
    // A reserve near a promise makes it no promise; so does a negation that the pattern did not see.
    let cautions: Vec<Range<usize>> = places(&doings, Act::Caution);
    doings.retain(|doing| {
        doing.act != Act::Promise
            || !(cautions.iter().any(|caution| near(text, caution, &doing.words)) || negated(text, &doing.words))
    });
    // « Calmez-vous » within a frame that offers help is a frame.
    let frames = places(&doings, Act::Boundary);
    doings.retain(|doing| doing.act != Act::CalmOrder || !frames.iter().any(|frame| near(text, frame, &doing.words)));
    // « Je comprends, mais… » receives nothing.
    doings.retain(|doing| {
        !matches!(doing.act, Act::Acknowledgement | Act::Empathy | Act::AngerNamed) || !taken_back(text, &doing.words)
    });
    // A dated follow-up is not a vague one; a concrete promise to call is not left vague.
    let dated = places(&doings, Act::FollowUp);
    doings.retain(|doing| {
        doing.act != Act::VagueFollowUp || !dated.iter().any(|follow_up| same_sentence(text, follow_up, &doing.words))
    });
    // A full check of understanding is not a formal one.
    if has(&doings, Act::ComprehensionCheck) {
        doings.retain(|doing| doing.act != Act::FormalCheck);
        // « Qu'est-ce que vous retenez ? » asks about the answer, not about the request.
        let checks = places(&doings, Act::ComprehensionCheck);
        doings.retain(|doing| {
            doing.act != Act::OpenQuestion || !checks.iter().any(|check| same_sentence(text, check, &doing.words))
        });
    }
    // « Le courrier est clair. » tells, it does not ask.
    doings.retain(|doing| {
        doing.act != Act::ComprehensionCheck
            || !text.tokens()[doing.words.end - 1].form.starts_with("clair")
            || !closed(text, &doing.words)
    });
    // « D'accord ? » validates a restatement only where something was restated.
    if !has(&doings, Act::Reformulation) {
        let validated = places(&doings, Act::Validation);
        doings.retain(|doing| doing.act != Act::FormalCheck || !validated.contains(&doing.words));
    }
    // Asking someone to do something safe is not sending them away; nor is a partner's public desk.
    let safe = places(&doings, Act::Safety);
    doings.retain(|doing| doing.act != Act::Dismissal || !safe.iter().any(|safety| near(text, safety, &doing.words)));
    // « On ne passe pas par internet », « pas besoin du site ».
    doings.retain(|doing| !matches!(doing.act, Act::Dismissal | Act::Threat) || !negated(text, &doing.words));
    doings.extend(mechanical(text, &doings));
    doings.extend(jargon(text));
    doings.extend(questions(text, &doings));
    doings.sort_by_key(|doing| (doing.words.start, doing.act));
    // One act once per sentence.
    let mut kept: Vec<Doing> = Vec::with_capacity(doings.len());
    for doing in doings {
        if !kept.iter().any(|other| other.act == doing.act && same_sentence(text, &other.words, &doing.words)) {
            kept.push(doing);
        }
    }
    kept
}

fn places(doings: &[Doing], act: Act) -> Vec<Range<usize>> {
    doings.iter().filter(|doing| doing.act == act).map(|doing| doing.words.clone()).collect()
}

fn same_sentence(text: &Text, a: &Range<usize>, b: &Range<usize>) -> bool {
    text.sentence_of(a.start).is_some_and(|sentence| sentence.words.contains(&b.start))
}

/// Within the same sentence, or a dozen words.
fn near(text: &Text, a: &Range<usize>, b: &Range<usize>) -> bool {
    (same_sentence(text, a, b) && a.start.abs_diff(b.start) < 25) || a.start.abs_diff(b.start) < 12
}

/// A negation within four words before.
fn negated(text: &Text, words: &Range<usize>) -> bool {
    let bounds = text.sentence_of(words.start).map_or(0, |sentence| sentence.words.start);
    let from = words.start.saturating_sub(4).max(bounds);
    let tokens = text.tokens();
    // A comma ends what a negation reaches: « vous inquiétez pas, c'est sûr ».
    let from = (from..words.start).rev().find(|at| comma_after(text, *at)).map_or(from, |at| at + 1);
    tokens[from..words.end].iter().any(|token| {
        matches!(token.form.as_str(), "ne" | "n" | "pas" | "jamais" | "rien" | "sans" | "aucun" | "aucune" | "ni")
    })
}

fn comma_after(text: &Text, at: usize) -> bool {
    text.original()[text.tokens()[at].bytes.end..].trim_start().starts_with([',', ';', ':'])
}

/// In a sentence that ends as a statement.
fn closed(text: &Text, words: &Range<usize>) -> bool {
    text.sentence_of(words.start).is_some_and(|sentence| text.original()[sentence.bytes.clone()].ends_with(['.', '!']))
}

/// Followed at once by « mais ».
fn taken_back(text: &Text, words: &Range<usize>) -> bool {
    let tokens = text.tokens();
    let end = text.sentence_of(words.start).map_or(tokens.len(), |sentence| sentence.words.end);
    tokens[words.end.min(end)..(words.end + 3).min(end)]
        .iter()
        .any(|token| matches!(token.form.as_str(), "mais" | "seulement"))
}

/// « D'accord », « ok », « très bien » opening a sentence, with nothing else of listening in the turn.
fn mechanical(text: &Text, doings: &[Doing]) -> Vec<Doing> {
    let listens =
        |doing: &Doing| matches!(doing.act, Act::Acknowledgement | Act::Empathy | Act::AngerNamed | Act::Belief);
    if doings.iter().any(listens) {
        return Vec::new();
    }
    let tokens = text.tokens();
    text.sentences()
        .iter()
        .filter(|sentence| !sentence.asks)
        .filter_map(|sentence| {
            let at = sentence.words.start;
            let forms: Vec<&str> =
                tokens[at..(at + 2).min(sentence.words.end)].iter().map(|t| t.form.as_str()).collect();
            let length = match forms.as_slice() {
                ["d", "accord"] | ["tres" | "ca", "bien" | "marche"] => 2,
                ["ok" | "oui" | "parfait" | "entendu" | "bien" | "note", ..] => 1,
                _ => return None,
            };
            Some(Doing { act: Act::MechanicalAck, words: at..at + length })
        })
        .collect()
}

/// What opens an explanation after a term.
const EXPLAINS: &[[&str; 2]] =
    &[["c", "est"], ["c", "etait"], ["ca", "veut"], ["est", "a"], ["autrement", "dit"], ["en", "clair"]];

/// Trade terms that nothing nearby explains.
fn jargon(text: &Text) -> Vec<Doing> {
    let tokens = text.tokens();
    terms(text)
        .into_iter()
        .filter(|term| {
            let end = text.sentence_of(term.words.start).map_or(tokens.len(), |sentence| sentence.words.end);
            let after = &tokens[term.words.end..(term.words.end + 7).min(tokens.len())];
            let explained = after.windows(2).any(|pair| {
                let pair = [pair[0].form.as_str(), pair[1].form.as_str()];
                EXPLAINS.contains(&pair)
            });
            let byte = tokens[term.words.end - 1].bytes.end;
            let next = text.original()[byte..].trim_start();
            // « la CALEOL (la commission…) », « CCAS = service social ».
            let glossed = next.starts_with(['(', '=', '«', '–', '—', ','])
                && end > term.words.end + 2
                && !next.starts_with(", et")
                && (!next.starts_with(',')
                    || after
                        .first()
                        .is_some_and(|t| matches!(t.form.as_str(), "la" | "le" | "l" | "un" | "une" | "c")));
            let named_as = term.words.start >= 2
                && matches!(
                    tokens[term.words.start - 1].form.as_str(),
                    "appelle" | "appele" | "appellent" | "dit" | "nomme"
                )
                || term.words.start >= 3
                    && matches!(tokens[term.words.start - 2].form.as_str(), "appelle" | "appellent" | "appele");
            !(explained || glossed || named_as)
        })
        .map(|term| Doing { act: Act::Jargon, words: term.words })
        .collect()
}

/// Closed questions are the questions that are neither open nor checks; three and more in a turn are a burst.
fn questions(text: &Text, doings: &[Doing]) -> Vec<Doing> {
    let other = |act: Act| {
        matches!(
            act,
            Act::OpenQuestion
                | Act::Validation
                | Act::ComprehensionCheck
                | Act::FormalCheck
                | Act::AnythingElse
                | Act::Familiarity
        )
    };
    let mut added: Vec<Doing> = Vec::new();
    let asked = question::asked_at(text);
    for words in &asked {
        let explained = doings
            .iter()
            .any(|doing| other(doing.act) && doing.words.start < words.end + 2 && words.start < doing.words.end + 2);
        if !explained {
            added.push(Doing { act: Act::ClosedQuestion, words: words.clone() });
        }
    }
    if asked.len() >= 4 {
        added.push(Doing { act: Act::QuestionBurst, words: asked[0].start..asked[asked.len() - 1].end });
    }
    added
}

//! Sentences recognised by their likeness to written examples.
//!
//! Input: for each label, example sentences (and words that point to it). Output: for a stretch of a [`Text`],
//! how like each label it is, 0 to 1. Likeness is the cosine of rarity-weighted stems, concepts and pairs of
//! neighbouring stems with the nearest example, blended with how typical the words are of the label as a whole.
//! Invariant: pure; labels keep the order in which they were added; typing slips in known words are forgiven.

use std::collections::HashMap;
use std::ops::Range;

use super::concept;
use super::text::{Text, Token};

/// How like a label some words are.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// Position of the label, in the order of addition.
    pub label: usize,
    /// 0 (nothing shared) to about 1 (an example word for word).
    pub score: f32,
    /// How many content words the nearest example shares.
    pub shared: u8,
}

/// Examples under construction.
#[derive(Debug, Default)]
pub struct GistsBuilder {
    labels: Vec<Vec<Vec<Feature>>>,
    pointers: Vec<Vec<Vec<String>>>,
}

type Feature = String;

impl GistsBuilder {
    /// Adds a label with its examples; `pointers` are words or short phrases that point to it by themselves.
    pub fn add<'a>(
        &mut self,
        examples: impl IntoIterator<Item = &'a str>,
        pointers: impl IntoIterator<Item = &'a str>,
    ) -> usize {
        let examples = examples.into_iter().map(|example| {
            let text = Text::read(example);
            features(text.tokens())
        });
        self.labels.push(examples.filter(|features| !features.is_empty()).collect());
        self.pointers.push(
            pointers
                .into_iter()
                .map(|words| Text::read(words).tokens().iter().map(|token| token.stem.clone()).collect())
                .filter(|words: &Vec<String>| !words.is_empty())
                .collect(),
        );
        self.labels.len() - 1
    }

    /// Ready to compare.
    pub fn build(self) -> Gists {
        let mut ids: HashMap<Feature, u32> = HashMap::new();
        let mut labels_with: Vec<Vec<usize>> = Vec::new();
        for (label, examples) in self.labels.iter().enumerate() {
            for feature in examples.iter().flatten() {
                let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
                let id = *ids.entry(feature.clone()).or_insert(next);
                if id == next {
                    labels_with.push(Vec::new());
                }
                let with = &mut labels_with[id as usize];
                if with.last() != Some(&label) {
                    with.push(label);
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of labels are small")]
        let rarity: Vec<f32> = {
            let labels = self.labels.len().max(2) as f32;
            labels_with.iter().map(|with| (1.0 + labels / with.len() as f32).ln()).collect()
        };
        // In the order of their ids: nothing may hang on the order of a map.
        let mut named: Vec<(&Feature, u32)> = ids.iter().map(|(feature, id)| (feature, *id)).collect();
        named.sort_unstable_by_key(|(_, id)| *id);
        let mut gists = Gists {
            labels: self.labels.len(),
            kind: named.iter().map(|(feature, _)| kind_weight(feature)).collect(),
            words: named.iter().map(|(feature, _)| is_stem(feature)).collect(),
            slips: Slips::new(named.iter().map(|(feature, _)| *feature).filter(|feature| is_stem(feature))),
            ids,
            rarity,
            postings: Vec::new(),
            examples: Vec::new(),
            typical: Vec::new(),
            pointers: HashMap::new(),
        };
        gists.postings = vec![Vec::new(); gists.rarity.len()];
        gists.typical = vec![Vec::new(); gists.rarity.len()];
        for (label, examples) in self.labels.iter().enumerate() {
            let mut counts: HashMap<u32, f32> = HashMap::new();
            for features in examples {
                let weighted = gists.weigh(features.iter());
                let norm = weighted.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(0.01);
                let example = u32::try_from(gists.examples.len()).unwrap_or(u32::MAX);
                gists.examples.push(label);
                for (id, weight) in weighted {
                    gists.postings[id as usize].push((example, weight / norm));
                    *counts.entry(id).or_default() += 1.0;
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "counts of examples are small")]
            let total = examples.len().max(1) as f32;
            for (id, count) in counts {
                // How typical: the share of the label's examples that hold it, raised for rare features.
                gists.typical[id as usize].push((label, (count / total).sqrt()));
            }
            for words in &self.pointers[label] {
                // A pointer that other labels' examples use as well points less.
                let others = words
                    .iter()
                    .filter_map(|stem| gists.ids.get(stem))
                    .map(|id| labels_with[*id as usize].iter().filter(|with| **with != label).count())
                    .min()
                    .unwrap_or(0);
                #[expect(clippy::cast_precision_loss, reason = "counts of labels are small")]
                let weight = POINTER / (1.0 + others as f32);
                gists.pointers.entry(words[0].clone()).or_default().push((label, words.clone(), weight));
            }
        }
        for with in &mut gists.typical {
            let total: f32 = with.iter().map(|(_, share)| share * share).sum::<f32>().max(1e-6);
            // Share of this label among all labels that use the feature.
            for (_, share) in with.iter_mut() {
                *share = (*share * *share / total) * share.sqrt();
            }
        }
        gists
    }
}

/// Examples, made ready.
#[derive(Debug)]
pub struct Gists {
    labels: usize,
    ids: HashMap<Feature, u32>,
    kind: Vec<f32>,
    /// The features that are words, rather than concepts, pairs or question words.
    words: Vec<bool>,
    rarity: Vec<f32>,
    postings: Vec<Vec<(u32, f32)>>,
    examples: Vec<usize>,
    typical: Vec<Vec<(usize, f32)>>,
    pointers: HashMap<String, Vec<(usize, Vec<String>, f32)>>,
    slips: Slips,
}

impl Gists {
    /// Likeness of some words of a text to every label that shares anything, best first.
    pub fn compare(&self, text: &Text, words: &Range<usize>) -> Vec<Likeness> {
        let tokens = &text.tokens()[words.clone()];
        let mended: Vec<Token> = tokens.iter().map(|token| self.mend(token)).collect();
        let features = features(&mended);
        let weighted = self.weigh(features.iter());
        // Words that no example knows count against likeness, but not fully: people say more than they must.
        let unknown = features.iter().filter(|feature| is_stem(feature) && !self.ids.contains_key(*feature)).count();
        #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
        let norm = (weighted.iter().map(|(_, weight)| weight * weight).sum::<f32>() + 0.6 * unknown as f32).sqrt();
        if norm == 0.0 {
            return Vec::new();
        }
        let mut nearest = vec![(0.0f32, 0u8); self.examples.len()];
        let mut typical = vec![0.0f32; self.labels];
        for (id, weight) in &weighted {
            for (example, share) in &self.postings[*id as usize] {
                let (dot, shared) = &mut nearest[*example as usize];
                *dot += weight * share;
                *shared += u8::from(self.words[*id as usize]);
            }
            for (label, share) in &self.typical[*id as usize] {
                typical[*label] += weight * share;
            }
        }
        let mut best = vec![(0.0f32, 0u8); self.labels];
        for (label, (dot, shared)) in self.examples.iter().copied().zip(nearest) {
            if (dot / norm, shared) > best[label] {
                best[label] = (dot / norm, shared);
            }
        }
        let mut pointed = vec![0.0f32; self.labels];
        for at in 0..mended.len() {
            for (label, phrase, weight) in self.pointers.get(&mended[at].stem).into_iter().flatten() {
                let holds = phrase.iter().zip(&mended[at..]).filter(|(stem, token)| **stem == token.stem).count()
                    == phrase.len();
                if holds {
                    pointed[*label] = (pointed[*label] + weight).min(1.4 * POINTER);
                }
            }
        }
        let mut likenesses: Vec<Likeness> = (0..self.labels)
            .map(|label| Likeness {
                label,
                shared: best[label].1,
                score: 0.62 * best[label].0 + 0.38 * (typical[label] / norm).min(1.0) + pointed[label],
            })
            .filter(|likeness| likeness.score > 0.05)
            .collect();
        likenesses.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.label.cmp(&b.label)));
        likenesses
    }

    fn weigh<'a>(&self, features: impl Iterator<Item = &'a Feature>) -> Vec<(u32, f32)> {
        // Features come sorted and once each, so that sums are always taken in one order.
        features
            .filter_map(|feature| self.ids.get(feature))
            .map(|id| (*id, self.rarity[*id as usize] * self.kind[*id as usize]))
            .collect()
    }

    /// The word, or the known word it is one slip away from.
    fn mend(&self, token: &Token) -> Token {
        if token.stem.len() < 5 || self.ids.contains_key(&token.stem) {
            return token.clone();
        }
        match self.slips.nearest(&token.stem) {
            Some(stem) => Token { stem: stem.to_owned(), ..token.clone() },
            None => token.clone(),
        }
    }
}

/// How much one pointer that no other label shares adds to likeness.
const POINTER: f32 = 0.3;

/// Words too common to tell anything.
const STOP: &[&str] = &[
    "a", "ah", "ai", "alors", "aller", "apres", "au", "aussi", "aux", "avec", "avoir", "bien", "bon", "bonjour", "c",
    "ca", "car", "ce", "cel", "cela", "cet", "ceux", "ci", "comme", "comment", "d", "dans", "de", "des", "dev", "donc",
    "dont", "du", "elle", "en", "est", "et", "etre", "fair", "il", "ils", "j", "je", "jolie", "juste", "l", "la", "le",
    "les", "leur", "lui", "m", "ma", "madam", "mai", "mais", "me", "mem", "merc", "mer", "mes", "moi", "mon", "monsi",
    "n", "ne", "nos", "notr", "nous", "oh", "ok", "on", "or", "ou", "oui", "par", "pas", "plu", "plus", "pour", "pouv",
    "puis", "qu", "que", "qui", "s", "sa", "san", "sans", "se", "ser", "ses", "si", "son", "sur", "t", "te", "tes",
    "tre", "tres", "tu", "un", "une", "va", "vou", "vous", "voul", "vo", "vos", "votr", "votre", "y", "notre", "cett",
    "cette", "tout", "tous", "tou", "deja", "peut", "voir", "dir", "sav", "encor", "la-bas", "accord", "plait",
];

/// The words that carry meaning: neither too common nor single letters.
pub fn content(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    tokens.iter().filter(|token| token.form.len() > 1 && !STOP.contains(&token.stem.as_str()))
}

/// Question words keep their meaning whatever stands around them.
fn question(form: &str, next: Option<&str>) -> Option<&'static str> {
    Some(match (form, next) {
        ("ou", _) => "?ou",
        ("quand", _) => "?quand",
        ("depuis", _) => "?depuis",
        ("combien", _) => "?combien",
        ("comment", _) => "?comment",
        ("pourquoi", _) => "?pourquoi",
        ("qui", _) => "?qui",
        ("quoi", _) => "?quoi",
        ("pas" | "ne" | "n" | "jamais" | "rien" | "aucun" | "aucune" | "ni" | "sans", _) => "?neg",
        ("quel" | "quelle" | "quels" | "quelles" | "lequel" | "laquelle", _) => "?quel",
        _ => return None,
    })
}

fn is_stem(feature: &str) -> bool {
    !feature.starts_with(['?', '+', '~'])
}

fn kind_weight(feature: &str) -> f32 {
    match feature.as_bytes().first() {
        Some(b'+') => 0.8,
        Some(b'~') => 0.5,
        _ => 1.0,
    }
}

/// What a stretch of words is compared by.
fn features(tokens: &[Token]) -> Vec<Feature> {
    let mut features = Vec::with_capacity(tokens.len() * 2);
    let mut previous: Option<&str> = None;
    for (at, token) in tokens.iter().enumerate() {
        if let Some(word) = question(&token.form, tokens.get(at + 1).map(|next| next.form.as_str())) {
            features.push(word.to_owned());
        }
        if STOP.contains(&token.stem.as_str()) || token.form.len() == 1 {
            continue;
        }
        features.push(token.stem.clone());
        if let Some(concept) = concept::of(&token.stem) {
            features.push(concept.to_owned());
        }
        if let Some(previous) = previous {
            features.push(format!("~{previous} {}", token.stem));
        }
        previous = Some(&token.stem);
    }
    features.sort_unstable();
    features.dedup();
    features
}

/// Known stems, found again from one slip away (a letter missing, added, changed or two swapped).
#[derive(Debug)]
struct Slips {
    /// Stem with one letter deleted → stems.
    deleted: HashMap<String, Vec<String>>,
}

impl Slips {
    fn new<'a>(stems: impl Iterator<Item = &'a String>) -> Slips {
        let mut deleted: HashMap<String, Vec<String>> = HashMap::new();
        for stem in stems.filter(|stem| stem.len() >= 5 && stem.is_ascii()) {
            for at in 1..stem.len() {
                let mut shorter = stem.clone();
                shorter.remove(at);
                deleted.entry(shorter).or_default().push(stem.clone());
            }
            deleted.entry(stem.clone()).or_default().push(stem.clone());
        }
        Slips { deleted }
    }

    fn nearest(&self, stem: &str) -> Option<&str> {
        if !stem.is_ascii() {
            return None;
        }
        if let Some(known) = self.deleted.get(stem).and_then(|known| known.first()) {
            return Some(known);
        }
        (1..stem.len()).find_map(|at| {
            let mut shorter = stem.to_owned();
            shorter.remove(at);
            self.deleted.get(&shorter)?.iter().find(|known| known.len().abs_diff(stem.len()) <= 1).map(String::as_str)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_label_comes_first() {
        let mut builder = GistsBuilder::default();
        builder.add(["Où se trouve la fuite ?", "Ça coule dans quelle pièce ?"], ["plafond"]);
        builder.add(["Depuis quand ça dure ?", "Ça a commencé quand ?"], []);
        let gists = builder.build();
        for (text, label) in [
            ("elle est où, cette fuite ?", 0),
            ("ca dure depuis qd", 1),
            ("c'est au plafond ?", 0),
            ("quelle piéce est touchée ?", 0),
            ("et ça a commencer quand", 1),
        ] {
            let text = Text::read(text);
            let all = 0..text.tokens().len();
            assert_eq!(gists.compare(&text, &all).first().map(|best| best.label), Some(label), "{}", text.original());
        }
    }
}

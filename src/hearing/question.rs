//! Where a turn asks: its questions, plain, indirect or merely dictated.
//!
//! Input: a [`Text`]. Output: [`Stretch`]es of words, each with how surely it asks. Invariant: stretches never
//! cross a sentence.

use std::ops::Range;
use std::sync::LazyLock;

use crate::language::{Found, Phrases, PhrasesBuilder, Text};

/// How surely words ask something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asks {
    /// A statement.
    No,
    /// Words without closing punctuation that a rising voice would make a question: « et vous avez des voisins ».
    Perhaps,
    /// « J'aurais besoin de savoir… », « je ne vois pas bien… ».
    Indirectly,
    /// An interrogative or a question mark.
    Yes,
}

/// Some words of one sentence.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    pub(super) words: Range<usize>,
    pub(super) asks: Asks,
}

/// Every sentence, and the clauses of the long ones.
pub(super) fn stretches(text: &Text) -> Vec<Stretch> {
    let asking = CUES.find(text);
    let mut stretches = Vec::new();
    for sentence in text.sentences() {
        let within = |words: &Range<usize>| {
            asking
                .iter()
                .filter(|found| found.label != Asks::No && words.contains(&found.words.start))
                .map(|found| found.label)
                .max()
        };
        let closed = text.original()[sentence.bytes.clone()].ends_with(['.', '!']);
        let last = sentence.words.end;
        let asks = |words: &Range<usize>| match within(words).unwrap_or(Asks::No) {
            // The question mark lends its certainty to the clauses near it.
            _ if sentence.asks && last.saturating_sub(words.end) <= 8 => Asks::Yes,
            Asks::Perhaps | Asks::No if closed || acts(text, words, &asking) => Asks::No,
            Asks::No if !closed => Asks::Perhaps,
            found => found,
        };
        let clauses = clauses(text, &sentence.words);
        if clauses.len() > 1 {
            for clause in &clauses {
                stretches.push(Stretch { words: clause.clone(), asks: asks(clause) });
            }
            for pair in clauses.windows(2) {
                let words = pair[0].start..pair[1].end;
                stretches.push(Stretch { asks: asks(&words), words });
            }
        }
        if sentence.words.len() <= 30 {
            stretches.push(Stretch { words: sentence.words.clone(), asks: asks(&sentence.words) });
        }
    }
    stretches
}

/// Where a turn asks: the words of each question, indirect ones left out.
pub(super) fn asked_at(text: &Text) -> Vec<Range<usize>> {
    let asking = CUES.find(text);
    let mut questions: Vec<Range<usize>> = Vec::new();
    for sentence in text.sentences() {
        let closed = text.original()[sentence.bytes.clone()].ends_with(['.', '!', '…']);
        if closed {
            continue;
        }
        let before = questions.len();
        let mut after = 0;
        let mut last = usize::MAX;
        for cue in asking.iter().filter(|cue| cue.label == Asks::Yes && sentence.words.contains(&cue.words.start)) {
            // Interrogatives close together are one question: « qu'est-ce que », « c'est où exactement ».
            if cue.words.start >= after || (cue.words.start >= last && parted(text, last..cue.words.start)) {
                questions.push(cue.words.clone());
                after = cue.words.start + 4;
                last = cue.words.end;
            }
        }
        if questions.len() == before && sentence.asks {
            // The words just before the mark: « Bonjour madame, votre nom ? ».
            questions.push(sentence.words.start.max(sentence.words.end.saturating_sub(6))..sentence.words.end);
        }
    }
    questions
}

/// Whether a comma parts two interrogatives: « depuis quand, avec qui ».
fn parted(text: &Text, between: Range<usize>) -> bool {
    let tokens = text.tokens();
    text.original()[tokens[between.start - 1].bytes.end..tokens[between.end].bytes.start].contains(',')
}

/// A sentence cut at commas and at « et », « mais », « donc » where each part keeps at least three words.
fn clauses(text: &Text, words: &Range<usize>) -> Vec<Range<usize>> {
    const SHORT: usize = 3;
    let tokens = text.tokens();
    let mut clauses = Vec::new();
    let mut start = words.start;
    for at in words.start + 1..words.end {
        let between = &text.original()[tokens[at - 1].bytes.end.min(tokens[at].bytes.start)..tokens[at].bytes.start];
        let cut = between.contains([',', ';', ':', '(', ')', '–', '—', '+'])
            || matches!(tokens[at].form.as_str(), "et" | "mais" | "donc" | "puis" | "sinon" | "alors" | "parce");
        if cut && at - start >= SHORT && words.end - at >= 2 {
            clauses.push(start..at);
            start = at;
        }
    }
    clauses.push(start..words.end);
    clauses
}

/// Whether the words tell what the speaker does or bids: « je transmets », « on va remplir », « prenez »; or go on
/// about it: « je préviens le gardien, il vous monte un radiateur ».
fn acts(text: &Text, words: &Range<usize>, asking: &[Found<Asks>]) -> bool {
    let goes_on = matches!(text.tokens()[words.start].form.as_str(), "il" | "elle" | "ils" | "elles");
    let from = text.sentence_of(words.start).filter(|_| goes_on).map_or(words.start, |sentence| sentence.words.start);
    asking.iter().any(|found| found.label == Asks::No && (from..words.end).contains(&found.words.start))
}

static CUES: LazyLock<Phrases<Asks>> = LazyLock::new(|| {
    let mut builder = PhrasesBuilder::new();
    for pattern in YES {
        builder.add(Asks::Yes, pattern);
    }
    for pattern in INDIRECTLY {
        builder.add(Asks::Indirectly, pattern);
    }
    for pattern in ACTING {
        builder.add(Asks::No, pattern);
    }
    builder.build()
});

const YES: &[&str] = &[
    "est ce que|qu",
    "est ce =qui",
    "qu est ce",
    "c est quoi",
    "c est =ou",
    "c est qui",
    "c est quand",
    "c est combien",
    "c est quel|quelle|lequel|laquelle",
    "c est comment",
    "c est =a =quel|=quelle",
    "=ou (est|sont|etes|c|ca|vous|il|elle) ..",
    "^ (et|alors|donc) =ou",
    "=ou $",
    "=d =ou",
    "par =ou",
    "=quand",
    "combien",
    "^ (et|alors|donc) comment",
    "comment .. vous|ca|il|elle|on|c",
    "pourquoi",
    "quel|quelle|quels|quelles",
    "lequel|laquelle",
    "^ (et|alors) qui",
    "avec qui",
    "a|chez|par|pour qui",
    "=quoi $",
    "=avez vous",
    "=etes vous",
    "=pouvez|=pourriez vous",
    "=voulez|=souhaitez|=voudriez|=preferez|=desirez vous",
    "=savez vous",
    "=vivez|=habitez|=travaillez vous",
    "=aviez|=auriez|=seriez|=etiez vous",
    "=faites|=faisiez|=comptez|=pensez vous",
    "a t il|elle|on",
    "y a t il",
    "!c =est il|elle",
    "=sont ils|elles",
    "=a =vez vous",
    "=vs =avez",
    "^ (et) (euh) y a|avait ..",
    "ou (bien|pas) (du) (tout) $",
    "depuis quand|combien|longtemps|qd",
    "ca (vous) dure|date|remonte",
    "ca fait longtemps|combien|un",
    "*ez vous $",
];

const INDIRECTLY: &[&str] = &[
    "j ai l|cette impression|sentiment",
    "vous avez l air de|d",
    "je me dis|doute|figure",
    "je|j imagine|suppose|presume|devine",
    "on dirait",
    "je noterais|retiendrais|prendrais",
    "me faire une idee",
    "j .. ignore",
    "m en faudrait",
    "m aiderait|interesserait|aider de|d|a savoir|connaitre",
    "dites moi",
    "=laissez|=donnez|=communiquez|=confiez moi",
    "dites =m",
    "precisez|indiquez|decrivez|racontez|expliquez|montrez|situez|donnez (moi)",
    "parlez moi",
    "rappelez moi",
    "rassurez moi",
    "besoin de|d savoir|connaitre|situer|comprendre|preciser|verifier",
    "besoin .. que|qu je|vous",
    "il me faut|faudrait",
    "il (me) faudrait",
    "que|qu je sache",
    "pour que .. sache",
    "j aimerais|voudrais .. savoir|comprendre|connaitre|verifier|vérifier",
    "je ne|n .. vois|sais|rends|comprends|visualise|situe|connais pas|mal",
    "je (me) demande si|comment|quand|=ou|ce",
    "ce qui m inquiete|interesse|preoccupe|manque",
    "reste (a) savoir",
    "savoir si|=ou|quand|combien|comment|qui|quel",
    "si vous|ca|elle|il .. dites",
];

const ACTING: &[&str] = &[
    "je demande a",
    "je|j (le|la|les|vous|lui|leur|y|en|m|me) !ne|n|me|voudrais|aimerais|vois|sais|comprends|rends|demande|veux|peux *",
    "on va|vous|fait|peut|regarde|remplit|garde|note",
    "nous *",
    "^ prenez|suivez|venez|asseyez|attendez|descendez|restez|fermez|ouvrez|coupez|eteignez|gardez|appelez|notez|sortez|entrez",
    "il faut|faudra *",
    "^ (bon|alors|ben|non|oui) faut|tout *",
    "^ (ah|oui|ok) (oui) je =vois",
    "ne quittez",
    "c est une|un|notre|nous|moi",
    "^ c est normal|automatique|obligatoire|prevu|comme|pas|bien|simple|gratuit",
];

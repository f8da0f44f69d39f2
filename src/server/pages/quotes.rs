//! Quotes marked inside the words they were taken from.
//!
//! Input: a turn's words and the quotes that marks are based on. Output: the same words, cut into segments.
//! Invariant: the segments joined give back the words, whatever the quotes.

/// Words of a turn that a mark is based on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// The words, verbatim.
    pub words: String,
    /// Axis id: `ecoute`, `reformulation`, `escalade`, `orientation`.
    pub axis: String,
    /// Indicator id: `5.1.b`.
    pub indicator: String,
}

/// A piece of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The words.
    pub text: String,
    /// Axes whose quotes cover these words, without repetition.
    pub axes: Vec<String>,
    /// Indicators whose quotes cover these words.
    pub indicators: Vec<String>,
    /// Indicators whose quote ends with these words: their labels stand after it.
    pub ends: Vec<Quoted>,
}

impl Segment {
    /// Ids of the indicators whose quotes cover these words, for scripts.
    pub fn of(&self) -> String {
        self.indicators.join(" ")
    }
}

/// Cuts words at the bounds of the quotes found in them. A quote that is not there is left out.
pub fn segments(text: &str, quotes: &[Quoted]) -> Vec<Segment> {
    let spans: Vec<(usize, usize, &Quoted)> = quotes
        .iter()
        .filter(|quote| !quote.words.is_empty())
        .filter_map(|quote| text.find(&quote.words).map(|start| (start, start + quote.words.len(), quote)))
        .collect();
    let mut cuts: Vec<usize> = spans.iter().flat_map(|&(start, end, _)| [start, end]).collect();
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2)
        .map(|pair| {
            let (from, to) = (pair[0], pair[1]);
            let (mut axes, mut indicators): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
            for (_, _, quote) in spans.iter().filter(|&&(start, end, _)| start <= from && to <= end) {
                if !axes.contains(&quote.axis) {
                    axes.push(quote.axis.clone());
                }
                indicators.push(quote.indicator.clone());
            }
            let ends = spans.iter().filter(|&&(_, end, _)| end == to).map(|&(_, _, quote)| quote.clone()).collect();
            Segment { text: text[from..to].to_owned(), axes, indicators, ends }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quoted(words: &str, axis: &str, indicator: &str) -> Quoted {
        Quoted { words: words.into(), axis: axis.into(), indicator: indicator.into() }
    }

    #[test]
    fn overlapping_quotes_share_the_words_they_have_in_common() {
        let cut = segments(
            "Je comprends votre colère, c’est bien cela ?",
            &[
                quoted("comprends votre colère", "ecoute", "1.2.b"),
                quoted("colère, c’est bien cela ?", "reformulation", "5.1.b"),
            ],
        );
        let shape: Vec<(&str, usize, usize)> =
            cut.iter().map(|piece| (piece.text.as_str(), piece.axes.len(), piece.ends.len())).collect();
        assert_eq!(shape, [("Je ", 0, 0), ("comprends votre ", 1, 0), ("colère", 2, 1), (", c’est bien cela ?", 1, 1)]);
    }

    #[test]
    fn a_quote_that_is_not_there_marks_nothing() {
        assert_eq!(segments("Bonjour.", &[quoted("Bonsoir", "ecoute", "1.2.a")]).len(), 1);
        assert!(segments("", &[]).is_empty());
    }

    proptest! {
        #[test]
        fn segments_joined_give_back_the_words(text in "[a-cé ]{0,30}", first in "[a-cé ]{0,4}", second in "[a-cé ]{0,4}") {
            let cut = segments(&text, &[quoted(&first, "ecoute", "1"), quoted(&second, "orientation", "2")]);
            let joined: String = cut.iter().map(|piece| piece.text.as_str()).collect();
            prop_assert_eq!(joined, text);
        }
    }
}

//! What differs between two texts, as templates show it.

use crate::writing::{Difference, Line};

/// One field that differs.
#[derive(Clone, Debug)]
pub struct DifferenceView {
    /// Where.
    pub way: String,
    /// Lines that went and came.
    pub lines: Vec<LineView>,
}

/// A line.
#[derive(Clone, Debug)]
pub struct LineView {
    /// `gone`, `come` or `same`, for styles.
    pub class: &'static str,
    /// « retiré », « ajouté », or nothing.
    pub word: &'static str,
    /// Its text.
    pub text: String,
}

/// The most lines shown of one field.
const SHOWN: usize = 60;

impl DifferenceView {
    /// Lines that stay are left out, unless they stand beside one that changes.
    pub fn of(difference: &Difference) -> DifferenceView {
        let changes = |index: usize| difference.lines.get(index).is_some_and(|line| !matches!(line, Line::Same(_)));
        let near = |index: &usize| changes(*index) || changes(index + 1) || (*index > 0 && changes(index - 1));
        let lines = (0..difference.lines.len()).filter(near).take(SHOWN).map(|index| match &difference.lines[index] {
            Line::Same(text) => LineView { class: "same", word: "", text: text.clone() },
            Line::Gone(text) => LineView { class: "gone", word: "retiré", text: text.clone() },
            Line::Come(text) => LineView { class: "come", word: "ajouté", text: text.clone() },
        });
        DifferenceView { way: difference.way.clone(), lines: lines.collect() }
    }

    /// All of a comparison.
    pub fn all(differences: &[Difference]) -> Vec<DifferenceView> {
        differences.iter().map(DifferenceView::of).collect()
    }
}

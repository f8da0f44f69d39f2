//! Scorecards that a model reads again, to look at: under way, completed in every way, given up.

use super::{EvidenceLink, IndicatorMark, Provenance, Rereading, Scorecard, Sides};
use crate::scoring::Level;

impl Scorecard {
    /// The rules' marks, while the model reads.
    pub fn sample_rereading() -> Scorecard {
        Scorecard { rereading: Some(Rereading::UnderWay), ..Scorecard::sample() }
    }

    /// The model was not able to: the rules' marks stand.
    pub fn sample_not_reread() -> Scorecard {
        let why = "le modèle n’a pas répondu à temps".to_owned();
        Scorecard { rereading: Some(Rereading::GivenUp(why)), ..Scorecard::sample() }
    }

    /// Completed: a model that goes one level up, one that goes two and is not followed, one that proves nothing.
    pub fn sample_reread() -> Scorecard {
        let card = Scorecard::sample();
        let mut grid = card.grid;
        for mark in grid.iter_mut().flat_map(|axis| &mut axis.marks) {
            part(mark);
        }
        let provenance = Provenance {
            model: Some(
                "relu par mistral-small (consigne 1, 5be0a277), médiane de 3 cotations par indicateur, \
                 14\u{a0}questions, 71\u{202f}840\u{a0}jetons lus et 8\u{202f}112 écrits en 52,4\u{a0}s"
                    .into(),
            ),
            ..card.provenance
        };
        let left_out = vec![
            "Axe Escalade : cotation des règles seules (la réponse du modèle n’avait pas la forme demandée).".into(),
        ];
        Scorecard {
            rereading: Some(Rereading::Done { to_check: 2, left_out }),
            grid,
            provenance,
            ..Scorecard::sample()
        }
    }
}

/// What the model makes of a mark.
fn part(mark: &mut IndicatorMark) {
    let link = |turn: usize, quote: &str| EvidenceLink { turn: Some(turn), quote: quote.into() };
    let sides = |model_counts: bool, other: Level, reason: &str, evidence: Vec<EvidenceLink>| {
        let (rules, model) = ("Les règles".to_owned(), "Le modèle".to_owned());
        let (by, other_by) = if model_counts { (model, rules) } else { (rules, model) };
        Some(Sides { by, other_by, other, other_reason: reason.into(), other_evidence: evidence })
    };
    match mark.id.as_str() {
        "1.2.a" => {
            mark.level = Some(Level::Observed);
            mark.reason =
                "Vous saluez, vous présentez l’agence et le bailleur dès la première phrase, et vous vouvoyez \
                           du début à la fin ; l’appelant vous dit merci le premier, et vous le laissez finir."
                    .into();
            mark.sides = sides(true, Level::Partial, "Une des trois parties manque : la formule de congé.", Vec::new());
            mark.advice = None;
            mark.example = None;
        }
        "7.2.a" => {
            mark.sides = sides(
                false,
                Level::Observed,
                "Vous demandez à Monsieur Belkacem quand il peut recevoir le technicien, et sa réponse montre qu’il a \
                 compris ce qui va se passer : il donne ses horaires sans rien redemander.",
                vec![link(11, "Quand pouvez-vous recevoir le technicien ?")],
            );
            mark.doubt = Some(
                "Les règles et le modèle sont à deux niveaux l'un de l'autre : celui des règles est gardé.".into(),
            );
        }
        "7.1.b" => {
            mark.sides = sides(false, Level::Missed, "La réponse reste confuse jusqu’à la fin de l’appel.", Vec::new());
            mark.doubt = Some("Le modèle ne cite aucun mot qui prouve son niveau : celui des règles est gardé.".into());
            mark.example = Some("Le technicien vous appelle avant midi ; d’ici là, gardez la lumière éteinte.".into());
        }
        _ => {}
    }
}

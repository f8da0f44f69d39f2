//! From a review under way to its page.

use super::Desk;
use crate::rubric::{Indicator, Rubric};
use crate::scoring::{Draft, Mark, Objection, Place, Why};
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::handlers::card::evidence;
use crate::server::handlers::handoff::ending;
use crate::server::handlers::rereading::{doubt, sides};
use crate::server::handlers::site;
use crate::server::pages::{
    LastStep, Proposal, RatedAxis, RatedMark, RatedText, RatedTurn, RatingForm, ReviewPage, Turn, french, paths,
};
use crate::server::who::Who;
use crate::store::ReviewState;

/// The page of a review.
pub(super) async fn review(
    comptoir: &Comptoir,
    who: &Who,
    desk: &Desk,
    draft: &Draft,
    (version, base): (u32, u32),
    objections: &[Objection],
) -> Result<ReviewPage, Failure> {
    let file = desk.stage.persona.file();
    let id = desk.conversation.id.to_string();
    let begun = desk.review.live.received_at().unwrap_or(desk.conversation.started_at);
    let asked = comptoir.store.asked_for_review(desk.conversation.id).await?;
    let led = comptoir.store.groups_of_trainer(desk.trainer.id).await?;
    let joined = comptoir.store.groups_of_member(desk.conversation.visitor).await?;
    let groups = led.into_iter().filter(|group| joined.iter().any(|other| other.id == group.id));
    let blind = desk.blind.as_ref().filter(|_| desk.is_blind());
    let both = desk.blind.as_ref().filter(|blind| blind.both().is_some() && blind.settled_at.is_none());
    Ok(ReviewPage {
        site: site(&comptoir.library.content(), who.viewer()),
        title: file.title.clone(),
        trainee: desk.trainee.clone(),
        caller: file.caller.name.clone(),
        channel: french::channel(file.channel),
        held_on: french::moment(&french::paris(begun)),
        ending: ending(&desk.review.live, &desk.stage)
            .replace("Vous avez", &format!("{} a", desk.trainee))
            .replace(" de vous", ""),
        groups: groups.map(|group| (group.id.to_string(), group.name)).collect(),
        standing: standing(desk),
        asked: asked.map(|at| french::moment(&french::paris(at))),
        history: history(comptoir, desk).await?,
        blind_with: blind.and_then(|blind| Some(blind.other(desk.trainer.id)?.name.clone())),
        finished: desk.is_given(),
        compare: both.map(|_| paths::review_compare(&id)),
        form: form(desk, draft, (version, base), objections),
        id,
    })
}

/// Where the review stands.
fn standing(desk: &Desk) -> Vec<String> {
    let moment = |at| french::moment(&french::paris(at));
    let mut told = Vec::new();
    if desk.is_blind() {
        return told;
    }
    let publication = desk.review.publication.as_ref();
    if let Some(publication) = publication {
        let by = match (&publication.reviewer, &publication.reviewer_name) {
            (Some(reviewer), _) if *reviewer == desk.trainer.id => "par vous".to_owned(),
            (_, Some(name)) => format!("par {name}"),
            (_, None) => "par un formateur".to_owned(),
        };
        told.push(format!(
            "Publiée {by} le {} : ces cotations comptent, et comptent encore tant que vous ne publiez pas de nouveau.",
            moment(publication.published_at)
        ));
        if publication.events < desk.review.live.next_seq() {
            told.push(
                "L'échange a changé depuis cette publication (note récrite ou tour corrigé) : elle compte toujours, à vous de voir si elle tient."
                    .to_owned(),
            );
        }
    }
    match &desk.own {
        Some(own) if own.state == ReviewState::Draft => {
            told.push(format!("Votre brouillon a été enregistré le {}.", moment(own.changed_at)));
            if own.base < desk.last() {
                told.push(
                    "Une autre relecture a été publiée depuis que vous avez commencé la vôtre : ce qui diffère vous sera montré avant de publier."
                        .to_owned(),
                );
            }
        }
        _ => {}
    }
    for other in desk.others.iter().filter(|other| other.state == ReviewState::Draft) {
        let decided = other.draft.entries.values().filter(|entry| entry.decision.is_some()).count();
        told.push(format!(
            "{} a aussi une relecture en cours ({}).",
            other.reviewer_name,
            french::count(decided as u64, "cotation")
        ));
    }
    told
}

/// Publications before the one that counts.
async fn history(comptoir: &Comptoir, desk: &Desk) -> Result<Vec<String>, Failure> {
    if desk.is_blind() {
        return Ok(Vec::new());
    }
    let lines = comptoir.store.publications(desk.conversation.id).await?;
    let told = |line: crate::store::PublicationLine| {
        let by = line.reviewer_name.unwrap_or_else(|| "un formateur".to_owned());
        format!("{}, par {by}", french::moment(&french::paris(line.published_at)))
    };
    Ok(lines.into_iter().skip(1).map(told).collect())
}

fn form(desk: &Desk, draft: &Draft, (version, base): (u32, u32), objections: &[Objection]) -> RatingForm {
    let card = desk.card();
    let blind = desk.is_blind();
    let rubric = &desk.review.rubric;
    let mut turns = card.turns();
    if blind {
        for turn in &mut turns {
            turn.quotes.clear();
        }
    }
    let marks = &desk.review.automatic.marks;
    let proposal = |indicator: &Indicator| {
        let mark = marks.iter().find(|mark| mark.id == indicator.id).filter(|_| !blind)?;
        Some(proposal(mark))
    };
    let undecided = if blind {
        rubric.indicators().iter().filter(|indicator| draft.decision(&indicator.id).is_none()).count()
    } else {
        draft.undecided(&desk.review.automatic).len()
    };
    RatingForm {
        action: paths::review(&desk.conversation.id.to_string()),
        version,
        base,
        turns: rated_turns(turns, draft, objections),
        handoff: card.handoff(),
        axes: axes(rubric, draft, objections, &|_| true, &proposal),
        general: Some(RatedText { text: draft.general.clone(), fault: fault(objections, &Place::General) }),
        undecided,
        blind,
        objections: summary(objections),
        last: if blind { LastStep::Finish } else { LastStep::Publish },
    }
}

/// An automatic mark, as it is proposed.
fn proposal(mark: &Mark) -> Proposal {
    Proposal {
        level: mark.level,
        reason: mark.reason.clone(),
        evidence: evidence(&mark.evidence),
        sides: sides(mark),
        doubt: doubt(mark),
    }
}

/// The turns with what is said of them.
pub(super) fn rated_turns(turns: Vec<Turn>, draft: &Draft, objections: &[Objection]) -> Vec<RatedTurn> {
    let rated = |turn: Turn| {
        let text = draft.comments.get(&turn.index).cloned().unwrap_or_default();
        let fault = fault(objections, &Place::Comment(turn.index));
        RatedTurn { turn, comment: RatedText { text, fault } }
    };
    turns.into_iter().map(rated).collect()
}

/// The grid with what is decided, for the indicators that are asked about.
pub(super) fn axes(
    rubric: &Rubric,
    draft: &Draft,
    objections: &[Objection],
    asked: &dyn Fn(&Indicator) -> bool,
    proposal: &dyn Fn(&Indicator) -> Option<Proposal>,
) -> Vec<RatedAxis> {
    let mark = |indicator: &Indicator| {
        let entry = draft.entries.get(&indicator.id).cloned().unwrap_or_default();
        let criterion = rubric.criterion_of(indicator);
        let here = Place::Mark(indicator.id.clone());
        RatedMark {
            id: indicator.id.clone(),
            label: indicator.label.clone(),
            criterion: criterion.map(|one| format!("{} · CR {}", one.competence, one.id)).unwrap_or_default(),
            guide: [indicator.observed.clone(), indicator.partial.clone(), indicator.missed.clone()],
            precision: indicator.precision.clone(),
            proposal: proposal(indicator),
            decision: entry.decision,
            reason: entry.reason,
            words: entry.words,
            quotable: !indicator.note,
            faults: objections.iter().filter(|one| one.place == here).map(|one| told(&one.why)).collect(),
        }
    };
    let of_axis = |axis: &crate::rubric::Axis| RatedAxis {
        id: axis.id.clone(),
        name: axis.name.clone(),
        marks: rubric.indicators().iter().filter(|one| one.axis == axis.id && asked(one)).map(mark).collect(),
    };
    rubric.file().axis.iter().map(of_axis).filter(|axis| !axis.marks.is_empty()).collect()
}

fn fault(objections: &[Objection], place: &Place) -> Option<String> {
    objections.iter().find(|one| one.place == *place).map(|one| told(&one.why))
}

/// What is wrong, with where it is.
pub(super) fn summary(objections: &[Objection]) -> Vec<(String, String)> {
    let undecided = objections.iter().filter(|one| one.why == Why::Undecided).count();
    let mut lines = Vec::new();
    for one in objections {
        let (place, name) = match &one.place {
            Place::Mark(id) => (format!("i-{id}"), id.clone()),
            Place::Comment(turn) => (format!("comment-{turn}"), format!("Tour {}", turn + 1)),
            Place::General => ("general".to_owned(), "Votre mot sur l'ensemble".to_owned()),
        };
        match one.why {
            // One line for all of them: thirty would hide the others.
            Why::Undecided if undecided > 1 => {
                if !lines.iter().any(|(_, told): &(String, String)| told.ends_with("à décider.")) {
                    lines.push((place, format!("{undecided} cotations restent à décider.")));
                }
            }
            // What is not on the page has no place there.
            Why::Unknown => {}
            _ => lines.push((place, format!("{name} : {}", told(&one.why)))),
        }
    }
    lines
}

fn told(why: &Why) -> String {
    match why {
        Why::Undecided => "Cette cotation reste à décider.".to_owned(),
        Why::NoReason => "Vous changez le niveau proposé : dites pourquoi, en une phrase.".to_owned(),
        Why::NotSaid(words) => {
            format!("« {words} » : ces mots ne sont pas dans un tour du stagiaire, ou pas dans celui-là.")
        }
        Why::TooManyQuotes => "Trois citations au plus.".to_owned(),
        Why::TooLong(most) => format!("{} caractères au plus.", french::number(*most as u64)),
        Why::Unknown => "Cet endroit n'existe plus.".to_owned(),
    }
}

//! What a model thinks of an indicator, after one or several votes.
//!
//! Input: the readings of the votes. Output: [`Opinion`]s. Invariant: the level is the median of the votes that prove
//! theirs, the lower one of an even number; its evidence, reason and wording come from a vote of that very level.

use serde::{Deserialize, Serialize};

use super::claim::Claim;
use super::reading::Reading;
use crate::scoring::{Evidence, Level};

/// The most quotes kept of one opinion.
const MOST_EVIDENCE: usize = 3;

/// What a model makes of one indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Indicator id.
    pub id: String,
    /// The median level.
    pub level: Level,
    /// The trainee's own words; for a level 0 possibly none, or only the turn where something was expected.
    pub evidence: Vec<Evidence>,
    /// Why, in French.
    pub reason: String,
    /// A sentence that would have been better.
    pub better: Option<String>,
    /// The levels that were given, vote by vote.
    pub votes: Vec<Level>,
    /// Whether words that stand in their turn show it.
    pub proven: bool,
}

/// Puts the votes on some indicators together. An indicator that no vote marks has no opinion.
pub fn settle(indicators: &[String], votes: &[Reading]) -> Vec<Opinion> {
    let of = |id: &String| {
        let claims: Vec<&Claim> =
            votes.iter().filter_map(|reading| reading.claims.iter().find(|claim| claim.id == *id)).collect();
        one(id, &claims)
    };
    indicators.iter().filter_map(of).collect()
}

fn one(id: &str, claims: &[&Claim]) -> Option<Opinion> {
    let proven: Vec<&Claim> = claims.iter().copied().filter(|claim| claim.proof.is_ok()).collect();
    let usable = if proven.is_empty() { claims } else { &proven };
    let mut levels: Vec<Level> = usable.iter().map(|claim| claim.level).collect();
    levels.sort_unstable();
    let level = *levels.get(levels.len().checked_sub(1)? / 2)?;
    let speaker = usable.iter().find(|claim| claim.level == level)?;
    let mut evidence: Vec<Evidence> = Vec::new();
    for found in usable.iter().filter(|claim| claim.level == level).filter_map(|claim| claim.proof.as_ref().ok()) {
        for found in found {
            let near = |known: &Evidence| known.turn == found.turn && known.quote.contains(&found.quote);
            if evidence.len() < MOST_EVIDENCE && !evidence.iter().any(near) {
                evidence.push(found.clone());
            }
        }
    }
    // A place where something was expected says nothing beside words.
    if evidence.iter().any(|evidence| !evidence.quote.is_empty()) {
        evidence.retain(|evidence| !evidence.quote.is_empty());
    }
    Some(Opinion {
        id: id.to_owned(),
        level,
        evidence,
        reason: speaker.reason.clone(),
        better: speaker.better.clone(),
        votes: claims.iter().map(|claim| claim.level).collect(),
        proven: !proven.is_empty(),
    })
}

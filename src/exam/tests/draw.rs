//! The draw.

use std::collections::BTreeSet;

use super::*;
use crate::exam::draw::family_name;
use crate::persona::{Channel, Family};
use crate::rubric::booklet::FAMILIES;

#[test]
fn a_draw_has_two_at_the_desk_and_two_on_the_phone_of_different_families() {
    for seed in 0..200 {
        let draw = bloc1(seed);
        let channels: Vec<Channel> = draw.situations.iter().map(|drawn| drawn.channel).collect();
        assert_eq!(channels, [Channel::Desk, Channel::Phone, Channel::Desk, Channel::Phone], "seed {seed}");
        let families: BTreeSet<Family> = draw.situations.iter().map(|drawn| drawn.family).collect();
        assert_eq!(families.len(), 4, "seed {seed}");
        let drawn: Vec<&String> = draw.steps().flat_map(|(_, _, s)| s.setting.iter().chain(&s.questions)).collect();
        assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), drawn.len(), "seed {seed} draws something twice");
    }
}

#[test]
fn the_same_seed_gives_a_group_the_same_draw_and_others_give_others() {
    let backwards: Vec<&Persona> = personas().collect::<Vec<_>>().into_iter().rev().collect();
    assert_eq!(draw(booklet("bloc1"), backwards, 7).unwrap(), bloc1(7));
    let different: BTreeSet<String> =
        (0..40).map(|seed| serde_json::to_string(&bloc1(seed).situations).unwrap()).collect();
    assert!(different.len() > 35, "{} different draws of 40", different.len());
}

#[test]
fn a_booklet_that_too_few_situations_can_fill_is_not_drawn() {
    let desk_only = personas().filter(|persona| persona.file().channel == Channel::Desk);
    assert_eq!(draw(booklet("bloc1"), desk_only, 1), Err(DrawError::TooFewSituations));
}

#[test]
fn families_may_come_twice_where_there_are_too_few_of_them() {
    let few = |persona: &&Persona| {
        matches!(persona.file().family, Family::Technique | Family::Demande | Family::Administrative)
    };
    let draw = draw(booklet("bloc1"), personas().filter(few), 3).unwrap();
    assert_eq!(draw.situations.len(), 4);
}

#[test]
fn the_second_block_asks_what_suits_the_situation_that_was_drawn() {
    for seed in 0..60 {
        let booklet = booklet("bloc2");
        let draw = draw(booklet, personas(), seed).unwrap();
        assert_eq!(draw.situations.len(), 1);
        let family = family_name(draw.situations[0].family);
        for id in draw.steps().flat_map(|(_, _, step)| &step.questions) {
            let question = booklet.question(id).unwrap();
            assert!(question.families.is_empty() || question.families.iter().any(|f| f == family), "{id} for {family}");
        }
    }
}

#[test]
fn booklets_name_families_as_situations_do() {
    let known = [Family::Technique, Family::Administrative, Family::Sociale, Family::Demande, Family::Voisinage];
    assert_eq!(known.map(family_name), FAMILIES);
}

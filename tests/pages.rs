//! Every page renders its samples, whole and clean.
//!
//! The HTML is also written to the target folder (`tmp/pages`), to be looked at in a browser.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use comptoir::server::pages;

fn rendered() -> Vec<(&'static str, String)> {
    pages::samples().into_iter().map(|(name, html)| (name, html.expect(name))).collect()
}

/// The values of an attribute, in the order of the page.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let opening = format!(" {attribute}=\"");
    html.split(&opening).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_page_renders_its_samples() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, html) in rendered() {
        std::fs::write(folder.join(format!("{name}.html")), &html).unwrap();
        for part in ["<!doctype html>", "lang=\"fr\"", "<main id=\"contenu\"", "20\u{a0}septembre\u{a0}2026"] {
            assert!(html.contains(part), "{name} lacks {part}");
        }
        assert_eq!(html.matches("<h1").count(), 1, "{name} has not exactly one title");
    }
}

#[test]
fn pages_obey_a_policy_that_allows_nothing_inline() {
    for (name, html) in rendered() {
        assert!(!html.contains(" style=\"") && !html.contains("<style"), "{name} has an inline style");
        assert!(!html.contains(" onclick=") && !html.contains("javascript:"), "{name} has an inline handler");
        for script in html.split("<script").skip(1) {
            assert!(script.split('>').next().unwrap().contains(" src=\""), "{name} has an inline script");
        }
        for address in values(&html, "href").into_iter().chain(values(&html, "src")) {
            assert!(address.starts_with('/') || address.starts_with('#'), "{name} reaches out to {address}");
        }
    }
}

#[test]
fn every_file_a_page_asks_for_is_in_web() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
    for (name, html) in rendered() {
        for address in values(&html, "href").into_iter().chain(values(&html, "src")) {
            let Some(file) = address.strip_prefix("/assets/") else { continue };
            let (file, part) = file.split_once('#').unwrap_or((file, ""));
            let text = std::fs::read(web.join(file)).unwrap_or_else(|_| panic!("{name} asks for {file}"));
            let text = String::from_utf8_lossy(&text);
            assert!(part.is_empty() || text.contains(&format!("id=\"{part}\"")), "{name} asks for {file}#{part}");
        }
    }
}

#[test]
fn links_and_labels_lead_to_something_that_is_there_once() {
    for (name, html) in rendered() {
        let ids = values(&html, "id");
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(known.len(), ids.len(), "{name} uses an id twice");
        let inside = values(&html, "href").into_iter().filter_map(|address| address.strip_prefix('#'));
        let described = ["for", "aria-labelledby", "aria-describedby", "aria-controls"]
            .into_iter()
            .flat_map(|attribute| values(&html, attribute))
            .flat_map(str::split_whitespace);
        for target in inside.chain(described) {
            assert!(known.contains(target), "{name} leads to #{target}, which is not there");
        }
    }
}

#[test]
fn every_field_has_a_label() {
    for (name, html) in rendered() {
        let labels: BTreeSet<&str> = values(&html, "for").into_iter().collect();
        for kind in ["<textarea", "<select"] {
            for field in html.split(kind).skip(1) {
                let id = values(field.split('>').next().unwrap(), "id");
                assert!(id.iter().any(|id| labels.contains(id)), "{name} has a {kind} without a label");
            }
        }
    }
}

#[test]
fn people_are_told_that_it_is_a_machine_and_that_marks_are_proposals() {
    for (name, html) in rendered() {
        assert!(html.contains("jouées par une machine"), "{name} does not say that it is a machine");
        assert!(html.contains("un formateur les valide"), "{name} does not say that a trainer decides");
    }
}

#[test]
fn the_scorecard_keeps_its_order() {
    let html = pages::Scorecard::sample();
    let html = askama::Template::render(&html).unwrap();
    let places: Vec<usize> = [
        "Bilan · ",
        "id=\"axes\"",
        "id=\"moments\"",
        "id=\"tension\"",
        "id=\"faits\"",
        "id=\"preuves\"",
        "id=\"conseils\"",
    ]
    .iter()
    .map(|part| html.find(part).unwrap_or_else(|| panic!("no {part}")))
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    for word in ["observé", "partiel", "non observé", "Sans objet ici", "à valider par un formateur"] {
        assert!(html.contains(word), "no {word}");
    }
}

#[test]
fn what_people_wrote_is_never_markup() {
    let mut page = pages::HandoffPage::sample();
    page.summary = "</textarea><script>alert(1)</script>".into();
    page.lines[0].text = "<img src=x onerror=alert(1)>".into();
    let html = askama::Template::render(&page).unwrap();
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"));
}

/// The words of the element that starts at `from`, up to `to`, one line per tag.
fn words(html: &str, from: &str, to: &str) -> String {
    let start = html.find(from).unwrap_or_else(|| panic!("no {from}"));
    let piece = &html[start..];
    let piece = &piece[..piece.find(to).unwrap_or(piece.len())];
    let text = piece.split('<').filter_map(|tag| tag.split_once('>')).map(|(_, text)| text.trim());
    text.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_card_says_what_it_trains_and_how_it_went() {
    let html = askama::Template::render(&pages::Gallery::sample()).unwrap();
    let third = html.split("<li class=\"card\">").nth(3).unwrap();
    insta::assert_snapshot!(words(third, "<div", "<li class=\"card\">"), @r"
    64
    Votre meilleur résultat&nbsp;: 64 sur 100
    Au téléphone
    Technique
    Troisième appel pour une fuite
    Un locataire rappelle, furieux : sa fuite attend depuis trois semaines.
    apaiser la colère
    reformuler
    évaluer l’urgence
    Difficulté 2 sur 3&nbsp;:
    Soutenue
    10&nbsp;min
    3 essais
    ");
}

#[test]
fn a_turn_carries_its_quotes_and_the_way_to_try_again() {
    let html = askama::Template::render(&pages::Scorecard::sample()).unwrap();
    insta::assert_snapshot!(words(&html, "<li id=\"tour-1\"", "<li id=\"tour-2\""), @r"
    Vous
    0:24
    Agence des Tilleuls, Rive Claire Habitat, bonjour
    1.2.a
    .
    Je vous entends, trois appels sans réponse
    1.2.b
    ,
    il y a de quoi être en colère
    8.1.a
    . Je vous présente nos excuses.
    Reprendre à partir d’ici
    ");
}

#[test]
fn a_mark_says_its_level_its_reason_its_proof_and_what_would_help() {
    let html = askama::Template::render(&pages::Scorecard::sample()).unwrap();
    insta::assert_snapshot!(words(&html, "<li id=\"i-5.2.b\"", "</li>"), @r"
    non observé
    5.2.b
    Les termes employés sont simples, et expliqués s’ils sont techniques
    Deux sigles laissés sans explication.
    «&nbsp;un OS au GTS&nbsp;»
    Comment faire mieux
    Dites qui fait quoi, et quand, avec des mots de tous les jours.
    Par exemple
    «&nbsp;Je préviens le technicien du secteur maintenant ; il vous appelle avant midi.&nbsp;»
    C05 · CR 5.2
    à valider par un formateur
    ");
}

#[test]
fn every_change_of_the_curve_is_told() {
    let html = askama::Template::render(&pages::Scorecard::sample()).unwrap();
    insta::assert_snapshot!(words(&html, "<ol class=\"changes\"", "</ol>"), @r"
    Tour 1
    de 7 à 5
    Vous avez reconnu sa colère et présenté des excuses.
    Tour 3
    de 5 à 7
    Deux sigles inexpliqués et un délai vague.
    Tour 4
    de 7 à 5
    Vous avez reformulé exactement sa demande.
    Tour 5
    de 5 à 3
    Un nom, une heure, une consigne claire.
    ");
}

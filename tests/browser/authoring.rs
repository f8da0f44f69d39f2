//! A trainer's own situation in a real browser: copied, broken, mended, tried, published and assigned.

use crate::day::{code, joined, opened};
use crate::harness::{Browser, Service};
use crate::{FIELD_READY, answered};

#[tokio::test]
async fn a_situation_is_copied_broken_mended_tried_published_and_assigned() {
    let Some(claire) = Browser::open(1440, 1000).await else { return };
    let nadia = Browser::open(420, 800).await.expect("a second browser opens");
    let mut service = Service::start();
    let group = opened(&claire, &mut service).await;
    let code = code(&claire, &service, &group).await;
    joined(&nadia, &service, &code, "Nadia B.").await;

    // Copied.
    claire.open_page(&service, "/writing/new").await;
    claire.click("#from option[value=\"file:panne-chauffage\"]").await;
    claire.fill("#title", "Le froid au rez-de-chaussée").await;
    claire.press("Créer la fiche").await;
    claire.until("the form", "document.querySelector('[data-writing]')").await;
    let writing = claire.ask("location.pathname").await.as_str().unwrap().to_owned();
    assert!(claire.texts("[data-state]").await.join("").contains("Aucune faute"));

    // Broken: told at the field while it is typed, and in the frame beside.
    claire.open_page(&service, &format!("{writing}?part=scene")).await;
    claire.fill("#champ-difficulty", "9").await;
    claire
        .until("the fault", "document.querySelector('#champ-difficulty-faute').innerText.includes('9 est hors')")
        .await;
    claire.until("it is counted", "document.querySelector('[data-state]').innerText.includes('1 faute')").await;
    claire.press("Essayer ici").await;
    in_frame(&claire, "why it cannot be played", "document.body.innerText.includes('Pas encore jouable')").await;

    // Mended, the fault goes by itself; tried unsaved, with what the machine hears beside.
    claire.fill("#champ-difficulty", "2").await;
    claire.until("no fault", "document.querySelector('[data-state]').innerText.includes('Aucune faute')").await;
    claire.press("Essayer ici").await;
    in_frame(&claire, "the exchange", FIELD_READY).await;
    claire.page.clone().enter_frame(0).await.unwrap();
    claire.click("#mots").await;
    claire.keys("Rive Claire Habitat, bonjour, depuis quand n'avez-vous plus de chauffage ?\u{e007}").await;
    claire.until("an answer", &answered(1)).await;
    claire.page.clone().enter_parent_frame().await.unwrap();
    claire.until("what was heard", "document.querySelectorAll('[data-heard-turns] li').length > 0").await;
    claire.press("Enregistrer").await;
    claire.until("it is saved", "document.querySelector('[data-state]').innerText.includes('Enregistré')").await;

    // Published to the group, and assigned.
    claire.open_page(&service, &format!("{writing}/versions")).await;
    claire.click("[name=group]").await;
    claire.fill("#note", "Première version").await;
    claire.press("Publier").await;
    claire.until("the version", "document.querySelectorAll('#versions ~ div tbody tr').length === 1").await;
    claire.open_page(&service, &format!("{group}/assignments/new")).await;
    claire.fill("#title", "Le froid").await;
    let id = writing.rsplit('/').next().unwrap();
    claire.click(&format!("[name=situation][value=\"{id}\"]")).await;
    claire.press("Demander ce travail").await;
    claire.until("where everybody stands", "document.querySelector('.work-table')").await;

    // The trainee finds it, and rehearses with it.
    nadia.open_page(&service, "/assignments").await;
    assert!(nadia.texts(".todo-name").await.join("").contains("Le froid au rez-de-chaussée"));
    nadia.click(".todo-go button").await;
    nadia.until("the exchange", FIELD_READY).await;
    nadia.keys("Rive Claire Habitat, bonjour, je vous écoute.\u{e007}").await;
    nadia.until("an answer", &answered(1)).await;
    claire.close().await;
    nadia.close().await;
}

/// Waits until a script returns true in the frame beside the form.
async fn in_frame(browser: &Browser, what: &str, condition: &str) {
    let window = "document.querySelector('[data-try]').contentWindow";
    browser.until(what, &format!("{window}.document.body && ((document) => {condition})({window}.document)")).await;
}

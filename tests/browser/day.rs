//! A whole day, in real browsers: from the first account to a published review, a mock exam and a situation of one's own.

use crate::harness::{Browser, Service};
use crate::{FIELD_READY, answered};

/// What somebody signs in with in these tests.
const PASSWORD: &str = "le pont des tilleuls";

/// Makes the first account, and a group; the path of the group.
pub(crate) async fn opened(browser: &Browser, service: &mut Service) -> String {
    let link = service.first_link();
    browser.page.goto(&link).await.unwrap();
    browser.fill("#name", "Claire Martin").await;
    browser.fill("#login", "claire@rive-claire.example").await;
    browser.fill("#password", PASSWORD).await;
    browser.fill("#again", PASSWORD).await;
    browser.press("Enregistrer et entrer").await;
    browser.until("she is known", "document.querySelector('.nav-who')?.innerText === 'Claire Martin'").await;
    // The link worked once.
    browser.page.goto(&link).await.unwrap();
    assert!(browser.texts("#login").await.is_empty(), "the first link works twice");
    browser.open_page(service, "/groups").await;
    browser.press("Créer un groupe").await;
    browser.fill("#name", "Promotion novembre 2026").await;
    browser.press("Créer le groupe").await;
    browser.until("the group", "location.pathname.startsWith('/groups/grp_')").await;
    let path = browser.ask("location.pathname").await;
    let path = path.as_str().unwrap();
    path.strip_suffix("/members").unwrap_or(path).to_owned()
}

/// The code of the group whose members' page is open.
async fn code(browser: &Browser, service: &Service, group: &str) -> String {
    browser.open_page(service, &format!("{group}/members")).await;
    let code = browser.ask("document.querySelector('.join-code').lastChild.textContent").await;
    code.as_str().unwrap().trim().to_owned()
}

/// Somebody joins by the code under a name; their personal link.
pub(crate) async fn joined(browser: &Browser, service: &Service, code: &str, name: &str) -> String {
    browser.forget_everyone().await;
    browser.open_page(service, "/join").await;
    browser.fill("#code", &code.to_lowercase()).await;
    browser.press("Continuer").await;
    browser.fill("#name", name).await;
    browser.press("Rejoindre le groupe").await;
    browser.until("the welcome", "document.querySelector('.address')").await;
    let link = browser.ask("document.querySelector('.address').innerText").await;
    link.as_str().unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_day_from_the_first_account_to_a_published_review() {
    let Some(claire) = Browser::open(1440, 900).await else { return };
    let nadia = Browser::open(420, 800).await.expect("a second browser opens");
    let mut service = Service::start();
    let group = opened(&claire, &mut service).await;
    let code = code(&claire, &service, &group).await;

    // Three trainees join; the last one goes on, by the personal link, as on another day.
    joined(&nadia, &service, &code, "Karim D.").await;
    joined(&nadia, &service, &code, "Lucie <b>T.</b>").await;
    let link = joined(&nadia, &service, &code, "Nadia B.").await;
    nadia.forget_everyone().await;
    nadia.page.goto(&link).await.unwrap();
    nadia.press("Entrer").await;
    nadia.until("she is known", "document.querySelector('.nav-who')?.innerText === 'Nadia B.'").await;
    claire.open_page(&service, &format!("{group}/members")).await;
    let members = claire.ask("document.querySelector('main').innerText").await;
    for name in ["Karim D.", "Lucie <b>T.</b>", "Nadia B."] {
        assert!(members.as_str().unwrap().contains(name), "{name} is not in {members}");
    }

    // Nadia rehearses, Claire follows, and both know it.
    nadia.open_page(&service, "/situations/fuite-colere").await;
    nadia.press("Décrocher").await;
    nadia.until("the line is open", FIELD_READY).await;
    nadia.keys("Agence des Tilleuls, bonjour, je vous écoute.\u{e007}").await;
    nadia.until("an answer", &answered(1)).await;
    claire.open_page(&service, "/live").await;
    claire.press("Nadia B.").await;
    claire.until("the exchange so far", "document.querySelectorAll('[data-thread] li').length >= 2").await;
    nadia.until("who follows", "document.body.innerText.includes('Claire Martin suit cet échange')").await;
    claire.fill("#mot", "Demandez depuis quand l’eau coule.").await;
    claire.press("Souffler").await;
    nadia.until("the whisper", "document.body.innerText.includes('Demandez depuis quand')").await;
    nadia.click("#mots").await;
    nadia.keys("Depuis quand l'eau coule-t-elle ?\u{e007}").await;
    nadia.until("a second answer", &answered(2)).await;
    claire.until("it goes on here too", "document.body.innerText.includes('coule-t-elle')").await;
    nadia.press("Raccrocher").await;
    nadia.click("[data-end-dialog] button[value=end]").await;
    claire
        .until("the end", "document.querySelector('[data-over]') && !document.querySelector('[data-over]').hidden")
        .await;
    claire.close().await;
    nadia.close().await;
}

//! A trainer's day in real browsers: from the first account over an assignment that is followed live to its published
//! review. The mock exam is in `sitting`, a situation of one's own in `authoring`.

use fantoccini::key::Key;

use crate::harness::{Browser, Service};
use crate::{FIELD_READY, answered};

/// What somebody signs in with in these tests.
const PASSWORD: &str = "le pont des tilleuls";

/// Makes the first account, and a group; the path of the group.
pub(crate) async fn opened(browser: &Browser, service: &mut Service) -> String {
    let link = service.first_link();
    opened_by(browser, service, &link).await
}

/// The same by a link that is known.
pub(crate) async fn opened_by(browser: &Browser, service: &Service, link: &str) -> String {
    browser.page.goto(link).await.unwrap();
    browser.fill("#name", "Claire Martin").await;
    browser.fill("#login", "claire@rive-claire.example").await;
    browser.fill("#password", PASSWORD).await;
    browser.fill("#again", PASSWORD).await;
    browser.press("Enregistrer et entrer").await;
    browser.until("she is known", "document.querySelector('.nav-who')?.innerText === 'Claire Martin'").await;
    // The link worked once.
    browser.page.goto(link).await.unwrap();
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
pub(crate) async fn code(browser: &Browser, service: &Service, group: &str) -> String {
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

    set_work(&claire, &service, &group).await;

    // Nadia does what is asked, Claire follows, and both know it.
    nadia.open_page(&service, "/assignments").await;
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
    nadia.press("Écrire la note de transmission").await;
    nadia.click("#service option[value=technique]").await;
    nadia.click("[name=urgency][value=\"24h\"]").await;
    nadia.fill("#summary", "Fuite au plafond de la salle de bains, troisième appel.").await;
    nadia.press("Enregistrer et lire le bilan").await;
    nadia.until("the scorecard", "document.querySelector('.card-page')").await;
    let scorecard = nadia.ask("location.pathname").await;
    assert!(nadia.texts(".tag-validate").await.len() == 1, "the marks are proposals");

    let reason = reviewed(&claire, &service, &group).await;

    // The trainer's word is the mark, the automatic one stays visible as such, and the work is done.
    nadia.open_page(&service, scorecard.as_str().unwrap()).await;
    let told = nadia.texts(".card-page").await.join(" ");
    for part in ["Le mot de Claire Martin", "Un accueil posé.", reason, "Bonne présentation.", "Relu par"] {
        assert!(told.contains(part), "no « {part} » in {told}");
    }
    assert!(nadia.texts(".tag-validate").await.is_empty(), "nothing is left to validate");
    nadia.open_page(&service, "/assignments").await;
    assert_eq!(nadia.texts(".todo-mark").await, ["fait"]);
    claire.open_page(&service, &group).await;
    claire.until("her results", "document.querySelector('main').innerText.includes('Nadia B.')").await;
    claire.close().await;
    nadia.close().await;
}

/// Asks the group for one situation in writing, without advice, twice at most.
async fn set_work(claire: &Browser, service: &Service, group: &str) {
    claire.open_page(service, &format!("{group}/assignments/new")).await;
    claire.fill("#title", "Trois appels pour une fuite").await;
    claire.click("[name=situation][value=\"fuite-colere\"]").await;
    claire.fill("#attempts", "2").await;
    claire.click("[name=mode][value=text]").await;
    claire.press("Demander ce travail").await;
    claire.until("where everybody stands", "document.querySelector('.work-table')").await;
    assert_eq!(claire.texts(".work-table tbody th").await.len(), 3);
}

/// Reviews what waits, with the keyboard alone; the reason given for the mark that was changed.
async fn reviewed(claire: &Browser, service: &Service, group: &str) -> &'static str {
    let enter = Key::Enter.to_string();
    claire.open_page(service, &format!("{group}/reviews")).await;
    claire.tab_to("Nadia B.").await;
    claire.keys(&enter).await;
    claire.until("the review", "document.querySelector('[data-rating]')").await;

    // A word on the first turn.
    claire.tab_until("the first comment", "here.matches('.turn.mine summary')").await;
    claire.keys(&enter).await;
    claire.tab_until("its field", "here.matches('textarea[name^=comment]')").await;
    claire.keys("Bonne présentation.").await;

    // The first mark is changed, with the reason; the others are accepted one by one.
    let radio = "here.matches('[data-mark] input[type=radio]')";
    claire.tab_until("the first mark", radio).await;
    let proposed = claire.ask("document.activeElement.closest('[data-mark]').dataset.proposed").await;
    claire.keys(if proposed == "observed" { "1" } else { "2" }).await;
    claire.tab_until("the reason", "here.matches('textarea[name^=reason]')").await;
    let reason = "Entendu ainsi en séance.";
    claire.keys(reason).await;
    claire.tab_back_until("the mark", radio).await;
    claire.keys("n").await;
    for _ in 0..40 {
        if claire.ask("document.activeElement.value").await == "publish" {
            break;
        }
        claire.keys("a").await;
        claire.keys("n").await;
    }
    assert_eq!(claire.texts("[data-undecided]").await, ["Toutes les cotations sont décidées."]);

    claire.tab_back_until("the word on the whole", "here.id === 'general'").await;
    claire.keys("Un accueil posé.").await;
    claire.tab_to("Publier").await;
    claire.keys(&enter).await;
    claire.until("it is published", "document.querySelector('.word .word-text')").await;
    reason
}

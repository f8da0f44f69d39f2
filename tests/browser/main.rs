//! A trainee in front of a real browser: from the gallery to the scorecard, at the desk and on the telephone, and back
//! in after the service went down in mid-sentence.
//!
//! Skipped, with a line that says so, where there is no chromedriver; in CI (`CI=true`) that is a failure.

#[cfg(feature = "voice")]
mod aloud;
mod authoring;
mod axe;
mod day;
#[path = "../double/mod.rs"]
mod double;
mod every_page;
#[path = "../group/mod.rs"]
mod group;
mod harness;
mod rehearsed;
mod rereading;
mod sitting;
mod sound;

use fantoccini::key::Key;
use harness::{Browser, Service};

const FIELD_READY: &str = "document.querySelector('#mots') && !document.querySelector('#mots').disabled";

/// So many whole turns of the other person stand in the thread, and none is being written.
fn answered(turns: usize) -> String {
    format!(
        "document.querySelectorAll('[data-thread] .theirs').length >= {turns} \
         && document.querySelector('[data-writing]').hidden"
    )
}

#[tokio::test]
async fn a_call_survives_a_service_that_dies_in_mid_sentence_and_ends_in_a_scorecard() {
    let Some(browser) = Browser::open(1440, 900).await else { return };
    let mut service = Service::start();
    browser.page.goto(&service.url("/")).await.unwrap();

    // The gallery filters without scripts, by plain links.
    let all = browser.texts(".card h3").await.len();
    browser.press("Au téléphone").await;
    browser.until("the filter", "location.search === '?channel=phone'").await;
    let calls = browser.texts(".card h3").await;
    assert!(calls.len() < all && calls.iter().any(|title| title == "Troisième appel pour une fuite"), "{calls:?}");

    // The brief, then the call.
    browser.press("Troisième appel pour une fuite").await;
    browser.until("the brief", "document.querySelector('.screen-lines')").await;
    browser.press("Décrocher").await;
    browser.until("the line is open", FIELD_READY).await;
    assert!(browser.texts(".portrait").await.is_empty(), "nobody is seen on the telephone");
    browser.keys("Agence des Tilleuls, bonjour, je vous écoute.\u{e007}").await;
    browser.until("a first answer", &answered(1)).await;

    // The service dies; what is said meanwhile is kept, and told once it is back.
    service.fall();
    browser.until("the loss is told", "!document.querySelector('[data-trouble]').hidden").await;
    browser.keys("Je vous entends, trois appels, il y a de quoi être en colère.\u{e007}").await;
    service.rise();
    browser.until("an answer after the loss", &answered(2)).await;
    browser.until("no more trouble", "document.querySelector('[data-trouble]').hidden").await;
    let before = browser.texts("[data-thread] .turn-words").await;
    assert_eq!(before.len(), 4, "each turn once: {before:?}");
    assert!(browser.texts("[data-pending] li").await.is_empty());

    // Coming back to the page shows the same exchange.
    browser.page.refresh().await.unwrap();
    browser.until("the thread is back", &answered(2)).await;
    assert_eq!(browser.texts("[data-thread] .turn-words").await, before);

    // The drawer is one key away, the moves are buttons and keys.
    browser.until("the line is open again", FIELD_READY).await;
    let drawer = "document.querySelector('[data-drawer]').dataset.open !== undefined";
    let open = browser.ask(drawer).await;
    browser.keys(&Key::F2.to_string()).await;
    browser.until("the drawer moved", &format!("({drawer}) !== {open}")).await;
    browser.click("#mots").await;
    browser.keys(&Key::Escape.to_string()).await;
    browser.keys("1").await;
    browser.until("the call is on hold", "document.querySelector('[data-phase]').dataset.phase === 'on_hold'").await;
    browser.press("Reprendre").await;
    browser.until("the call goes on", FIELD_READY).await;
    browser.keys("Où coule l'eau exactement ? Il y a une lampe ou une prise à côté ?\u{e007}").await;
    browser.until("the fact", "document.querySelector('[data-thread]').innerText.includes('plafonnier')").await;
    let said = "Je préviens le service technique en urgence, il vous rappelle avant midi.";
    browser.keys(&format!("{said}\u{e007}")).await;
    browser.until("it is stored", "document.querySelector('[data-thread]').innerText.includes('avant midi')").await;

    // Hanging up asks first, then leads to the note.
    browser.press("Raccrocher").await;
    browser.click("[data-end-dialog] button[value=end]").await;
    browser.press("Écrire la note de transmission").await;
    browser.press("Enregistrer et lire le bilan").await;
    browser.until("what is missing", "document.querySelectorAll('.fault').length === 3").await;
    browser.click("#service option[value=technique]").await;
    browser.click("[name=urgency][value=\"24h\"]").await;
    browser.click("#summary").await;
    browser.keys("M. Belkacem, fuite au plafond de la salle de bains, eau près du plafonnier.").await;
    browser.press("Enregistrer et lire le bilan").await;

    // The scorecard quotes the trainee, and each quote leads to its turn.
    browser.until("the scorecard", "document.querySelector('.card-page')").await;
    assert_eq!(browser.texts(".axes li h3").await.len(), 4);
    assert!(!browser.texts(".curve-change, .still").await.is_empty(), "the curve is drawn");
    let quotes = browser.texts(".evidence a").await.join(" ");
    assert!(quotes.contains("trois appels"), "{quotes}");
    browser.click(".evidence a").await;
    browser.until("the turn is shown", "document.querySelector('.turn.lit')?.id === location.hash.slice(1)").await;
    assert!(browser.texts(".note-sheet").await[0].contains("M. Belkacem"));

    // Trying again from a turn keeps what came before it.
    browser.click(".turn:nth-of-type(3) .retry button").await;
    browser.until("the second try", FIELD_READY).await;
    browser.until("what came before", &answered(1)).await;
    assert_eq!(browser.texts("[data-thread] .turn-words").await, before[..2]);

    browser.page.goto(&service.url("/conversations")).await.unwrap();
    assert_eq!(browser.texts(".past h3").await.len(), 2);
    assert_eq!(browser.texts(".chart-name").await.len(), 4);
    browser.close().await;
}

#[tokio::test]
async fn someone_at_the_desk_is_received_on_a_narrow_screen_with_the_keyboard_alone() {
    let Some(browser) = Browser::open(360, 740).await else { return };
    let service = Service::start();
    browser.page.goto(&service.url("/situations/voisin-bruit")).await.unwrap();
    browser.tab_to("Accueillir").await;
    browser.keys(&Key::Enter.to_string()).await;
    browser.until("face to face", FIELD_READY).await;
    assert_eq!(browser.texts(".desk-name").await, ["Thierry Vasseur"]);

    // The field has the focus: speaking needs no other key than Enter.
    browser.keys("Bonjour monsieur, je vous écoute, dites-moi ce qui se passe.\u{e007}").await;
    browser.until("an answer", &answered(1)).await;
    let two_lines = format!("Quels bruits entendez-vous ?{}{}Et à quelle heure ?", Key::Shift, Key::Enter);
    browser.keys(&format!("{two_lines}{}{}", Key::Null, Key::Enter)).await;
    browser.until("a second answer", &answered(2)).await;
    assert!(!browser.overflows().await, "the page is wider than the window");

    // Transfer: Escape leads to the moves, 2 asks to which service.
    browser.keys(&Key::Escape.to_string()).await;
    browser.keys("2").await;
    browser.until("the question", "document.querySelector('[data-transfer-dialog]').open").await;
    browser.keys(&Key::Escape.to_string()).await;
    browser.until("back in the field", "document.activeElement.id === 'mots'").await;

    // End: Escape, 5, then the second answer.
    browser.keys(&Key::Escape.to_string()).await;
    browser.keys("5").await;
    browser.until("the question", "document.querySelector('[data-end-dialog]').open").await;
    browser.keys(&Key::Tab.to_string()).await;
    browser.keys(&Key::Enter.to_string()).await;
    browser.until("the end has the focus", "document.activeElement.matches('[data-over]')").await;
    browser.tab_to("Écrire la note de transmission").await;
    browser.keys(&Key::Enter.to_string()).await;
    browser.until("the note", "document.querySelector('#summary')").await;
    assert!(!browser.overflows().await, "the note is wider than the window");
    browser.close().await;
}

#[tokio::test]
async fn a_second_tab_takes_the_exchange_over_and_the_first_says_so() {
    let Some(browser) = Browser::open(1440, 900).await else { return };
    let service = Service::start();
    browser.page.goto(&service.url("/situations/impaye-honte")).await.unwrap();
    browser.press("Accueillir").await;
    browser.until("face to face", FIELD_READY).await;
    browser.keys("Bonjour madame, asseyez-vous, prenez votre temps.\u{e007}").await;
    browser.until("an answer", &answered(1)).await;
    let (first, address) = (browser.page.window().await.unwrap(), browser.page.current_url().await.unwrap());

    let second = browser.page.new_window(true).await.unwrap().handle;
    browser.page.switch_to_window(second).await.unwrap();
    browser.page.goto(address.as_str()).await.unwrap();
    browser.until("the same exchange", &answered(1)).await;
    browser.keys("Vous avez bien fait de venir.\u{e007}").await;
    browser.until("it goes on here", &answered(2)).await;

    browser.page.switch_to_window(first).await.unwrap();
    browser.until("it is told", "document.querySelector('[data-trouble]').innerText.includes('autre fenêtre')").await;
    assert!(browser.ask("document.querySelector('#mots').disabled").await == true);
    browser.page.refresh().await.unwrap();
    browser.until("it comes back here", &answered(2)).await;
    browser.close().await;
}

#[tokio::test]
async fn pages_fit_every_width_and_keep_the_chosen_theme() {
    let Some(browser) = Browser::open(1440, 900).await else { return };
    let service = Service::start();
    let pages =
        ["/", "/?channel=desk", "/situations/panne-chauffage", "/conversations", "/about", "/accessibility", "/non"];
    for width in [320, 768, 1440] {
        browser.narrow(width, 800).await;
        for path in pages {
            browser.page.goto(&service.url(path)).await.unwrap();
            assert!(!browser.overflows().await, "{path} is wider than {width} pixels");
            assert_eq!(browser.texts("h1").await.len(), 1, "{path} has no title");
        }
    }
    let theme = "document.documentElement.dataset.theme ?? ''";
    let first = browser.ask("document.querySelector('[data-theme-word]').innerText").await;
    browser.click("[data-theme-toggle]").await;
    let chosen = browser.ask(theme).await;
    assert!(chosen == "dark" || chosen == "light", "{chosen}");
    browser.page.goto(&service.url("/")).await.unwrap();
    assert_eq!(browser.ask(theme).await, chosen);
    assert_ne!(browser.ask("document.querySelector('[data-theme-word]').innerText").await, first);
    browser.close().await;
}

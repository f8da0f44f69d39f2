//! A mock exam in a real browser: set to a group, sat with the keyboard alone, interrupted, resumed and reported.

use std::time::Duration;

use fantoccini::key::Key;
use serde_json::Value;
use tokio::time::Instant;

use crate::day::{code, joined, opened};
use crate::harness::{Browser, Service};
use crate::{FIELD_READY, answered};

/// Longer than the half minute after which an absence no longer costs time.
const AWAY: Duration = Duration::from_secs(45);

/// What an absence may cost, with the time that the test itself takes.
const COST_MS: u64 = 30_000;

#[tokio::test]
async fn an_exam_is_sat_with_the_keyboard_alone_interrupted_resumed_and_reported() {
    let Some(claire) = Browser::open(1440, 900).await else { return };
    let nadia = Browser::open(1024, 800).await.expect("a second browser opens");
    let mut service = Service::start();
    let group = opened(&claire, &mut service).await;
    let code = code(&claire, &service, &group).await;
    joined(&nadia, &service, &code, "Nadia B.").await;
    claire.open_page(&service, &format!("{group}/assignments/new")).await;
    claire.fill("#title", "Examen blanc").await;
    claire.click("[name=work][value=booklet]").await;
    claire.click("#booklet option[value=bloc1]").await;
    claire.press("Demander ce travail").await;
    claire.until("where everybody stands", "document.querySelector('.work-table')").await;

    nadia.open_page(&service, "/assignments").await;
    nadia.tab_until("the exam", "here.matches('.todo-go button')").await;
    enter(&nadia).await;
    nadia.until("the booklet", "document.querySelector('.booklet-next')").await;
    let booklet = nadia.ask("location.pathname").await.as_str().unwrap().to_owned();
    let parts = nadia.texts(".part").await.len();
    assert_eq!(parts, 16, "four situations of four parts");

    let mut interrupted = false;
    for part in 0..parts {
        nadia.tab_to("Commencer cette partie").await;
        enter(&nadia).await;
        nadia.until("the part", "document.querySelector('[data-sitting]')").await;
        let place = nadia.texts(".sitting-place").await.join("");
        assert!(place.contains(&format!("partie {} sur 16", part + 1)), "{place}");
        if nadia.texts("form[data-autosave]").await.is_empty() {
            talk(&nadia).await;
        } else {
            answer(&nadia).await;
            if !interrupted {
                interrupted = true;
                interrupt(&nadia, &mut service, &booklet).await;
            }
            nadia.tab_until("the end of the part", "here.value === 'finish'").await;
            enter(&nadia).await;
        }
        nadia.until("what comes next", "document.querySelector('.booklet-next, .report')").await;
    }

    // One report, by competence, that leaves open what people judge and tells the interruption.
    nadia.until("the report", "document.querySelector('.report')").await;
    let report = nadia.texts("main").await.join(" ");
    for part in ["Livret passé en entier", "à apprécier par une personne", "C01", "C13", "CR 13.1", "rendues"] {
        assert!(report.contains(part), "no « {part} » in {report}");
    }
    assert_eq!(nadia.texts(".report-competence").await.len(), 13);
    assert!(report.contains("je range les cartons"), "what was written before the interruption is there");

    // The trainer finds it from the assignment, and judges an open answer.
    claire.page.refresh().await.unwrap();
    claire.click(".work-table td a").await;
    claire.until("the report", "document.querySelector('.report')").await;
    let open = claire.texts(".report-form [name=level]").await.len();
    assert!(open > 0, "nothing is left to a person");
    claire.click(".report-competence .report-form [name=level] option[value=\"2\"]").await;
    claire.click(".report-competence .report-form button").await;
    claire.until("it is judged", "document.body.innerText.includes('fixé par le formateur')").await;
    nadia.page.refresh().await.unwrap();
    nadia.until("it is told", "document.body.innerText.includes('fixé par le formateur')").await;
    claire.close().await;
    nadia.close().await;
}

async fn enter(browser: &Browser) {
    browser.keys(&Key::Enter.to_string()).await;
}

/// Receives the person, says three sentences, takes leave.
async fn talk(browser: &Browser) {
    browser.tab_until("the way in", "/Décrocher|Accueillir/.test(here.innerText)").await;
    enter(browser).await;
    browser.until("the exchange", FIELD_READY).await;
    let said = ["Rive Claire Habitat, bonjour, je vous écoute.", "Depuis quand est-ce que cela dure ?"];
    for (spoken, words) in said.iter().enumerate() {
        browser.keys(&format!("{words}{}", Key::Enter)).await;
        browser.until("an answer", &answered(spoken + 1)).await;
    }
    browser.keys(&Key::Escape.to_string()).await;
    browser.keys("5").await;
    browser.until("the question", "document.querySelector('[data-end-dialog]').open").await;
    browser.keys(&Key::Tab.to_string()).await;
    enter(browser).await;
    browser.until("the end has the focus", "document.activeElement.matches('[data-over]')").await;
    browser.tab_until("the way on", "here.matches('[data-over] a')").await;
    enter(browser).await;
}

/// Fills in every field of the part, in the order in which Tab comes by.
async fn answer(browser: &Browser) {
    let order = "Array.from(document.querySelectorAll('[data-person]'), (one) => one.dataset.person).join()";
    let before = browser.ask(order).await;
    if before != "" {
        browser.tab_to("Descendre").await;
        enter(browser).await;
        browser.until("the queue moved", &format!("{order} !== '{}'", before.as_str().unwrap())).await;
    }
    let fields = "form[data-autosave] :is(select, textarea, [type=radio], [type=checkbox])";
    loop {
        let wanted = format!("here.matches('{fields}') || here.value === 'save'");
        browser.tab_until("the next field", &wanted).await;
        let kind = browser.ask("document.activeElement.type ?? ''").await;
        match kind.as_str().unwrap() {
            "select-one" => browser.keys(&Key::Down.to_string()).await,
            "textarea" => browser.keys("Je note qui a appelé, je range les cartons et je rappelle avant midi.").await,
            "radio" | "checkbox" => browser.keys(" ").await,
            _ => return,
        }
    }
}

/// The service dies, and the computer sleeps; some time later both are back.
async fn interrupt(browser: &Browser, service: &mut Service, booklet: &str) {
    browser.until("it is kept", "document.querySelector('[data-kept]').innerText.includes('Enregistré à')").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = left(browser, booklet).await;
    let since = Instant::now();
    service.fall();
    browser.page.goto("about:blank").await.unwrap();
    tokio::time::sleep(AWAY).await;
    service.rise();
    browser.open_page(service, booklet).await;
    let told = browser.texts("main").await.join(" ");
    assert!(told.contains("ce temps vous est rendu"), "{told}");
    browser.tab_to("Reprendre cette partie").await;
    enter(browser).await;
    browser.until("the part again", "document.querySelector('form[data-autosave]')").await;
    let written = browser.ask("Array.from(document.querySelectorAll('textarea'), (field) => field.value).join()").await;
    assert!(written.as_str().unwrap().contains("je range les cartons"), "{written}");
    let (after, took) = (left(browser, booklet).await, u64::try_from(since.elapsed().as_millis()).unwrap());
    let cost = before - after;
    let since_back = took - u64::try_from(AWAY.as_millis()).unwrap();
    assert!(cost <= COST_MS + since_back, "{cost} ms were taken away for {took} ms, {since_back} of them back");
    assert!(cost < took, "the absence cost all of its time");
}

/// What is left of the part under way, in milliseconds.
async fn left(browser: &Browser, booklet: &str) -> u64 {
    let asked = format!(
        "const answer = await fetch('{booklet}/ping', {{ method: 'POST', headers: {{ accept: 'application/json' }} }});
         return (await answer.json()).left_ms;"
    );
    let Value::Number(left) = browser.run(&asked).await else { panic!("no part is under way") };
    left.as_u64().unwrap()
}

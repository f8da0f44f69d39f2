//! A trainee who speaks: a real microphone's path (a WAV file plays the microphone), the small test model, a command that
//! speaks the replies; and what is said when one of them is missing.

use std::path::{Path, PathBuf};

use crate::harness::{Browser, Service};

/// Clips and the small model.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice").join(name)
}

/// A service that recognises the model's sentences, and whose voice says a short « Oui, bien sûr » whatever the words.
fn service() -> Service {
    let model = data("whisper-test-fr.bin");
    let speak = format!("cat {}", data("oui-bien-sur.wav").display());
    Service::with(&["--voice-model", model.to_str().unwrap(), "--voice-threads", "1", "--speak-command", &speak])
}

/// A microphone that plays a file from its beginning each time it is opened.
struct Microphone(tempfile::TempDir);

impl Microphone {
    fn new() -> Microphone {
        let microphone = Microphone(tempfile::tempdir().unwrap());
        microphone.plays("oui-bien-sur.wav");
        microphone
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("microphone.wav")
    }

    fn plays(&self, clip: &str) {
        std::fs::copy(data(clip), self.file()).unwrap();
    }

    async fn browser(&self) -> Option<Browser> {
        let file = format!("--use-file-for-fake-audio-capture={}%noloop", self.file().display());
        let arguments = [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            "--autoplay-policy=no-user-gesture-required",
            &file,
        ];
        Browser::with(1280, 900, &arguments).await
    }
}

const STATE: &str = "document.querySelector('[data-microphone-state]').innerText";
const TROUBLE: &str = "document.querySelector('[data-aloud-trouble]').innerText";

/// From the brief to a call that waits to be picked up.
async fn call(browser: &Browser, service: &Service) {
    browser.page.goto(&service.url("/situations/fuite-colere")).await.unwrap();
    browser.click("[name=aloud][value=on]").await;
    browser.press("Décrocher").await;
    browser.until("the telephone rings", "!document.querySelector('[data-pick-up]')?.hidden").await;
    assert_eq!(browser.ask("document.querySelector('[data-conversation]').dataset.phase").await, "waiting");
}

#[tokio::test]
async fn without_a_model_the_brief_says_how_to_get_voice_and_offers_writing_only() {
    let Some(browser) = Browser::open(1280, 900).await else { return };
    let service = Service::with(&["--models", "tests/data"]);
    browser.page.goto(&service.url("/situations/fuite-colere")).await.unwrap();
    browser
        .until("how to get voice", "document.querySelector('.start').innerText.includes('comptoir voice install')")
        .await;
    assert!(browser.texts("[name=aloud]").await.is_empty());
    browser.press("Décrocher").await;
    browser.until("the line is open", "!document.querySelector('#mots')?.disabled").await;
    assert!(browser.texts("[data-aloud-switch]").await.is_empty());
    browser.close().await;
}

#[tokio::test]
async fn the_brief_says_what_becomes_of_a_voice() {
    let Some(browser) = Browser::open(1280, 900).await else { return };
    let service = service();
    browser.page.goto(&service.url("/situations/fuite-colere")).await.unwrap();
    let words = browser.texts(".ways").await.join(" ");
    for told in
        ["À l’écrit", "À voix haute", "Le micro n’est demandé que si vous parlez", "pas conservé", "Aucune émotion"]
    {
        assert!(words.contains(told), "{told} is missing: {words}");
    }
    browser.close().await;
}

#[tokio::test]
async fn a_refused_or_missing_microphone_is_told_and_the_call_goes_on_in_writing() {
    let service = service();
    let cases = [
        (&["--deny-permission-prompts", "--use-fake-device-for-media-stream"][..], "L’accès au micro est refusé"),
        (&["--use-fake-ui-for-media-stream"][..], "Aucun micro n’a été trouvé"),
    ];
    for (arguments, told) in cases {
        let Some(browser) = Browser::with(1280, 900, arguments).await else { return };
        call(&browser, &service).await;
        browser.click("[data-pick-up-go]").await;
        browser.until(told, &format!("{TROUBLE}.includes('{told}')")).await;
        browser.until("the line is open", "!document.querySelector('#mots').disabled").await;
        assert_eq!(browser.ask(STATE).await, "Micro coupé");
        browser.click("#mots").await;
        browser.keys("Agence des Tilleuls, bonjour, je vous écoute.\u{e007}").await;
        browser.until("an answer", "document.querySelector('[data-thread] .theirs')").await;
        browser.close().await;
    }
}

#[tokio::test]
async fn whoever_chose_to_speak_may_still_write_only() {
    let microphone = Microphone::new();
    let Some(browser) = microphone.browser().await else { return };
    let service = service();
    call(&browser, &service).await;
    browser.press("Continuer à l’écrit").await;
    browser.until("the line is open", "!document.querySelector('#mots').disabled").await;
    assert_eq!(browser.ask("document.querySelector('[data-aloud-bar]').hidden").await, true);
    assert_eq!(
        browser.ask("document.querySelector('[data-aloud-switch]').getAttribute('aria-pressed')").await,
        "false"
    );
    browser.keys("Agence des Tilleuls, bonjour.\u{e007}").await;
    browser.until("an answer", "document.querySelector('[data-thread] .theirs')").await;
    browser.close().await;
}

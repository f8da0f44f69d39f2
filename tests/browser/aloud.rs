//! A trainee who speaks: a real microphone's path (a WAV file plays the microphone), the small test model, a command that
//! speaks the replies; and what is said when one of them is missing.

use std::path::{Path, PathBuf};

use fantoccini::key::Key;

use crate::harness::{Browser, Service};

/// Clips and the small model.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice").join(name)
}

/// A service that recognises the model's sentences, and whose voice says a short « Oui, bien sûr » whatever the words.
fn service() -> Service {
    service_saying(&data("oui-bien-sur.wav"))
}

/// A service whose voice is this file.
fn service_saying(file: &Path) -> Service {
    let model = data("whisper-test-fr.bin");
    let speak = format!("cat {}", file.display());
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

    /// The same after so many seconds of a quiet room.
    fn plays_after(&self, seconds: u32, clip: &str) {
        let mut clip = hound::WavReader::open(data(clip)).unwrap();
        let mut file = hound::WavWriter::create(self.file(), clip.spec()).unwrap();
        for n in 0..seconds * clip.spec().sample_rate {
            file.write_sample(i16::try_from(n * 7_919 % 17).unwrap() - 8).unwrap();
        }
        for sample in clip.samples::<i16>() {
            file.write_sample(sample.unwrap()).unwrap();
        }
        file.finalize().unwrap();
    }

    /// A file in which one clip comes so many times in a row.
    fn repeated(&self, clip: &str, times: usize) -> PathBuf {
        let mut clip = hound::WavReader::open(data(clip)).unwrap();
        let samples: Vec<i16> = clip.samples().map(Result::unwrap).collect();
        let path = self.0.path().join("repeated.wav");
        let mut file = hound::WavWriter::create(&path, clip.spec()).unwrap();
        for sample in samples.iter().cycle().take(samples.len() * times) {
            file.write_sample(*sample).unwrap();
        }
        file.finalize().unwrap();
        path
    }

    /// Speaks one clip in a browser: closes the microphone, if need be, and opens it anew.
    async fn says(&self, browser: &Browser, clip: &str) {
        self.says_after(browser, 0, clip).await;
    }

    async fn says_after(&self, browser: &Browser, seconds: u32, clip: &str) {
        if browser.ask(STATE).await != "Micro coupé" {
            browser.click("button[data-microphone]").await;
            browser.until("the microphone is closed", &format!("{STATE} === 'Micro coupé'")).await;
        }
        self.plays_after(seconds, clip);
        browser.click("button[data-microphone]").await;
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
    browser.until("the telephone rings", "document.querySelector('[data-phase=waiting]')").await;
    browser.until("it can be picked up", "document.querySelector('[data-pick-up]')?.hidden === false").await;
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
    browser.until("the line is open", "document.querySelector('#mots')?.disabled === false").await;
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
    // And may speak again at any time, by the key.
    browser.keys(&Key::F4.to_string()).await;
    browser.until("the microphone is open", &format!("{STATE}.startsWith('Micro ouvert')")).await;
    browser.close().await;
}

/// The trainee's turn with these words stands in the thread.
fn said(words: &str) -> String {
    format!("[...document.querySelectorAll('[data-thread] .mine')].some((turn) => turn.innerText.includes('{words}'))")
}

/// So many answers were said to their end, or cut short, and nobody speaks.
fn voiced(answers: usize) -> String {
    format!(
        "document.querySelectorAll('[data-thread] .theirs').length === {answers} \
         && document.querySelector('[data-writing]').hidden \
         && !document.querySelector('[data-conversation]').hasAttribute('data-voicing')"
    )
}

const SPEAKING: &str = "document.querySelector('[data-conversation]').hasAttribute('data-voicing')";

#[tokio::test]
async fn a_call_is_held_aloud_in_three_turns_of_which_one_cuts_in_and_ends_in_a_scorecard() {
    let microphone = Microphone::new();
    let Some(browser) = microphone.browser().await else { return };
    let service = service_saying(&microphone.repeated("au-revoir.wav", 2));
    microphone.plays("bonjour-agence.wav");
    call(&browser, &service).await;
    browser.click("[data-pick-up-go]").await;
    browser.until("the first words", &said("Bonjour, agence de la Rive Claire, je vous écoute.")).await;
    browser.until("the person speaks", SPEAKING).await;
    browser.until("the first answer to its end", &voiced(1)).await;

    microphone.says(&browser, "votre-nom.wav").await;
    browser.until("the second words", &said("me donner votre nom")).await;
    browser.until("the person speaks again", SPEAKING).await;
    microphone.says_after(&browser, 1, "un-technicien.wav").await;
    browser.until("the third words", &said("Un technicien passera demain matin.")).await;
    let cut = "document.querySelectorAll('[data-thread] .theirs .turn-mark').length === 1";
    browser.until("the answer is cut short", cut).await;
    browser.until("a third answer", "document.querySelectorAll('[data-thread] .theirs').length === 3").await;

    // What was misheard is corrected where it stands.
    browser.ask("[...document.querySelectorAll('[data-thread] .turn-correct button')].at(-1).click()").await;
    browser.keys(&format!("{} Avant midi.{}", Key::End, Key::Enter)).await;
    browser.until("the correction", &said("demain matin. Avant midi.")).await;
    let marked =
        "[...document.querySelectorAll('.mine .turn-mark')].some((mark) => mark.innerText.includes('corrigé'))";
    browser.until("it is marked", marked).await;

    // Coming back shows the same: what was said, cut and corrected.
    let thread = browser.texts("[data-thread] .turn-words").await;
    browser.page.refresh().await.unwrap();
    browser.until("the thread is back", "document.querySelectorAll('[data-thread] .theirs').length === 3").await;
    browser.until("the cut too", cut).await;
    browser.until("the correction too", marked).await;
    assert_eq!(browser.texts("[data-thread] .turn-words").await, thread);
    assert_eq!(browser.ask(STATE).await, "Micro coupé", "nothing is heard before a gesture");

    // What was stored says how it was said.
    let transcript = browser.run("return (await fetch(location.pathname + '/transcript.json')).json();").await;
    let turns = transcript["turns"].as_array().unwrap();
    let mine: Vec<_> = turns.iter().filter(|turn| turn["speaker"] == "trainee").collect();
    assert_eq!(mine.len(), 3, "{transcript}");
    assert!(mine.iter().all(|turn| turn["start_ms"].as_u64() < turn["end_ms"].as_u64()), "{transcript}");
    assert_eq!(mine[2]["text"], "Un technicien passera demain matin. Avant midi.", "{transcript}");
    assert_eq!(turns.iter().filter(|turn| turn["interrupted"] == true).count(), 1, "{transcript}");

    browser.press("Raccrocher").await;
    browser.click("[data-end-dialog] button[value=end]").await;
    browser.press("Écrire la note de transmission").await;
    browser.click("#service option[value=technique]").await;
    browser.click("[name=urgency][value=\"24h\"]").await;
    browser.click("#summary").await;
    browser.keys("M. Belkacem, fuite au plafond de la salle de bains.").await;
    browser.press("Enregistrer et lire le bilan").await;
    browser.until("the scorecard", "document.querySelector('.card-page')").await;
    let card = browser.ask("document.querySelector('.card-page').textContent").await;
    for told in ["Avant midi.", "La parole, en chiffres"] {
        assert!(card.as_str().unwrap().contains(told), "{told} is missing: {card}");
    }
    browser.close().await;
}

#[tokio::test]
async fn a_microphone_unplugged_in_mid_sentence_loses_nothing_of_it() {
    let microphone = Microphone::new();
    let Some(browser) = microphone.browser().await else { return };
    let service = service();
    microphone.plays("bonjour-agence.wav");
    call(&browser, &service).await;
    browser
        .ask(
            "(() => { const media = navigator.mediaDevices, ask = media.getUserMedia.bind(media);
               media.getUserMedia = async (wish) => {
                 const stream = await ask(wish);
                 window.unplug = () => stream.getTracks().forEach((track) => { track.stop(); track.dispatchEvent(new Event('ended')); });
                 return stream;
               };
             })()",
        )
        .await;
    browser.click("[data-pick-up-go]").await;
    browser.until("one is heard", &format!("{STATE} === 'On vous entend'")).await;
    browser.until("some words", "document.querySelector('.heard')").await;
    browser.ask("window.unplug()").await;
    browser.until("it is told", &format!("{TROUBLE}.includes('débranché')")).await;
    browser.until("what was said is there", "document.querySelector('[data-thread] .mine')").await;
    browser.until("an answer", "document.querySelector('[data-thread] .theirs')").await;
    // Text goes on.
    browser.click("#mots").await;
    browser.keys("Je vous écoute.\u{e007}").await;
    browser.until("it is said", &said("Je vous écoute.")).await;
    browser.close().await;
}

#[tokio::test]
async fn a_connection_lost_in_mid_sentence_loses_no_word() {
    let microphone = Microphone::new();
    let Some(browser) = microphone.browser().await else { return };
    let mut service = service();
    microphone.plays("bonjour-agence.wav");
    call(&browser, &service).await;
    browser.click("[data-pick-up-go]").await;
    browser.until("one is heard", &format!("{STATE} === 'On vous entend'")).await;
    service.fall();
    browser.until("the loss is told", "!document.querySelector('[data-trouble]').hidden").await;
    service.rise();
    browser.until("the whole turn", &said("Bonjour, agence de la Rive Claire, je vous écoute.")).await;
    browser.until("an answer", "document.querySelector('[data-thread] .theirs')").await;
    assert_eq!(browser.texts("[data-thread] .mine").await.len(), 1);
    browser.close().await;
}

#[tokio::test]
async fn with_a_button_and_a_second_look_words_are_said_when_the_trainee_says_so() {
    let microphone = Microphone::new();
    let Some(browser) = microphone.browser().await else { return };
    let service = service();
    call(&browser, &service).await;
    browser.ask("localStorage.setItem('voice', JSON.stringify({ mode: 'push', before: true, sound: false }))").await;
    browser.page.refresh().await.unwrap();
    browser.until("the telephone rings", "document.querySelector('[data-pick-up]')?.hidden === false").await;
    microphone.plays_after(2, "bonjour-agence.wav");
    browser.click("[data-pick-up-go]").await;
    browser.until("the microphone waits", &format!("{STATE}.startsWith('Micro prêt')")).await;

    // The key, pressed shortly, opens; pressed again it closes.
    browser.keys(&Key::F4.to_string()).await;
    browser.until("one is heard", &format!("{STATE} === 'On vous entend'")).await;
    tokio::time::sleep(std::time::Duration::from_millis(4500)).await;
    assert_eq!(browser.ask(STATE).await, "On vous entend", "a silence does not end a turn under the button");
    browser.keys(&Key::F4.to_string()).await;
    browser.until("the words are in the field", "document.querySelector('#mots').value.length > 0").await;
    assert!(browser.texts("[data-thread] .mine").await.is_empty(), "nothing is said yet");
    assert_eq!(browser.ask("document.activeElement.id").await, "mots");
    let words = browser.ask("document.querySelector('#mots').value").await;
    browser.keys(&format!(" Merci.{}", Key::Enter)).await;
    browser.until("they are said", &said("Merci.")).await;
    let mine = browser.texts("[data-thread] .mine .turn-words").await;
    assert_eq!(mine, [format!("{} Merci.", words.as_str().unwrap())]);
    assert_eq!(browser.texts("[data-thread] .turn-correct").await.len(), 1, "it was said aloud: it can be corrected");
    browser.close().await;
}

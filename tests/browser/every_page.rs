//! Every page in a real browser: at phone and desktop width, light and dark, held against axe-core, and as a picture.
//!
//! `make pictures` writes the pictures to `docs/pictures`; without it they go to the target folder (`tmp/pictures`).

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use fantoccini::key::Key;

use crate::axe::violations;
use crate::day::{code, joined, opened_by};
use crate::harness::{Browser, Service};
use crate::rehearsed::Rehearsed;
use crate::{FIELD_READY, answered};

/// What a picture shows at most of a long page, in pixels.
const TALLEST: u64 = 1_300;

/// A kind of window: its name, width and height, and how much smaller its pictures are.
struct Window(&'static str, u32, u32, f64);

const WINDOWS: [Window; 2] = [Window("phone", 360, 740, 1.0), Window("desktop", 1440, 900, 0.75)];

/// What every page must fit into: a desktop enlarged four times (WCAG 1.4.10), in pixels.
const NARROWEST: u32 = 320;

/// What reaches beyond the window, and no part of the page scrolls to.
const WIDE: &str = "Array.from(document.querySelectorAll('body *'), (one) => \
    one.getBoundingClientRect().right > innerWidth && !one.closest('.table-scroll') ? one.outerHTML.slice(0, 120) : null) \
    .filter(Boolean).slice(-3)";

/// What an A4 page holds between its margins, in pixels of 1/96 inch.
const PAPER: (u32, u32) = (688, 960);

/// Name, and whether the system wishes it dark.
const THEMES: [(&str, bool); 2] = [("light", false), ("dark", true)];

/// A browser that looks at one page after the other.
struct Look {
    browser: Browser,
    folder: PathBuf,
    wrong: Vec<String>,
}

impl Look {
    async fn open() -> Option<Look> {
        let wanted = std::env::var_os("COMPTOIR_PICTURES").map(PathBuf::from);
        let folder = wanted.unwrap_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pictures"));
        std::fs::create_dir_all(&folder).unwrap();
        Some(Look { browser: Browser::with(1440, 900, &["--hide-scrollbars"]).await?, folder, wrong: Vec::new() })
    }

    /// Goes to a page and looks at it.
    async fn at(&mut self, service: &Service, name: &str, path: &str) {
        self.browser.open_page(service, path).await;
        self.here(name).await;
    }

    /// Looks at the page that is open, in every window and theme.
    async fn here(&mut self, name: &str) {
        let browser = &self.browser;
        browser.until(name, "document.readyState === 'complete' && document.querySelector('h1')").await;
        browser.narrow(NARROWEST, 640).await;
        if browser.overflows().await {
            let wide = browser.ask(WIDE).await;
            self.wrong.push(format!("{name}: wider than {NARROWEST} pixels: {wide}"));
        }
        for Window(window, width, height, scale) in WINDOWS {
            browser.narrow(width, height).await;
            for (theme, dark) in THEMES {
                let name = format!("{name}-{window}-{theme}");
                browser.wishes_dark(dark).await;
                // Colours change over a moment.
                browser.until(&name, "document.getAnimations().every((one) => one.playState !== 'running')").await;
                if browser.overflows().await {
                    self.wrong.push(format!("{name}: wider than the window: {}", browser.ask(WIDE).await));
                }
                self.wrong.extend(violations(browser).await.into_iter().map(|fault| format!("{name}: {fault}")));
                // What sticks to the foot of the window belongs at the foot of the picture.
                if browser.ask("document.querySelector('.page-conversation')").await.is_null() {
                    let all = browser.ask("document.documentElement.scrollHeight").await.as_u64().unwrap();
                    browser.narrow(width, u32::try_from(all.min(TALLEST)).unwrap().max(height)).await;
                }
                let picture = browser.picture(TALLEST, scale).await;
                std::fs::write(self.folder.join(format!("{name}.webp")), picture).unwrap();
                browser.narrow(width, height).await;
            }
        }
        browser.narrow(1440, 900).await;
        browser.wishes_dark(false).await;
    }

    /// Looks at the page that is open as it is printed: nothing is cut on the right, nothing is there only to be pressed.
    async fn printed(&mut self, name: &str) {
        let browser = &self.browser;
        browser.narrow(PAPER.0, PAPER.1).await;
        browser.on_paper(true).await;
        let cut = "Array.from(document.querySelectorAll('main *')).filter((one) => one.checkVisibility() \
                   && (one.getBoundingClientRect().right > innerWidth + 1 || one.matches('button, select'))) \
                   .map((one) => one.outerHTML.slice(0, 100))";
        for cut in serde_json::from_value::<Vec<String>>(browser.ask(cut).await).unwrap() {
            self.wrong.push(format!("{name}: cut on paper, or there only to be pressed: {cut}"));
        }
        std::fs::write(self.folder.join(format!("{name}-paper.webp")), browser.picture(TALLEST, 1.0).await).unwrap();
        browser.on_paper(false).await;
        browser.narrow(1440, 900).await;
    }

    /// Writes the list of pictures, and fails if a page was wrong.
    async fn end(self) {
        self.browser.close().await;
        std::fs::write(self.folder.join("README.md"), index(&self.folder)).unwrap();
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

/// The page that shows the pictures of a folder.
fn index(folder: &std::path::Path) -> String {
    let files = std::fs::read_dir(folder).unwrap();
    let names = files.filter_map(|file| file.unwrap().file_name().into_string().ok());
    let pages: BTreeSet<String> =
        names.filter_map(|name| Some(name.strip_suffix("-desktop-light.webp")?.to_owned())).collect();
    let paper = |page: &str| folder.join(format!("{page}-paper.webp")).exists();
    let mut text = "# Every page\n\nAt phone and desktop width, light and dark; regenerated by `make pictures`. Long \
                    pages are cut. Everybody in them is made up.\n"
        .to_owned();
    for page in pages {
        let _ = write!(text, "\n## {page}\n\n| phone, light | phone, dark | desktop, light | desktop, dark |\n");
        text.push_str("| --- | --- | --- | --- |\n|");
        for Window(window, ..) in WINDOWS {
            for (theme, _) in THEMES {
                let name = format!("{page}-{window}-{theme}");
                let _ = write!(text, " [![{name}]({name}.webp)]({name}.webp) |");
            }
        }
        text.push('\n');
        if paper(&page) {
            let _ = write!(text, "\nOn paper:\n\n[![{page}-paper]({page}-paper.webp)]({page}-paper.webp)\n");
        }
    }
    text
}

/// Presses the button of a form that reads so, and waits for the page that follows.
async fn submit(browser: &Browser, button: &str, then: &str) {
    browser.click(button).await;
    browser.until(then, &format!("document.querySelector('{then}')")).await;
}

/// Sends a form as a page of the service would; where it led.
async fn post(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let fields = serde_json::to_string(fields).unwrap();
    let sent = format!(
        "const answer = await fetch('{path}', {{ method: 'POST', body: new URLSearchParams({fields}) }});
         if (!answer.ok) throw new Error(answer.status + ' ' + (await answer.text()).slice(0, 2000));
         return new URL(answer.url).pathname;"
    );
    browser.run(&sent).await.as_str().unwrap().to_owned()
}

/// Decides every mark of the rating that is open alike, except the first, with words, and hands it in.
async fn rate(browser: &Browser, level: &str, first: &str) {
    browser.until("the rating", "document.querySelector('[data-rating]')").await;
    let decide = format!(
        "const marks = [...document.querySelectorAll('[data-mark]')];
         for (const [at, mark] of marks.entries()) {{
           const proposed = mark.dataset.proposed;
           const wanted = at === 0 ? '{first}' : proposed ?? '{level}';
           mark.querySelector(`input[value=${{wanted}}]`).click();
           if (at === 0) mark.querySelector('[name^=reason]').value = 'Le ton de la voix le disait déjà.';
         }}
         const turn = document.querySelector('.turn.mine textarea');
         if (turn) turn.value = 'Bon réflexe : vous laissez parler avant de questionner.';
         const general = document.querySelector('#general');
         if (general) general.value = 'Un accueil posé. La prochaine fois, redites la demande avant de répondre.';"
    );
    browser.run(&decide).await;
    browser.click("button[value=publish]").await;
    browser
        .until("it is handed in", "!document.querySelector('[data-rating]') || document.querySelector('#a-revoir')")
        .await;
    assert!(browser.texts("#a-revoir").await.is_empty(), "{:?}", browser.texts("#a-revoir").await);
}

#[tokio::test]
async fn pages_for_everyone_break_no_rule_of_accessibility() {
    let Some(mut look) = Look::open().await else { return };
    let mut service = Service::start();
    for (name, path) in [
        ("gallery", "/"),
        ("brief-phone", "/situations/fuite-colere"),
        ("brief-desk", "/situations/voisin-bruit"),
        ("conversations-empty", "/conversations"),
        ("about", "/about"),
        ("model", "/model"),
        ("rights", "/rights"),
        ("accessibility", "/accessibility"),
        ("error", "/non"),
        ("sign-in", "/sign-in"),
        ("join", "/join"),
        ("link-gone", "/link/perdu"),
    ] {
        look.at(&service, name, path).await;
    }
    let link = service.first_link();
    let path = link[link.find("/welcome/").unwrap()..].to_owned();
    look.at(&service, "welcome", &path).await;
    look.browser.fill("#password", "court").await;
    submit(&look.browser, "main form button", ".fault").await;
    look.here("welcome-faulty").await;

    // The first account, a group, somebody who joins it.
    let group = opened_by(&look.browser, &service, &link).await;
    let code = code(&look.browser, &service, &group).await;
    look.here("members-none").await;
    look.at(&service, "group-none", &group).await;
    look.browser.forget_everyone().await;
    look.at(&service, "join-group", &format!("/join/{code}")).await;
    let own = joined(&look.browser, &service, &code, "Nadia B.").await;
    look.here("joined").await;
    look.browser.forget_everyone().await;
    look.at(&service, "personal-link", &own[own.find("/link/").unwrap()..]).await;
    look.browser.open_page(&service, "/sign-in").await;
    look.browser.fill("#login", "claire@rive-claire.example").await;
    look.browser.fill("#password", "pas celui-là").await;
    submit(&look.browser, "main form button", "[role=alert]").await;
    look.here("sign-in-wrong").await;
    look.end().await;
}

#[tokio::test]
async fn a_trainees_pages_break_no_rule_of_accessibility() {
    let Some(mut look) = Look::open().await else { return };
    let world = Rehearsed::start(3, 6).await;
    let (service, group) = (&world.service, world.group());
    let (read, unread) = (world.conversation(0, 0), world.conversation(0, 1));

    // What her trainer has asked for and said.
    look.browser.become_holder_of(service, &world.claire).await;
    look.browser.open_page(service, &group).await;
    let (three, leak) = (("situation", "impaye-honte"), ("situation", "fuite-colere"));
    let work = [("title", "Avant jeudi"), ("work", "situations"), three, leak, ("mode", "either"), ("hints", "on")];
    post(&look.browser, &format!("{group}/assignments"), &work).await;
    look.browser.open_page(service, &format!("{read}/review")).await;
    rate(&look.browser, "partial", "observed").await;

    look.browser.become_holder_of(service, &world.amina).await;
    for (name, path) in [
        ("gallery-trainee", "/"),
        ("assignments-mine", "/assignments"),
        ("conversations", "/conversations"),
        ("record-mine", "/record"),
        ("scorecard", unread.as_str()),
        ("scorecard-reviewed", read.as_str()),
        ("account", "/account"),
        ("booklets", "/booklets"),
    ] {
        let path = if name.starts_with("scorecard") { format!("{path}/scorecard") } else { path.to_owned() };
        look.at(service, name, &path).await;
        if ["record-mine", "scorecard", "scorecard-reviewed"].contains(&name) {
            look.printed(name).await;
        }
    }

    // Rooms, whatever was said in them, and what comes after.
    for (name, situation) in [("desk", "impaye-honte"), ("phone", "fuite-colere")] {
        let (words, browser) = ("Rive Claire Habitat, bonjour, je vous écoute.", &look.browser);
        browser.open_page(service, &format!("/situations/{situation}")).await;
        browser.click("main form [type=submit]").await;
        browser.until("the room", FIELD_READY).await;
        browser.keys(&format!("{words}{}", Key::Enter)).await;
        browser.until("an answer", &answered(1)).await;
        look.here(&format!("room-{name}")).await;
    }
    look.browser.press("Raccrocher").await;
    look.here("room-phone-end").await;
    look.browser.click("[data-end-dialog] button[value=end]").await;
    look.browser.press("Écrire la note de transmission").await;
    look.browser.until("the note", "document.querySelector('#summary')").await;
    look.here("handoff").await;
    submit(&look.browser, "main form button[type=submit]", ".fault").await;
    look.here("handoff-faulty").await;
    look.end().await;
}

#[tokio::test]
async fn an_exams_pages_break_no_rule_of_accessibility() {
    let Some(mut look) = Look::open().await else { return };
    let world = Rehearsed::start(1, 1).await;
    let service = &world.service;
    look.browser.become_holder_of(service, &world.amina).await;
    look.browser.open_page(service, "/booklets").await;
    submit(&look.browser, ".booklet-card button", ".booklet-next").await;
    let booklet = look.browser.ask("location.pathname").await.as_str().unwrap().to_owned();
    look.here("exam").await;
    let mut seen = BTreeSet::new();
    while !look.browser.texts(".booklet-next form").await.is_empty() {
        submit(&look.browser, ".booklet-next form button", "[data-sitting]").await;
        let kinds = [
            ("queue", "[data-queue]"),
            ("scene", ".scene-drawing"),
            ("exchange", ".booklet-brief"),
            ("note", "#summary"),
            ("questions", "form[data-autosave]"),
        ];
        let mut kind = "";
        for (name, mark) in kinds.into_iter().rev() {
            if !look.browser.texts(mark).await.is_empty() {
                kind = name;
            }
        }
        if seen.insert(kind) {
            look.here(&format!("exam-{kind}")).await;
        }
        if kind == "exchange" {
            look.browser.click("main form [type=submit]").await;
            look.browser.until("the room", FIELD_READY).await;
            look.browser.keys("Bonjour, je vous écoute.\u{e007}").await;
            look.browser.until("an answer", &answered(1)).await;
            if seen.insert("room") {
                look.here("exam-room").await;
            }
            look.browser.click("[data-move=end]").await;
            look.browser.click("[data-end-dialog] button[value=end]").await;
            submit(&look.browser, "[data-over]:not([hidden]) a", ".booklet-next").await;
        } else {
            let fill = "for (const field of document.querySelectorAll('main textarea'))
                  field.value = 'Je range les cartons, je note qui attend et je rappelle avant midi.';
                for (const field of document.querySelectorAll('main select')) field.selectedIndex = 1;
                document.querySelectorAll('main [type=radio]')[1]?.click();
                document.querySelectorAll('main [type=checkbox]')[0]?.click();";
            look.browser.run(fill).await;
            submit(&look.browser, "main [name=intent][value=finish]", ".booklet-next, .report").await;
        }
    }
    assert_eq!(seen, BTreeSet::from(["exchange", "note", "questions", "queue", "room", "scene"]));
    look.at(service, "exam-report", &format!("{booklet}/report")).await;
    look.printed("exam-report").await;
    look.at(service, "booklets-sat", "/booklets").await;
    look.browser.become_holder_of(service, &world.claire).await;
    look.at(service, "exam-report-trainer", &format!("{booklet}/report")).await;
    look.end().await;
}

#[tokio::test]
async fn a_trainers_pages_break_no_rule_of_accessibility() {
    let Some(mut look) = Look::open().await else { return };
    let world = Rehearsed::start(8, 6).await;
    let (service, group) = (&world.service, world.group());
    look.browser.become_holder_of(service, &world.claire).await;
    look.browser.open_page(service, &group).await;
    let leak = ("situation", "fuite-colere");
    let due = ("due", "2099-12-31");
    let work = [("title", "Avant jeudi"), ("work", "situations"), leak, ("mode", "text"), due, ("attempts", "3")];
    let assignment = post(&look.browser, &format!("{group}/assignments"), &work).await;
    let second = format!("{}/review/second", world.conversation(1, 0));
    post(&look.browser, &second, &[("trainer", &world.omar_id.to_string())]).await;
    for (token, first) in [(&*world.claire, "observed"), (world.omar, "missed")] {
        look.browser.become_holder_of(service, token).await;
        look.browser.open_page(service, &format!("{}/review", world.conversation(1, 0))).await;
        if token == world.claire {
            look.here("review-blind").await;
        }
        rate(&look.browser, "partial", first).await;
    }
    look.browser.become_holder_of(service, &world.claire).await;
    look.browser.open_page(service, &format!("{}/review", world.conversation(2, 0))).await;
    rate(&look.browser, "partial", "observed").await;
    look.browser.open_page(service, "/calibration/fuite-colere-e").await;
    look.here("calibration-rate").await;
    rate(&look.browser, "partial", "observed").await;
    look.here("calibration-compare").await;

    let person = format!("/people/{}", world.made.trainees[3]);
    for (name, path) in [
        ("groups", "/groups".to_owned()),
        ("group-new", "/groups/new".to_owned()),
        ("group", group.clone()),
        ("group-indicators", format!("{group}?by=indicators")),
        ("members", format!("{group}/members")),
        ("assignments", format!("{group}/assignments")),
        ("assignment-new", format!("{group}/assignments/new")),
        ("assignment", assignment),
        ("reviews", format!("{group}/reviews")),
        ("review", format!("{}/review", world.conversation(0, 0))),
        ("review-compare", format!("{}/review/compare", world.conversation(1, 0))),
        ("scorecard-trainer", format!("{}/scorecard", world.conversation(2, 0))),
        ("agreement", format!("{group}/agreement")),
        ("calibration", "/calibration".to_owned()),
        ("record", person),
        ("live-none", "/live".to_owned()),
    ] {
        look.at(service, name, &path).await;
    }
    look.browser.open_page(service, &format!("{group}/members")).await;
    look.browser.run("document.querySelectorAll('main details').forEach((one) => one.open = true);").await;
    look.browser.fill("textarea[name=names]", "Inès Caron\nJules N’Diaye").await;
    look.browser.press("Ajouter").await;
    look.browser.until("the slips", "document.querySelector('.slips')").await;
    look.here("slips").await;

    // Followed while it goes on.
    let trainee = Browser::open(1024, 800).await.expect("a second browser opens");
    trainee.become_holder_of(service, &world.amina).await;
    trainee.open_page(service, "/situations/fuite-colere").await;
    trainee.press("Décrocher").await;
    trainee.until("the room", FIELD_READY).await;
    trainee.keys("Rive Claire Habitat, bonjour, je vous écoute.\u{e007}").await;
    trainee.until("an answer", &answered(1)).await;
    look.at(service, "live", "/live").await;
    look.browser.press("Amina Benali").await;
    look.browser.until("the exchange so far", "document.querySelectorAll('[data-thread] li').length >= 2").await;
    look.browser.fill("#mot", "Demandez depuis quand l’eau coule.").await;
    look.browser.press("Souffler").await;
    look.here("following").await;
    trainee.until("the whisper", "document.body.innerText.includes('Demandez depuis quand')").await;
    let own = std::mem::replace(&mut look.browser, trainee);
    look.here("room-followed").await;
    look.browser.close().await;
    look.browser = own;
    look.end().await;
}

#[tokio::test]
async fn an_authors_and_an_administrators_pages_break_no_rule_of_accessibility() {
    let Some(mut look) = Look::open().await else { return };
    let world = Rehearsed::start(2, 2).await;
    let service = &world.service;
    look.browser.become_holder_of(service, &world.claire).await;
    look.at(service, "writing-none", "/writing").await;
    look.at(service, "writing-new", "/writing/new").await;
    look.browser.click("#from option[value=\"file:panne-chauffage\"]").await;
    look.browser.fill("#title", "Le froid au rez-de-chaussée").await;
    submit(&look.browser, "form[action=\"/writing\"] button", "[data-writing]").await;
    let writing = look.browser.ask("location.pathname").await.as_str().unwrap().to_owned();
    look.at(service, "writing", &writing).await;
    post(&look.browser, &format!("{writing}/publish"), &[("revision", "1"), ("group", &world.made.group.to_string())])
        .await;
    for part in ["scene", "person", "facts", "temper", "reactions", "lines", "expects", "examples"] {
        look.at(service, &format!("writing-{part}"), &format!("{writing}?part={part}")).await;
    }
    look.browser.open_page(service, &format!("{writing}?part=scene")).await;
    look.browser.fill("#champ-difficulty", "9").await;
    look.browser.until("the fault", "document.querySelector('#champ-difficulty-faute').innerText !== ''").await;
    submit(&look.browser, "button[value=save]", ".fault").await;
    look.here("writing-faulty").await;
    look.at(service, "writing-text", &format!("{writing}/text")).await;
    look.at(service, "writing-versions", &format!("{writing}/versions")).await;
    look.at(service, "writing-list", "/writing").await;

    look.browser.become_holder_of(service, world.anne).await;
    for (name, path) in
        [("accounts", "/accounts"), ("settings", "/settings"), ("log", "/audit"), ("gallery-administrator", "/")]
    {
        look.at(service, name, path).await;
    }
    look.end().await;
}

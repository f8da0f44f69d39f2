//! A real service and a real browser, each on a free port, both ended with the test.

use std::io::{BufRead, BufReader, Lines};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use comptoir::store::Store;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A child process that does not outlive the test, and its output, which must stay open as long as it writes.
struct Process(Child, Lines<BufReader<ChildStdout>>);

impl Drop for Process {
    fn drop(&mut self) {
        // A driver that is killed leaves its browser behind: the whole group ends, also when a test has failed.
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.0.wait();
    }
}

/// Starts a program and reads its output until a line tells the port.
fn start(command: &mut Command, port_in: impl Fn(&str) -> Option<u16>) -> std::io::Result<(Process, u16)> {
    let mut child = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let output = child.stdout.take().expect("the output is piped");
    let mut process = Process(child, BufReader::new(output).lines());
    while let Some(line) = process.1.next() {
        if let Some(port) = port_in(&line?) {
            return Ok((process, port));
        }
    }
    Err(std::io::Error::other("the program ended without telling its port"))
}

/// `comptoir serve` on a fresh database.
pub(crate) struct Service {
    arguments: Vec<String>,
    folder: tempfile::TempDir,
    process: Option<Process>,
    port: u16,
}

impl Service {
    pub(crate) fn start() -> Service {
        Service::with(&[])
    }

    /// With more arguments.
    pub(crate) fn with(arguments: &[&str]) -> Service {
        let mut service = Service::down(arguments);
        service.rise();
        service
    }

    /// On a database that was filled before.
    pub(crate) async fn filled(fill: impl AsyncFnOnce(&Store)) -> Service {
        let mut service = Service::down(&[]);
        let store = Store::open(&service.database()).await.expect("a database");
        fill(&store).await;
        store.close().await;
        service.rise();
        service
    }

    /// Not started yet.
    fn down(arguments: &[&str]) -> Service {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Service { arguments, folder: tempfile::tempdir().unwrap(), process: None, port: 0 }
    }

    fn database(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("comptoir.db").display())
    }

    /// Starts it, again on the port it had.
    pub(crate) fn rise(&mut self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comptoir"));
        command.args(["serve", "--pacing", "0", "--listen", &format!("127.0.0.1:{}", self.port)]);
        command
            .args(["--database-url", &self.database()])
            .args(&self.arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        let port_in = |line: &str| {
            let rest = line.split("http://127.0.0.1:").nth(1)?;
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        };
        let (process, port) = start(&mut command, port_in).expect("the service starts");
        self.process = Some(process);
        self.port = port;
    }

    /// Ends it without warning (`kill -9`).
    pub(crate) fn fall(&mut self) {
        self.process = None;
    }

    /// The link to the first account, which a fresh service tells.
    pub(crate) fn first_link(&mut self) -> String {
        let output = &mut self.process.as_mut().expect("it runs").1;
        let line = output.map_while(Result::ok).find(|line| line.contains("/welcome/")).expect("a link is told");
        line[line.find("http://").unwrap()..].trim().to_owned()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

/// A headless Chromium.
pub(crate) struct Browser {
    pub(crate) page: Client,
    _driver: Process,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// `None`, with a line that says so, where there is no chromedriver; in CI that is a failure.
    pub(crate) async fn open(width: u32, height: u32) -> Option<Browser> {
        Browser::with(width, height, &[]).await
    }

    /// With more arguments.
    pub(crate) async fn with(width: u32, height: u32, more: &[&str]) -> Option<Browser> {
        let mut command = Command::new("chromedriver");
        let port_in =
            |line: &str| line.split("successfully on port ").nth(1)?.trim_end_matches('.').trim().parse().ok();
        let (driver, port) = match start(command.arg("--port=0"), port_in) {
            Ok(started) => started,
            Err(error) => {
                assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "CI has no chromedriver: {error}");
                println!("skipped: chromedriver does not start here ({error})");
                return None;
            }
        };
        let profile = tempfile::tempdir().unwrap();
        let size = format!("--window-size={width},{height}");
        let folder = format!("--user-data-dir={}", profile.path().display());
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            // A smooth scroll would still be under way when the driver clicks.
            "--force-prefers-reduced-motion",
            "--lang=fr",
            size.as_str(),
            folder.as_str(),
        ];
        let arguments = [&arguments[..], more].concat();
        let mut wishes = serde_json::Map::new();
        wishes.insert("goog:chromeOptions".into(), json!({ "args": arguments }));
        wishes.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        let page = ClientBuilder::new(HttpConnector::new())
            .capabilities(wishes)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("the browser opens");
        let browser = Browser { page, _driver: driver, _profile: profile };
        browser.narrow(width, height).await;
        Some(browser)
    }

    /// Sets the size of the page itself, smaller than the smallest window if need be.
    pub(crate) async fn narrow(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Light or dark, as the system would wish.
    pub(crate) async fn wishes_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// The page as on A4 paper with the usual margins, or as on a screen again.
    pub(crate) async fn on_paper(&self, printed: bool) {
        let media = if printed { "print" } else { "" };
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": media, "features": [] })).await;
    }

    /// The page as a picture (WebP), `tallest` pixels of it at most, made smaller by a factor.
    pub(crate) async fn picture(&self, tallest: u64, scale: f64) -> Vec<u8> {
        let size = self.ask("[document.documentElement.clientWidth, document.documentElement.scrollHeight]").await;
        let (width, height) = (size[0].as_u64().unwrap(), size[1].as_u64().unwrap().min(tallest));
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": scale });
        let wanted = json!({ "format": "webp", "quality": 30, "captureBeyondViewport": true, "clip": clip });
        let taken = self.devtools("Page.captureScreenshot", wanted).await;
        BASE64_STANDARD.decode(taken["data"].as_str().expect("a picture")).expect("Base64")
    }

    /// Asks the browser itself.
    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let asked = Devtools { command: command.to_owned(), parameters };
        self.page.issue_cmd(asked).await.expect(command)
    }

    /// Waits until a script returns true.
    pub(crate) async fn until(&self, what: &str, condition: &str) {
        let script = format!("return Boolean({condition});");
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            // A page on its way out answers with an error: ask the next one.
            if matches!(self.page.execute(&script, vec![]).await, Ok(Value::Bool(true))) {
                return;
            }
            if tokio::time::Instant::now() > deadline {
                let text = self.page.execute("return document.body.innerText", vec![]).await;
                panic!("never came: {what}\n{text:?}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What a script returns.
    pub(crate) async fn ask(&self, expression: &str) -> Value {
        self.page.execute(&format!("return {expression};"), vec![]).await.expect(expression)
    }

    /// What a function that may wait returns, given as the body of an `async` function.
    pub(crate) async fn run(&self, body: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {body} }})().then(done, (error) => done({{ failed: String(error) }}));"
        );
        let value = self.page.execute_async(&script, vec![]).await.expect(body);
        assert!(value.get("failed").is_none(), "{value}\n{body}");
        value
    }

    /// The texts of all elements.
    pub(crate) async fn texts(&self, selector: &str) -> Vec<String> {
        let list = self
            .ask(&format!("Array.from(document.querySelectorAll('{selector}'), e => e.innerText ?? e.textContent)"))
            .await;
        serde_json::from_value(list).unwrap()
    }

    pub(crate) async fn click(&self, selector: &str) {
        self.until(selector, &format!("document.querySelector('{selector}')")).await;
        self.page.find(Locator::Css(selector)).await.unwrap().click().await.expect(selector);
    }

    /// Follows the link or presses the button with these words.
    pub(crate) async fn press(&self, words: &str) {
        let path = format!("//*[self::a or self::button][contains(normalize-space(.), \"{words}\")]");
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < deadline {
            if let Ok(found) = self.page.find(Locator::XPath(&path)).await
                && found.is_displayed().await.unwrap_or(false)
            {
                return found.click().await.expect(words);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never shown: {words}");
    }

    /// Writes into a field, in place of what stands there.
    pub(crate) async fn fill(&self, selector: &str, words: &str) {
        self.until(selector, &format!("document.querySelector('{selector}')")).await;
        let field = self.page.find(Locator::Css(selector)).await.unwrap();
        field.clear().await.expect(selector);
        field.send_keys(words).await.expect(selector);
    }

    /// Opens a page of the service.
    pub(crate) async fn open_page(&self, service: &Service, path: &str) {
        self.page.goto(&service.url(path)).await.expect(path);
    }

    /// Whoever holds this session's token is known from now on.
    pub(crate) async fn become_holder_of(&self, service: &Service, token: &str) {
        self.forget_everyone().await;
        let cookie = json!({ "name": "comptoir_session", "value": token, "url": service.url("/") });
        self.devtools("Network.setCookie", cookie).await;
    }

    /// Nobody is known any more in this browser.
    pub(crate) async fn forget_everyone(&self) {
        self.page.delete_all_cookies().await.expect("cookies are deleted");
    }

    /// Types keys where the focus is.
    pub(crate) async fn keys(&self, keys: &str) {
        self.page.active_element().await.unwrap().send_keys(keys).await.expect(keys);
    }

    /// Presses Tab until the focus is where a script wants it: `here` is the element that has it.
    pub(crate) async fn tab_until(&self, what: &str, wanted: &str) {
        self.walk(&Key::Tab.to_string(), what, wanted).await;
    }

    /// The other way: Shift and Tab.
    pub(crate) async fn tab_back_until(&self, what: &str, wanted: &str) {
        self.walk(&format!("{}{}{}", Key::Shift, Key::Tab, Key::Null), what, wanted).await;
    }

    async fn walk(&self, keys: &str, what: &str, wanted: &str) {
        let script = format!("((here) => Boolean({wanted}))(document.activeElement)");
        for _ in 0..400 {
            self.keys(keys).await;
            if self.ask(&script).await == Value::Bool(true) {
                return;
            }
        }
        panic!("Tab never came to {what}");
    }

    /// Presses Tab until the element with these words has the focus.
    pub(crate) async fn tab_to(&self, words: &str) {
        self.tab_until(words, &format!("(here.innerText ?? '').includes(\"{words}\")")).await;
    }

    /// Whether the page is wider than the window.
    pub(crate) async fn overflows(&self) -> bool {
        self.ask("document.documentElement.scrollWidth > window.innerWidth").await == Value::Bool(true)
    }

    pub(crate) async fn close(self) {
        self.page.close().await.unwrap();
    }
}

/// A command of the browser's own protocol, through the driver.
#[derive(Debug)]
struct Devtools {
    command: String,
    parameters: Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for Devtools {
    fn endpoint(
        &self,
        base: &reqwest::Url,
        session: Option<&str>,
    ) -> Result<reqwest::Url, <reqwest::Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &reqwest::Url) -> (axum::http::Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (axum::http::Method::POST, Some(body.to_string()))
    }
}

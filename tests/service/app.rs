//! A whole service for one test: a free port, a fresh database, a fixed clock and seed, words at once.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use comptoir::clock::{Clock, FixedClock, Timestamp};
use comptoir::conversation::{Manners, Player};
use comptoir::entropy::SeededEntropy;
use comptoir::id::{GroupId, Ulid, VisitorId};
use comptoir::library::Library;
use comptoir::lifecycle;
use comptoir::metrics::Metrics;
use comptoir::review::Judge;
use comptoir::server::{Comptoir, Models, Parts, Retention, Settings, Speech};
use comptoir::speech::voices::Voices;
use comptoir::store::{Group, NewAccount, Store, TokenDigest};
use reqwest::cookie::{CookieStore, Jar};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use sqlx::Connection;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::talk::Talk;

/// How a service for a test differs from the usual one.
pub(crate) struct Builder {
    manners: Manners,
    quota: Option<u32>,
    postgres: Option<String>,
    folder: Arc<TempDir>,
    seed: u64,
    settings: Settings,
    now: Timestamp,
    speech: Speech,
    player: Option<Player>,
    models: Models,
    judge: Option<Judge>,
}

#[expect(clippy::disallowed_methods, reason = "the address of the test server comes from the environment")]
pub(crate) fn postgres_address() -> Option<String> {
    std::env::var("COMPTOIR_TEST_POSTGRES").ok()
}

/// Told past the capture of the test harness.
pub(crate) fn tell_skipped() {
    let told = b"SKIPPED on PostgreSQL: COMPTOIR_TEST_POSTGRES is not set\n";
    std::io::Write::write_all(&mut std::io::stderr(), told).unwrap();
}

/// A whole service. [`TestApp::stop`] it at the end: dropping it otherwise fails the test.
pub(crate) struct TestApp {
    pub(crate) address: String,
    pub(crate) store: Store,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) folder: Arc<TempDir>,
    postgres: Option<String>,
    comptoir: Arc<Comptoir>,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<std::io::Result<()>>>,
}

impl Builder {
    pub(crate) fn manners(mut self, manners: Manners) -> Builder {
        self.manners = manners;
        self
    }

    /// A model judges beside the rules.
    pub(crate) fn judge(mut self, judge: Judge) -> Builder {
        self.judge = Some(judge);
        self
    }

    /// What it offers of speech.
    pub(crate) fn speech(mut self, speech: Speech) -> Builder {
        self.speech = speech;
        self
    }

    /// The model that words replies.
    pub(crate) fn player(mut self, player: Player) -> Builder {
        self.player = Some(player);
        self
    }

    pub(crate) fn voices(mut self, voices: Voices) -> Builder {
        self.speech.voices = voices;
        self
    }

    /// The models that it asks.
    pub(crate) fn models(mut self, models: Models) -> Builder {
        self.models = models;
        self
    }

    /// When it opens.
    pub(crate) fn at(mut self, now: Timestamp) -> Builder {
        self.now = now;
        self
    }

    /// The organisation records voices, and keeps them for so many days.
    pub(crate) fn recordings(mut self, days: u16) -> Builder {
        self.settings.recordings = Retention { on: true, days };
        self
    }

    /// Whoever reaches it sees its figures.
    pub(crate) fn shows_figures(mut self) -> Builder {
        self.settings.shows_figures = true;
        self
    }

    /// A proxy tells where requests come from.
    pub(crate) fn trusting(mut self, proxies: &str) -> Builder {
        self.settings.trusted_proxies = proxies.parse().unwrap();
        self
    }

    /// So many pages of 4,096 bytes in the database.
    pub(crate) fn quota(mut self, pages: u32) -> Builder {
        self.quota = Some(pages);
        self
    }

    /// A fresh database of that name on a PostgreSQL server.
    pub(crate) async fn postgres(mut self, server: &str, name: &str) -> Builder {
        let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
        for text in [format!("drop database if exists {name} with (force)"), format!("create database {name}")] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
        let (base, parameters) = server.split_once('?').map_or((server, ""), |(base, rest)| (base, rest));
        let base = &base[..base.rfind('/').unwrap()];
        self.postgres = Some(format!("{base}/{name}?{parameters}"));
        self
    }

    /// The database and the content files of another service.
    pub(crate) fn beside(mut self, other: &TestApp) -> Builder {
        self.folder = Arc::clone(&other.folder);
        self.postgres.clone_from(&other.postgres);
        self.seed += 1;
        self
    }

    pub(crate) async fn start(self) -> TestApp {
        let folder = self.folder.path();
        let quota = self.quota.map(|pages| format!("?max_page_count={pages}")).unwrap_or_default();
        let address = self.postgres.clone().unwrap_or_else(|| format!("sqlite:{}{quota}", database(folder)));
        let store = Store::open(&address).await.unwrap();
        let clock = Arc::new(FixedClock::at(self.now));
        let comptoir = Comptoir::new(Parts {
            store: store.clone(),
            library: Arc::new(Library::open(folder).unwrap()),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(SeededEntropy::new(self.seed)),
            manners: self.manners,
            speech: self.speech,
            player: self.player,
            models: self.models,
            judge: self.judge,
            metrics: Metrics::new(),
            settings: Settings { folder: Some(folder.to_owned()), ..self.settings },
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(lifecycle::run(listener, Arc::clone(&comptoir), async {
            let _ = stopped.await;
        }));
        let (folder, postgres, stop, server) = (self.folder, self.postgres, Some(stop), Some(server));
        TestApp { address, store, clock, folder, postgres, comptoir, stop, server }
    }
}

pub(crate) fn database(folder: &Path) -> String {
    folder.join("comptoir.db").display().to_string()
}

impl TestApp {
    pub(crate) fn builder() -> Builder {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Builder {
            manners: Manners::PATIENT,
            speech: Speech::default(),
            player: None,
            models: Models::default(),
            judge: None,
            quota: None,
            postgres: None,
            folder,
            seed: 1,
            settings: Settings { guests: true, ..Settings::default() },
            now: Timestamp::from_second(1_772_442_000).unwrap(),
        }
    }

    pub(crate) async fn start() -> TestApp {
        TestApp::builder().start().await
    }

    /// Stops softly, and fails if anything is still open.
    pub(crate) async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.server.take().unwrap().await.unwrap().unwrap();
        assert_eq!(self.comptoir.open(), (0, 0), "conversations and sockets left open");
    }

    pub(crate) fn comptoir(&self) -> &Arc<Comptoir> {
        &self.comptoir
    }

    pub(crate) fn visitor(&self) -> Visitor {
        let jar = Arc::new(Jar::default());
        let client =
            comptoir::outgoing::plain().cookie_provider(Arc::clone(&jar)).redirect(Policy::none()).build().unwrap();
        Visitor { address: self.address.clone(), client, jar }
    }

    /// Somebody with an account, signed in.
    pub(crate) async fn signed(&self, name: &str, trainer: bool, administrator: bool) -> Person {
        static MADE: AtomicU64 = AtomicU64::new(1);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let id = VisitorId::new(Ulid::from_parts(self.clock.now().as_millisecond().unsigned_abs(), number.into()));
        let new = NewAccount { id, name: name.to_owned(), credentials: None, trainer, administrator };
        let token = format!("{number:064x}");
        self.store.add_account(&new, &TokenDigest::of(&format!("guest {number}")), self.clock.now()).await.unwrap();
        let until = self.clock.now() + Duration::from_hours(720);
        self.store.open_session(&TokenDigest::of(&token), id, self.clock.now(), until).await.unwrap();
        let visitor = self.visitor();
        let url = format!("http://{}/", self.address).parse().unwrap();
        visitor.jar.add_cookie_str(&format!("comptoir_session={token}; Path=/"), &url);
        Person { id, visitor }
    }

    /// Someone whose browser holds a session's token.
    pub(crate) fn holding(&self, token: &str) -> Visitor {
        let visitor = self.visitor();
        let url = format!("http://{}/", self.address).parse().unwrap();
        visitor.jar.add_cookie_str(&format!("comptoir_session={token}; Path=/"), &url);
        visitor
    }

    /// A trainer, signed in.
    pub(crate) async fn trainer(&self, name: &str) -> Person {
        self.signed(name, true, false).await
    }

    /// A group led by a trainer.
    pub(crate) async fn group(&self, trainer: &Person, name: &str) -> GroupId {
        static MADE: AtomicU64 = AtomicU64::new(1);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let id = GroupId::new(Ulid::from_parts(self.clock.now().as_millisecond().unsigned_abs(), number.into()));
        let group = Group {
            id,
            name: name.to_owned(),
            code: format!("CODE{number}"),
            code_until: None,
            created_at: self.clock.now(),
            archived_at: None,
        };
        self.store.add_group(&group, trainer.id).await.unwrap();
        id
    }

    /// A trainee of a group, signed in.
    pub(crate) async fn trainee(&self, group: GroupId, name: &str) -> Person {
        let person = self.signed(name, false, false).await;
        self.store.add_member(group, person.id, self.clock.now(), self.clock.now()).await.unwrap();
        person
    }

    pub(crate) fn later(&self, by: Duration) {
        self.clock.advance(by);
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        assert!(self.stop.is_none() || std::thread::panicking(), "a TestApp was not stopped");
    }
}

/// Someone with an account, signed in. Used as a [`Visitor`].
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: VisitorId,
    visitor: Visitor,
}

impl std::ops::Deref for Person {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

/// Someone with a browser.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) address: String,
    client: Client,
    jar: Arc<Jar>,
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl Answer {
    async fn read(response: Response) -> Answer {
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, location, kind) = (response.status(), header("location"), header("content-type"));
        Answer { status, location, kind: kind.unwrap_or_default(), text: response.text().await.unwrap() }
    }

    /// The stable code of a problem.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.kind, "application/problem+json", "{self:?}");
        let problem: serde_json::Value = serde_json::from_str(&self.text).unwrap();
        assert_eq!(problem["status"], self.status.as_u16());
        problem["code"].as_str().unwrap().to_owned()
    }
}

impl Visitor {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("http://{}{path}", self.address))
            .header("origin", format!("http://{}", self.address))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::read(request.send().await.unwrap()).await
    }

    /// As a machine: failures are problems.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// A file: its media type and its bytes.
    pub(crate) async fn bytes(&self, path: &str) -> (String, Vec<u8>) {
        let response = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        (kind, response.bytes().await.unwrap().to_vec())
    }

    /// As a browser: failures are pages. Whatever comes must be a page.
    pub(crate) async fn page(&self, path: &str) -> Answer {
        let answer = self.send(self.request(Method::GET, path).header("accept", "text/html")).await;
        assert!(answer.kind.starts_with("text/html") || answer.location.is_some(), "{path}: {answer:?}");
        answer
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::POST, path).form(form)).await
    }

    /// Opens a conversation: its id.
    pub(crate) async fn open(&self, persona: &str) -> String {
        let answer = self.post(&format!("/situations/{persona}/conversations"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        answer.location.unwrap().strip_prefix("/conversations/").unwrap().to_owned()
    }

    pub(crate) fn cookie(&self) -> Option<String> {
        let url = format!("http://{}/", self.address).parse().unwrap();
        self.jar.cookies(&url).map(|cookie| cookie.to_str().unwrap().to_owned())
    }

    /// The same person at another node.
    pub(crate) fn at(&self, other: &TestApp) -> Visitor {
        Visitor { address: other.address.clone(), ..self.clone() }
    }

    /// Opens the socket, and joins from the last event seen.
    pub(crate) async fn join(&self, id: &str, last_seq: u32) -> Talk {
        let mut talk = Talk::connect(self, id).await.unwrap();
        talk.send(&serde_json::json!({"type": "join", "last_seq": last_seq})).await;
        talk
    }
}

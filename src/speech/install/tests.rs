use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_RANGE, IF_RANGE, LOCATION, RANGE};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::*;

const QUICK: Patience = Patience { silence: Duration::from_secs(10), tries: 3, wait: Duration::from_millis(5) };

/// The small model of the tests.
fn model() -> Bytes {
    static MODEL: LazyLock<Bytes> = LazyLock::new(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice/whisper-test-fr.bin");
        fs::read(path).unwrap().into()
    });
    MODEL.clone()
}

/// Its checksum.
fn known() -> Sha256 {
    static SUM: LazyLock<Sha256> = LazyLock::new(|| sum(&model()));
    *SUM
}

fn sum(bytes: &[u8]) -> Sha256 {
    Sha256::from(<[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(bytes)))
}

/// How the server treats one request.
#[derive(Clone, Debug, Default)]
struct Manner {
    /// Cuts the line after so many bytes.
    cut: Option<usize>,
    /// Says nothing more after so many bytes.
    hang: Option<usize>,
    /// Gives the whole file whatever is asked.
    no_range: bool,
    /// Another status instead of the file.
    status: Option<u16>,
    /// Other content from now on, under another name.
    other: Option<Bytes>,
    /// Sends elsewhere, declaring length and checksum.
    linked: Option<(u64, String)>,
}

/// A server with one file, and what was asked of it.
struct Shelf {
    address: String,
    asked: Arc<Mutex<Vec<HeaderMap>>>,
    server: JoinHandle<()>,
    folder: TempDir,
}

impl Drop for Shelf {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shelf {
    /// Treats the n-th request as told, the others well.
    async fn with(manners: Vec<Manner>) -> Shelf {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/model.bin", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let router = Router::new().fallback(move |request: Request| {
            let headers = request.headers().clone();
            let turn = {
                let mut seen = seen.lock().unwrap();
                seen.push(headers.clone());
                seen.len() - 1
            };
            let manner = manners.get(turn).cloned().unwrap_or_default();
            async move { answer(&manner, &headers) }
        });
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Shelf { address, asked, server, folder: tempfile::tempdir().unwrap() }
    }

    fn source(&self) -> Source {
        let url = self.address.parse().unwrap();
        Source { url, file: "ggml-test.bin".into(), bytes: Some(model().len() as u64), sha256: Some(known()) }
    }

    async fn install(&self, source: &Source) -> Result<Installed, InstallError> {
        install(source, self.folder.path(), QUICK, |_| {}).await
    }

    /// The ranges asked for.
    fn ranges(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|h| h.get(RANGE).map_or("-", |range| range.to_str().unwrap()).to_owned()).collect()
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn part(&self) -> PathBuf {
        self.folder.path().join("ggml-test.bin.part")
    }
}

fn answer(manner: &Manner, headers: &HeaderMap) -> axum::http::Response<Body> {
    let builder = axum::http::Response::builder();
    if let Some((bytes, declared)) = &manner.linked {
        let builder = builder.status(302).header(LOCATION, "/elsewhere").header("x-linked-size", *bytes);
        return builder.header("x-linked-etag", format!("\"{declared}\"")).body(Body::empty()).unwrap();
    }
    if let Some(status) = manner.status {
        return builder.status(status).body(Body::empty()).unwrap();
    }
    let content = manner.other.clone().unwrap_or_else(model);
    let etag = if manner.other.is_some() { "\"other\"".to_owned() } else { format!("\"{}\"", known()) };
    let header = |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.to_str().unwrap());
    let range = header(RANGE).and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let same = header(IF_RANGE).is_none_or(|expected| expected == etag);
    let total = content.len();
    let (status, from) = match range {
        Some(from) if same && !manner.no_range && from < total => (206, from),
        Some(from) if same && !manner.no_range && from >= total => (416, total),
        _ => (200, 0),
    };
    let body = content.slice(from..);
    let mut builder = builder.status(status).header(ETAG, etag).header(CONTENT_LENGTH, body.len());
    if status == 206 {
        builder = builder.header(CONTENT_RANGE, format!("bytes {from}-{}/{total}", total - 1));
    } else if status == 416 {
        builder = builder.header(CONTENT_RANGE, format!("bytes */{total}"));
    }
    let piece = |to: usize| stream::iter([Ok(body.slice(..to.min(body.len())))]);
    let body = match (manner.cut, manner.hang) {
        (Some(to), _) => {
            // Past the buffers first, then the cut.
            let cut = stream::once(async {
                tokio::time::sleep(Duration::from_millis(30)).await;
                Err(io::Error::other("cut"))
            });
            Body::from_stream(piece(to).chain(cut))
        }
        (None, Some(to)) => Body::from_stream(piece(to).chain(stream::pending::<io::Result<Bytes>>())),
        (None, None) => Body::from(body),
    };
    builder.body(body).unwrap()
}

fn cut(at: usize) -> Manner {
    Manner { cut: Some(at), ..Manner::default() }
}

#[tokio::test]
async fn a_model_comes_whole_and_is_not_fetched_twice() {
    let shelf = Shelf::with(vec![]).await;
    let mut steps = Vec::new();
    let installed = install(&shelf.source(), shelf.folder.path(), QUICK, |step| steps.push(step)).await.unwrap();
    assert_eq!(fs::read(&installed.path).unwrap(), model());
    assert_eq!((installed.attested, installed.already), (Attested::Known, false));
    assert_eq!(shelf.files(), ["ggml-test.bin"]);
    let total = model().len() as u64;
    assert!(
        steps.contains(&Step::Downloading { at: total, of: Some(total) }) && steps.last() == Some(&Step::Verifying)
    );
    let again = shelf.install(&shelf.source()).await.unwrap();
    assert!(again.already);
    assert_eq!(shelf.ranges(), ["-"]);
}

#[tokio::test]
async fn a_cut_line_is_taken_up_where_it_was_cut() {
    let shelf = Shelf::with(vec![cut(1_000_000), cut(500_000)]).await;
    let installed = shelf.install(&shelf.source()).await.unwrap();
    assert_eq!(fs::read(&installed.path).unwrap(), model());
    assert_eq!(shelf.ranges(), ["-", "bytes=1000000-", "bytes=1500000-"]);
    assert!(shelf.asked.lock().unwrap()[1].contains_key(IF_RANGE));
}

#[tokio::test]
async fn what_came_stays_after_an_interruption_and_the_next_install_goes_on_from_there() {
    let shelf = Shelf::with(vec![Manner { hang: Some(700_000), ..Manner::default() }]).await;
    let source = shelf.source();
    let mut came = 0;
    let (arrived, all) = tokio::sync::oneshot::channel::<()>();
    let mut arrived = Some(arrived);
    tokio::select! {
        done = install(&source, shelf.folder.path(), QUICK, |step| {
            if let Step::Downloading { at, .. } = step {
                came = at;
                if at == 700_000 {
                    drop(arrived.take());
                }
            }
        }) => panic!("{done:?}"),
        _ = all => {}
    }
    assert_eq!(came, 700_000);
    assert_eq!(shelf.files(), ["ggml-test.bin.part", "ggml-test.bin.part.json"]);
    shelf.install(&source).await.unwrap();
    assert_eq!(shelf.ranges(), ["-", "bytes=700000-"]);
    assert_eq!(shelf.files(), ["ggml-test.bin"]);
}

#[tokio::test]
async fn a_silent_line_is_given_up_and_tried_again() {
    let shelf = Shelf::with(vec![Manner { hang: Some(10_000), ..Manner::default() }]).await;
    let hasty = Patience { silence: Duration::from_millis(1500), ..QUICK };
    install(&shelf.source(), shelf.folder.path(), hasty, |_| {}).await.unwrap();
    assert_eq!(shelf.ranges(), ["-", "bytes=10000-"]);
}

#[tokio::test]
async fn a_server_that_knows_no_ranges_gives_it_again_from_the_start() {
    let shelf = Shelf::with(vec![cut(1_000_000), Manner { no_range: true, ..Manner::default() }]).await;
    let installed = shelf.install(&shelf.source()).await.unwrap();
    assert_eq!(fs::read(&installed.path).unwrap(), model());
    assert_eq!(shelf.ranges(), ["-", "bytes=1000000-"]);
}

#[tokio::test]
async fn pieces_of_two_different_files_are_never_put_together() {
    let before = Manner { other: Some(vec![7; model().len()].into()), ..cut(1_000_000) };
    let shelf = Shelf::with(vec![before]).await;
    // Nothing is known of the file beforehand: only the server's name for it tells that it changed.
    let source = Source { bytes: None, sha256: None, ..shelf.source() };
    let installed = shelf.install(&source).await.unwrap();
    assert_eq!(fs::read(&installed.path).unwrap(), model());
    assert_eq!(installed.attested, Attested::Nobody);
    assert_eq!(shelf.ranges(), ["-", "bytes=1000000-"], "it asked to go on, and was given the new file whole");
}

#[tokio::test]
async fn a_part_that_was_complete_is_only_verified() {
    let shelf = Shelf::with(vec![]).await;
    fs::write(shelf.part(), model()).unwrap();
    shelf.install(&shelf.source()).await.unwrap();
    assert_eq!(shelf.ranges(), Vec::<String>::new());
    let origin = Origin { url: shelf.address.clone(), etag: Some(format!("\"{}\"", known())), declared: None };
    fs::remove_file(shelf.folder.path().join("ggml-test.bin")).unwrap();
    fs::write(shelf.part(), model()).unwrap();
    fs::write(shelf.folder.path().join("ggml-test.bin.part.json"), serde_json::to_vec(&origin).unwrap()).unwrap();
    let unknown = Source { bytes: None, sha256: None, ..shelf.source() };
    shelf.install(&unknown).await.unwrap();
    assert_eq!(shelf.ranges(), [format!("bytes={}-", model().len())]);
}

#[tokio::test]
async fn a_wrong_checksum_leaves_nothing_behind() {
    let shelf = Shelf::with(vec![]).await;
    let source = Source { sha256: Some(sum(b"another")), ..shelf.source() };
    let error = shelf.install(&source).await.unwrap_err();
    assert!(matches!(error, InstallError::Checksum { found, .. } if found == known()), "{error}");
    assert_eq!(shelf.files(), Vec::<String>::new());
}

#[tokio::test]
async fn the_checksum_a_server_declares_is_compared_where_none_is_known() {
    let linked = |sum: Sha256| Manner { linked: Some((model().len() as u64, sum.to_string())), ..Manner::default() };
    let shelf = Shelf::with(vec![linked(known()), Manner::default(), linked(sum(b"x"))]).await;
    let source = Source { bytes: None, sha256: None, ..shelf.source() };
    let installed = shelf.install(&source).await.unwrap();
    assert_eq!((installed.attested, installed.sha256), (Attested::Server, known()));
    fs::remove_file(installed.path).unwrap();
    let error = shelf.install(&source).await.unwrap_err();
    assert!(matches!(error, InstallError::Checksum { expected, .. } if expected == sum(b"x")), "{error}");
}

#[tokio::test]
async fn what_is_no_model_is_not_kept_whatever_its_checksum() {
    let page = Bytes::from_static(b"<!doctype html><title>Sign in</title>");
    let shelf = Shelf::with(vec![Manner { other: Some(page.clone()), ..Manner::default() }]).await;
    let source = Source { bytes: None, sha256: Some(sum(&page)), ..shelf.source() };
    assert!(matches!(shelf.install(&source).await, Err(InstallError::NotAModel(ModelFault::NotWhisper(_)))));
    assert_eq!(shelf.files(), Vec::<String>::new());
}

#[tokio::test]
async fn refusals_are_final_and_passing_troubles_are_tried_again() {
    let status = |status| Manner { status: Some(status), ..Manner::default() };
    let shelf = Shelf::with(vec![status(404)]).await;
    let error = shelf.install(&shelf.source()).await.unwrap_err();
    assert!(matches!(error, InstallError::Status { status: 404, .. }), "{error}");
    assert_eq!(shelf.ranges().len(), 1);
    let shelf = Shelf::with(vec![status(503), status(429)]).await;
    shelf.install(&shelf.source()).await.unwrap();
    let shelf = Shelf::with(vec![cut(10); 9]).await;
    let error = shelf.install(&shelf.source()).await;
    assert!(error.is_ok(), "ten bytes at a time is still progress: {error:?}");
    let shelf = Shelf::with(vec![cut(100_000), cut(0), cut(0), cut(0)]).await;
    assert!(matches!(shelf.install(&shelf.source()).await, Err(InstallError::CutOff { at: 100_000 })));
    assert!(shelf.part().exists());
}

#[tokio::test]
async fn nobody_there_is_told_as_such() {
    let shelf = Shelf::with(vec![]).await;
    let source = shelf.source();
    shelf.server.abort();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(matches!(shelf.install(&source).await, Err(InstallError::Unreachable { host, .. }) if host == "127.0.0.1"));
    assert_eq!(shelf.files(), Vec::<String>::new());
}

#[tokio::test]
async fn another_length_than_the_known_one_is_refused_before_anything_comes() {
    let shelf = Shelf::with(vec![]).await;
    let source = Source { bytes: Some(99), ..shelf.source() };
    assert!(matches!(shelf.install(&source).await, Err(InstallError::Size { expected: 99, .. })));
}

#[tokio::test]
async fn a_truncated_model_that_stands_there_is_replaced() {
    let shelf = Shelf::with(vec![]).await;
    fs::write(shelf.folder.path().join("ggml-test.bin"), &model()[..1_000_000]).unwrap();
    let source = Source { bytes: None, ..shelf.source() };
    let installed = shelf.install(&source).await.unwrap();
    assert!(!installed.already);
    assert_eq!(fs::read(&installed.path).unwrap(), model());
}

#[tokio::test]
async fn two_installs_at_once_do_not_write_into_the_same_part() {
    let shelf = Shelf::with(vec![]).await;
    let source = shelf.source();
    let held = Part::open(&shelf.part(), |_, _| {}).unwrap();
    assert!(matches!(shelf.install(&source).await, Err(InstallError::Busy)));
    drop(held);
    shelf.install(&source).await.unwrap();
}

#[tokio::test]
async fn plain_http_from_elsewhere_wants_a_checksum() {
    let folder = tempfile::tempdir().unwrap();
    let url = "http://models.example/ggml.bin".parse().unwrap();
    let source = Source { url, file: "ggml.bin".into(), bytes: None, sha256: None };
    assert!(matches!(install(&source, folder.path(), QUICK, |_| {}).await, Err(InstallError::Unprotected)));
}

#[test]
fn every_model_of_the_catalogue_is_a_source() {
    for model in crate::speech::catalogue::MODELS {
        let source = Source::try_from(model).unwrap();
        assert_eq!((source.url.scheme(), source.bytes), ("https", Some(model.bytes)), "{}", model.name);
    }
}

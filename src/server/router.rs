//! Every address, and what every request passes through.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use super::code::Code;
use super::failure::Failure;
use super::handlers::assignments;
use super::{Comptoir, PublicUrl, assets, failure, handlers, origin, request_id, socket, unread};

/// The longest body: the longest note, every character escaped.
const BODY_BYTES: usize = 64 * 1024;

/// The longest review: every field full, every character escaped.
const REVIEW_BYTES: usize = 2 * 1024 * 1024;
/// The longest form of an exam's part.
const ANSWERS_BYTES: usize = 2 * 1024 * 1024;

/// How long a page may take. Sockets are not concerned: their answer is the upgrade.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everything comes from the service itself; nothing runs that stands in a page.
macro_rules! policy {
    ($framed_by:literal) => {
        concat!(
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors ",
            $framed_by
        )
    };
}
const POLICY: &str = policy!("'none'");
/// The same for what a trainer tries in a frame beside the form.
const FRAMED: &str = policy!("'self'");

/// What is opened in that frame: the trial, its note, its scorecard, what they post to.
const IN_FRAME: [&str; 5] = [
    "/writing/{id}/trials",
    "/conversations/{id}",
    "/conversations/{id}/handoff",
    "/conversations/{id}/scorecard",
    "/conversations/{id}/again",
];

#[expect(clippy::too_many_lines, reason = "one line an address")]
pub(super) fn router(comptoir: Arc<Comptoir>) -> Router {
    let secure = comptoir.settings.public_url.as_ref().is_some_and(PublicUrl::is_secure);
    let set = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    // A player wants to know how long a sound is, and sound hardly shrinks.
    let compressible = DefaultPredicate::new()
        .and(NotForContentType::const_new("audio/"))
        // A workbook is packed already.
        .and(NotForContentType::const_new("application/vnd.openxmlformats"));
    let router = Router::new()
        .route("/", get(handlers::gallery::show))
        .route("/situations/{id}", get(handlers::brief::show))
        .route("/situations/{id}/conversations", post(handlers::start::start))
        .route("/conversations", get(handlers::conversations::show))
        .route("/conversations/{id}", get(handlers::conversation::show))
        .route("/conversations/{id}/socket", get(socket::open))
        .route("/conversations/{id}/voice/{seq}/{n}", get(handlers::voice::sentence))
        .route("/groups/{id}/assignments", get(assignments::list).post(assignments::form::add))
        .route("/groups/{id}/assignments/new", get(assignments::form::new))
        .route("/groups/{id}/assignments/{assignment}", get(assignments::one))
        .route(
            "/groups/{id}/assignments/{assignment}/edit",
            get(assignments::form::edit).post(assignments::form::change),
        )
        .route("/groups/{id}/assignments/{assignment}/close", post(assignments::close))
        .route("/assignments", get(assignments::mine::show))
        .route("/assignments/{id}/booklet", post(assignments::booklet::open))
        .route("/assignments/{id}/situations/{persona}/conversations", post(handlers::start::assigned))
        .route("/live", get(handlers::live::show))
        .route("/conversations/{id}/live", get(handlers::live::follow))
        .route("/conversations/{id}/live/socket", get(socket::following::open))
        .route("/conversations/{id}/handoff", get(handlers::handoff::show).post(handlers::handoff::write))
        .route("/conversations/{id}/scorecard", get(handlers::scorecard::show))
        .route("/conversations/{id}/rereading", get(handlers::rereading::state))
        .route("/conversations/{id}/again", post(handlers::start::again))
        .route("/conversations/{id}/transcript.json", get(handlers::transcript::export))
        .route("/conversations/{id}/recordings/{utterance}", get(handlers::recordings::listen))
        .route("/conversations/{id}/recordings/delete", post(handlers::recordings::delete))
        .route("/groups", get(handlers::groups::list))
        .route("/groups/new", get(handlers::groups::new).post(handlers::groups::make))
        .route("/groups/{id}/members", get(handlers::members::show).post(handlers::groups::change))
        .route("/join", get(handlers::join::show).post(handlers::join::find))
        .route("/join/{code}", get(handlers::join::show_group).post(handlers::join::join))
        .route("/account", get(handlers::account::show).post(handlers::account::change))
        .route("/account/export.json", get(handlers::account::export))
        .route("/accounts", get(handlers::accounts::list).post(handlers::accounts::invite))
        .route("/accounts/{id}", post(handlers::accounts::change))
        .route("/accounts/{id}/export", post(handlers::accounts::export))
        .route("/audit", get(handlers::log::show))
        .route("/settings", get(handlers::settings::show).post(handlers::settings::change))
        .route("/rights", get(handlers::rights::show))
        .route("/sign-in", get(handlers::sign_in::show).post(handlers::sign_in::sign_in))
        .route("/sign-out", post(handlers::sign_in::sign_out))
        .route("/welcome/{token}", get(handlers::welcome::show).post(handlers::welcome::enter))
        .route("/link/{token}", get(handlers::welcome::personal).post(handlers::welcome::enter_personal))
        .route("/groups/{id}", get(handlers::group::show))
        .route("/groups/{id}/export.csv", get(handlers::export::of_group))
        .route("/groups/{id}/export.xlsx", get(handlers::export::of_group))
        .route("/groups/{id}/export.json", get(handlers::export::of_group))
        .route("/people/{id}", get(handlers::record::of_person))
        .route("/people/{id}/export.csv", get(handlers::export::of_person))
        .route("/people/{id}/export.xlsx", get(handlers::export::of_person))
        .route("/people/{id}/export.json", get(handlers::export::of_person))
        .route("/record", get(handlers::record::own))
        .route("/record/export.csv", get(handlers::export::own))
        .route("/record/export.xlsx", get(handlers::export::own))
        .route("/record/export.json", get(handlers::export::own))
        .route("/conversations/{id}/review", get(handlers::review::show).post(handlers::review::write).layer(long()))
        .route("/conversations/{id}/review/request", post(handlers::review::request))
        .route("/conversations/{id}/review/second", post(handlers::review::blind::second))
        .route(
            "/conversations/{id}/review/compare",
            get(handlers::review::blind::compare).post(handlers::review::blind::settle),
        )
        .route("/groups/{id}/reviews", get(handlers::review::lists::show))
        .route("/groups/{id}/agreement", get(handlers::review::agreement::show))
        .route("/calibration", get(handlers::review::calibration::list))
        .route(
            "/calibration/{name}",
            get(handlers::review::calibration::show).post(handlers::review::calibration::write).layer(long()),
        )
        .route("/calibration/{name}/{id}", get(handlers::review::calibration::compare))
        .route("/booklets", get(handlers::booklets::list).post(handlers::booklets::begin))
        .route("/booklets/{id}", get(handlers::booklets::show))
        .route("/booklets/{id}/ping", post(handlers::booklets::ping))
        .route("/booklets/{id}/stop", post(handlers::booklets::stop))
        .route(
            "/booklets/{id}/steps/{step}",
            get(handlers::booklet_step::show)
                .post(handlers::booklet_step::save)
                // An answer far too long comes back as it was typed, with what is wrong.
                .layer(DefaultBodyLimit::max(ANSWERS_BYTES)),
        )
        .route("/booklets/{id}/steps/{step}/enter", post(handlers::booklet_step::enter))
        .route("/booklets/{id}/steps/{step}/conversation", post(handlers::booklet_step::meet))
        .route("/booklets/{id}/report", get(handlers::booklet_report::show))
        .route("/booklets/{id}/marks", post(handlers::booklet_report::judge))
        .route("/booklets/{id}/time", post(handlers::booklet_report::grant))
        .route("/about", get(handlers::about::about))
        .route("/model", get(handlers::model::show))
        .route("/accessibility", get(handlers::about::accessibility))
        .route("/writing", get(handlers::writing::list::show).post(handlers::writing::list::create))
        .route("/writing/new", get(handlers::writing::list::new))
        .route("/writing/import", post(handlers::writing::import::import).layer(large()))
        .route("/writing/{id}", get(handlers::writing::form::show).post(handlers::writing::form::save).layer(large()))
        .route("/writing/{id}/check", post(handlers::writing::form::check).layer(large()))
        .route(
            "/writing/{id}/text",
            get(handlers::writing::text::show).post(handlers::writing::text::save).layer(large()),
        )
        .route("/writing/{id}/versions", get(handlers::writing::versions::show))
        .route("/writing/{id}/publish", post(handlers::writing::versions::publish))
        .route("/writing/{id}/withdraw", post(handlers::writing::versions::withdraw))
        .route("/writing/{id}/remove", post(handlers::writing::versions::remove))
        .route("/writing/{id}/export", get(handlers::writing::export::export))
        .route("/writing/{id}/trials", post(handlers::writing::trial::start).layer(large()))
        .route("/writing/{id}/trials/{conversation}", get(handlers::writing::trial::heard))
        .fallback(handlers::nothing)
        // Pages hold a visitor's words: no cache keeps them.
        .layer(set(axum::http::header::CACHE_CONTROL, "no-store"))
        .route("/assets/{*path}", get(assets::asset))
        .route("/metrics", get(handlers::metrics::show))
        .route("/livez", get(handlers::health::live))
        .route("/readyz", get(handlers::health::ready))
        .route("/healthz", get(handlers::health::ready))
        .layer(from_fn_with_state(Arc::clone(&comptoir), origin::refuse_others))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, PATIENCE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Arc::clone(&comptoir), failure::tell))
        .layer(from_fn(framed))
        .layer(from_fn_with_state(Arc::clone(&comptoir), unread::read_out))
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(set(CONTENT_SECURITY_POLICY, POLICY))
        .layer(set(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(REFERRER_POLICY, "same-origin"))
        .layer(set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(self)"))
        .layer(from_fn_with_state(Arc::clone(&comptoir), request_id::number));
    let router = if secure { router.layer(set(STRICT_TRANSPORT_SECURITY, "max-age=31536000")) } else { router };
    router.with_state(comptoir)
}

/// Lets what is opened in a frame of the service's own stand there, and what is told instead where it fails.
async fn framed(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let in_frame = path.is_some_and(|path| IN_FRAME.contains(&path.as_str()));
    let mut response = next.run(request).await;
    if in_frame {
        response.headers_mut().entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(FRAMED));
    }
    response
}

/// Whole situations are longer than notes.
fn large() -> DefaultBodyLimit {
    DefaultBodyLimit::max(handlers::writing::BODY_BYTES)
}

/// For forms of many long fields.
fn long() -> DefaultBodyLimit {
    DefaultBodyLimit::max(REVIEW_BYTES)
}

/// A panic ends one request. What it says may hold someone's words: only that it happened is told.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Failure::from(Code::Internal).into_response()
}

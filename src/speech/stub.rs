//! A service made in a test, on this machine's loopback address.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::service::Service;
use crate::outgoing::Secret;

/// What was asked of it.
#[derive(Clone, Debug)]
pub(in crate::speech) struct Asked {
    pub(in crate::speech) path: String,
    pub(in crate::speech) authorization: Option<String>,
    pub(in crate::speech) media_type: String,
    pub(in crate::speech) body: Vec<u8>,
}

/// Status, headers, body.
pub(in crate::speech) type Given = (u16, Vec<(HeaderName, String)>, Vec<u8>);

/// A service that answers as it is told, until it is dropped.
pub(in crate::speech) struct Stub {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    server: JoinHandle<()>,
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Stub {
    /// Answers the n-th request (from 0) as told.
    pub(in crate::speech) async fn answering(given: impl Fn(usize) -> Given + Send + Sync + 'static) -> Stub {
        Stub::start(Some(Arc::new(given))).await
    }

    /// Accepts and says nothing.
    pub(in crate::speech) async fn silent() -> Stub {
        Stub::start(None).await
    }

    async fn start(given: Option<Arc<dyn Fn(usize) -> Given + Send + Sync>>) -> Stub {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let router = Router::new().fallback(move |request: Request| {
            let (seen, given) = (Arc::clone(&seen), given.clone());
            async move {
                let (parts, body) = request.into_parts();
                let header = |name| parts.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
                let (path, authorization) = (parts.uri.path().to_owned(), header(AUTHORIZATION));
                let media_type = header(CONTENT_TYPE).unwrap_or_default();
                let body = to_bytes(body, 64 << 20).await.unwrap().to_vec();
                let turn = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(Asked { path, authorization, media_type, body });
                    seen.len() - 1
                };
                let Some(given) = given else { return std::future::pending().await };
                let (status, headers, body) = given(turn);
                let mut response = Response::new(Body::from(body));
                *response.status_mut() = status.try_into().unwrap();
                for (name, value) in headers {
                    response.headers_mut().insert(name, HeaderValue::from_str(&value).unwrap());
                }
                response
            }
        });
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Stub { address, asked, server }
    }

    pub(in crate::speech) fn service(&self, key: Option<&str>, model: &str) -> Service {
        let key = key.map(|key| key.parse::<Secret>().unwrap());
        Service { address: self.address.parse().unwrap(), key, model: model.to_owned() }
    }

    pub(in crate::speech) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Stops it: where it was, nobody answers.
    pub(in crate::speech) async fn gone(mut self) -> Service {
        let service = self.service(None, "m");
        self.server.abort();
        let _ = (&mut self.server).await;
        service
    }
}

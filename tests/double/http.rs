//! As much of HTTP/1.1 as a client of chat completions needs, and as little control over it as a broken server has.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A request, read whole.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// One connection.
pub(super) struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Line {
    pub(super) fn new(stream: TcpStream) -> Line {
        Line { stream, read: Vec::new() }
    }

    /// The next request; `None` once the other side has closed.
    pub(super) async fn request(&mut self) -> Option<Request> {
        let head = loop {
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break self.read.drain(..end + 4).collect::<Vec<u8>>();
            }
            if self.stream.read_buf(&mut self.read).await.ok()? == 0 {
                return None;
            }
        };
        let head = String::from_utf8(head).ok()?;
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
        let header =
            |line: &str| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        let headers: Vec<(String, String)> = lines.filter_map(header).collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
        while self.read.len() < length {
            if self.stream.read_buf(&mut self.read).await.ok()? == 0 {
                return None;
            }
        }
        let body = self.read.drain(..length).collect();
        Some(Request { method, path, headers, body })
    }

    /// Bytes as they are.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await
    }

    /// An answer of a known length.
    pub(super) async fn whole(&mut self, status: u16, headers: &[(&str, &str)], body: &[u8]) -> io::Result<()> {
        let head = format!("{}content-length: {}\r\n\r\n", head(status, headers), body.len());
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        self.write(&bytes).await
    }

    /// The beginning of an answer in chunks.
    pub(super) async fn open(&mut self, headers: &[(&str, &str)]) -> io::Result<()> {
        let head = head(200, headers) + "transfer-encoding: chunked\r\n\r\n";
        self.write(head.as_bytes()).await
    }

    /// One chunk.
    pub(super) async fn chunk(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
        chunk.extend_from_slice(bytes);
        chunk.extend_from_slice(b"\r\n");
        self.write(&chunk).await
    }

    /// The end of an answer in chunks.
    pub(super) async fn close(&mut self) -> io::Result<()> {
        self.write(b"0\r\n\r\n").await
    }

    /// Waits for a while, or until the other side leaves, which is an error.
    pub(super) async fn wait(&mut self, time: std::time::Duration) -> io::Result<()> {
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            read = self.stream.read_buf(&mut self.read) => match read {
                Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => Ok(()),
                Err(error) => Err(error),
            },
        }
    }
}

fn head(status: u16, headers: &[(&str, &str)]) -> String {
    let lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} .\r\n{}", lines.concat())
}

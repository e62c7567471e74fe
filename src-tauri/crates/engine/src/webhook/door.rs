//! The listener's door: how many may come in at once, and how long one may stand there without a word.
//!
//! Against whoever opens lines and sends nothing, or a byte a second: a line that has given nothing for [`SILENCE`] is closed (after a
//! large call, [`WORKING`]: it waits for its answer, which is given once all of it is stored; nobody unknown has so much read),
//! and while [`LINES`] are open the next ones wait in the system's own queue. A gateway that keeps its line open between two
//! calls finds it closed and opens another, as HTTP allows at any time.
//!
//! These waits are the network's, not the program's: real time, whatever clock the rest was given.
#![expect(clippy::disallowed_methods, reason = "time-outs of a socket are real time")]

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

/// Lines open at once.
const LINES: usize = 64;
/// How long a line may give nothing.
const SILENCE: Duration = Duration::from_secs(5);
/// The same after more than this was read of it.
const WORKING: Duration = Duration::from_secs(60);
const LARGE: usize = 1024 * 1024;
/// How long a line may last in all; what comes without a pause is read to its end. A byte every four seconds is no call.
const LIFE: Duration = Duration::from_secs(600);

/// A listener that lets in so many and no more.
pub(super) struct Door {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Door {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            places: Arc::new(Semaphore::new(LINES)),
        }
    }
}

impl Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            // The semaphore is never closed.
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
                std::future::pending::<()>().await;
                continue;
            };
            match self.listener.accept().await {
                Ok((stream, from)) => return (Line::new(stream, place), from),
                // Out of file descriptors, or a line that was gone before we took it.
                Err(error) => {
                    tracing::warn!(%error, "a webhook line could not be taken");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One line. Reading from it ends with an error once it has been silent, or open, for too long.
pub(super) struct Line {
    stream: TcpStream,
    patience: Pin<Box<Sleep>>,
    ends: Instant,
    /// Bytes read.
    read: usize,
    _place: OwnedSemaphorePermit,
}

impl Line {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit) -> Self {
        Self {
            stream,
            patience: Box::pin(tokio::time::sleep(SILENCE)),
            ends: Instant::now() + LIFE,
            read: 0,
            _place: place,
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut this.stream).poll_read(cx, buf) {
            this.read = this.read.saturating_add(buf.filled().len() - before);
            let silence = if this.read > LARGE { WORKING } else { SILENCE };
            let next = (Instant::now() + silence).min(this.ends);
            this.patience.as_mut().reset(next);
            return Poll::Ready(read);
        }
        this.patience
            .as_mut()
            .poll(cx)
            .map(|()| Err(std::io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn door() -> (Door, SocketAddr) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let door = Door::new(listener);
        let address = door.local_addr().expect("an address");
        (door, address)
    }

    #[tokio::test]
    async fn no_more_lines_than_places() {
        let (mut door, address) = door().await;
        let mut callers = Vec::new();
        let mut lines = Vec::new();
        for _ in 0..LINES {
            callers.push(TcpStream::connect(address).await.expect("the system takes it"));
            lines.push(door.accept().await.0);
        }
        callers.push(TcpStream::connect(address).await.expect("the system takes it"));
        {
            let mut next = std::pin::pin!(door.accept());
            let full = std::future::poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx).is_pending())).await;
            assert!(full, "the {}th line waits outside", LINES + 1);
        }
        lines.pop();
        let (_line, _) = door.accept().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_falls_silent_is_closed() {
        let (mut door, address) = door().await;
        let mut caller = TcpStream::connect(address).await.expect("the system takes it");
        let (mut line, _) = door.accept().await;
        caller.write_all(b"P").await.expect("sent");
        let mut byte = [0_u8; 1];
        line.read_exact(&mut byte).await.expect("the first byte comes");
        let silent = line.read(&mut byte).await.expect_err("nothing more comes");
        assert_eq!(silent.kind(), std::io::ErrorKind::TimedOut, "after five seconds");
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_drips_ends_all_the_same() {
        let (mut door, address) = door().await;
        let mut caller = TcpStream::connect(address).await.expect("the system takes it");
        let (mut line, _) = door.accept().await;
        let began = Instant::now();
        let drip = async {
            while caller.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(4)).await;
            }
        };
        let read = async {
            let mut byte = [0_u8; 1];
            loop {
                if let Err(error) = line.read(&mut byte).await {
                    break error;
                }
            }
        };
        let ended = tokio::select! {
            () = drip => panic!("the line was closed by the caller"),
            ended = read => ended,
        };
        assert_eq!(
            ended.kind(),
            std::io::ErrorKind::TimedOut,
            "a byte every four seconds is no call"
        );
        assert!(began.elapsed() <= LIFE + SILENCE, "it was given ten minutes");
    }
}

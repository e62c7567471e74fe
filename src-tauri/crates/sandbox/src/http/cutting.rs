//! Connections that can be cut from inside a request.
//!
//! A tidy HTTP server always answers, so a broken connection has to be made below it: every accepted socket is
//! wrapped with a switch, and a request finds the switch of its own connection among its extensions. Once cut, the
//! socket refuses to be read or written; the server gives up on it and closes it, and the client sees a connection
//! that ended in the middle of nothing. All switches are remembered weakly, so that stopping can cut what is left.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{extract::connect_info::Connected, serve::IncomingStream, serve::Listener};
use futures_util::task::AtomicWaker;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

#[derive(Debug, Default)]
struct Switch {
    cut: AtomicBool,
    reader: AtomicWaker,
}

/// Cuts one connection.
#[derive(Clone, Debug)]
pub(crate) struct Scissors(Arc<Switch>);

impl Scissors {
    /// Breaks the connection; whatever was not written yet is lost.
    pub(crate) fn cut(&self) {
        self.0.cut.store(true, Ordering::Release);
        self.0.reader.wake();
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        Self(Arc::clone(&stream.io().switch))
    }
}

/// Every connection that may still be open.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenConnections(Arc<Mutex<Vec<Weak<Switch>>>>);

impl OpenConnections {
    fn remember(&self, switch: &Arc<Switch>) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|switch| switch.strong_count() > 0);
        open.push(Arc::downgrade(switch));
    }

    /// Breaks all of them.
    pub(crate) fn cut_all(&self) {
        let open = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        open.iter()
            .filter_map(Weak::upgrade)
            .for_each(|switch| Scissors(switch).cut());
    }
}

/// A listener whose connections can be cut.
pub(crate) struct CuttableListener {
    listener: TcpListener,
    open: OpenConnections,
}

impl CuttableListener {
    pub(crate) fn new(listener: TcpListener, open: OpenConnections) -> Self {
        Self { listener, open }
    }
}

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        let switch = Arc::new(Switch::default());
        self.open.remember(&switch);
        (CuttableStream { stream, switch }, peer)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A connection with its switch.
pub(crate) struct CuttableStream {
    stream: TcpStream,
    switch: Arc<Switch>,
}

impl CuttableStream {
    fn whole(&self) -> io::Result<()> {
        if self.switch.cut.load(Ordering::Acquire) {
            Err(io::ErrorKind::ConnectionReset.into())
        } else {
            Ok(())
        }
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // The waker is left before the switch is looked at, so that a cut in between is not missed.
        self.switch.reader.register(cx.waker());
        self.whole()?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

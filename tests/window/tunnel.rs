//! A tunnel that begins and ends on this computer, in place of one that a shop brings.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What comes in at its port goes to another, or to nobody.
pub(crate) struct Tunnel {
    pub(crate) url: String,
    end: Arc<AtomicU16>,
    lines: Arc<AtomicUsize>,
    _work: JoinSet<()>,
}

impl Tunnel {
    /// One that leads nowhere yet.
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let own = listener.local_addr().expect("its address").port();
        let (end, lines) = (Arc::new(AtomicU16::new(0)), Arc::new(AtomicUsize::new(0)));
        let (leads_to, counted) = (Arc::clone(&end), Arc::clone(&lines));
        let mut work = JoinSet::new();
        work.spawn(async move {
            let mut carried = JoinSet::new();
            while let Ok((mut line, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let port = leads_to.load(Ordering::Relaxed);
                carried.spawn(async move {
                    if let Ok(mut end) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
                        let _gone = copy_bidirectional(&mut line, &mut end).await;
                    }
                });
            }
        });
        Self {
            url: format!("http://127.0.0.1:{own}"),
            end,
            lines,
            _work: work,
        }
    }

    /// It is pointed there.
    pub(crate) fn point(&self, port: u16) {
        self.end.store(port, Ordering::Relaxed);
    }

    /// How many lines went into it so far.
    pub(crate) fn lines(&self) -> usize {
        self.lines.load(Ordering::Relaxed)
    }
}

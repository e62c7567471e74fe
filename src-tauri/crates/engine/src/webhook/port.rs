//! The port of loopback at which the listener is found. A tunnel is pointed at it once, so it stays the same.
//!
//! | Kept | Found | |
//! |---|---|---|
//! | none | | one is chosen and bound, then kept |
//! | one | free | bound: [`Port::Open`] |
//! | one | another program has it | [`Port::Taken`]: nobody is told to call, for that program would get our customers' messages. It is tried again every [`RETRY`], and a person may have another one chosen |
//!
//! Another one is never chosen by itself: the tunnel would go on leading to the old one. It is kept only after it was bound.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use mostrador_store::tables::setting;
use mostrador_store::{Change, Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::door::Door;
use crate::chance::Chance;
use crate::clock::Clock;

/// Under which it is kept among the program's own notes.
const NAME: &str = "hook_port";
/// Where it is chosen: below the ports that systems lend to connections, above those of the common services.
const FIRST: u16 = 20_000;
const COUNT: u16 = 10_000;
/// How many are tried before we give up.
const TRIES: u32 = 50;
/// How long until a port that is taken is tried again.
const RETRY: Duration = Duration::from_secs(15);

/// How the port is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// We listen there.
    Open(u16),
    /// Another program has it.
    Taken(u16),
}

impl Port {
    /// Its number, whoever has it.
    pub fn number(self) -> u16 {
        match self {
            Self::Open(number) | Self::Taken(number) => number,
        }
    }
}

/// The port, and what is bound to it.
pub(super) struct Berth {
    store: Store,
    clock: Arc<dyn Clock>,
    state: watch::Sender<Port>,
    /// Bound and not yet served.
    next: Mutex<Option<TcpListener>>,
    moved: Notify,
    /// Whoever binds does so alone.
    binding: tokio::sync::Mutex<()>,
}

impl Berth {
    /// Binds the port that is kept, or chooses one.
    ///
    /// # Errors
    /// The store's, or that no port of loopback can be bound at all.
    pub(super) async fn find(
        store: Store,
        clock: Arc<dyn Clock>,
        chance: &dyn Chance,
    ) -> Result<Self, StoreError> {
        let kept = store.read(|connection| setting::get(connection, NAME)).await?;
        let kept = kept
            .and_then(|text| text.parse::<u16>().ok())
            .filter(|port| *port != 0);
        let (state, next) = match kept {
            Some(port) => match bind(port).await {
                Ok(listener) => (Port::Open(port), Some(listener)),
                Err(error) => {
                    tracing::warn!(port, kind = ?error.kind(), "another program has the port at which gateways call us");
                    (Port::Taken(port), None)
                }
            },
            None => {
                let (port, listener) = chosen(&store, chance).await?;
                (Port::Open(port), Some(listener))
            }
        };
        Ok(Self {
            store,
            clock,
            state: watch::channel(state).0,
            next: Mutex::new(next),
            moved: Notify::new(),
            binding: tokio::sync::Mutex::new(()),
        })
    }

    pub(super) fn port(&self) -> Port {
        *self.state.borrow()
    }

    /// Whoever depends on it hears of each change.
    pub(super) fn watch(&self) -> watch::Receiver<Port> {
        self.state.subscribe()
    }

    /// Chooses another port, and moves there.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub(super) async fn choose_another(&self, chance: &dyn Chance) -> Result<(), StoreError> {
        let _alone = self.binding.lock().await;
        let (port, listener) = chosen(&self.store, chance).await?;
        self.put(listener);
        self.turned(Port::Open(port));
        self.moved.notify_one();
        Ok(())
    }

    /// Serves whatever is bound, until `stop`.
    pub(super) async fn serve(&self, router: Router, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let Some(listener) = self.taken() else {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = self.moved.notified() => {}
                    () = self.clock.sleep(RETRY) => self.try_again().await,
                }
                continue;
            };
            let ends = async {
                // A call that woke us may have been for the listener that is served already.
                while !stop.is_cancelled() && !self.is_another_bound() {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = self.moved.notified() => {}
                    }
                }
            };
            // The future given away has to be its own: the ends are waited for here.
            let until = CancellationToken::new();
            let served = axum::serve(Door::new(listener), router.clone())
                .with_graceful_shutdown(until.clone().cancelled_owned());
            let served = async { served.await };
            tokio::pin!(served);
            let served = tokio::select! {
                served = &mut served => served,
                () = ends => {
                    until.cancel();
                    served.await
                }
            };
            if let Err(error) = served {
                tracing::error!(%error, "the webhook listener has ended");
            }
        }
    }

    async fn try_again(&self) {
        let _alone = self.binding.lock().await;
        let Port::Taken(port) = self.port() else {
            return;
        };
        if let Ok(listener) = bind(port).await {
            self.put(listener);
            self.turned(Port::Open(port));
        }
    }

    fn turned(&self, port: Port) {
        self.state.send_replace(port);
        self.store.announce(Change::Devices);
    }

    fn put(&self, listener: TcpListener) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
    }

    fn is_another_bound(&self) -> bool {
        self.next.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn taken(&self) -> Option<TcpListener> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

async fn bind(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// A port that was free, bound and kept.
async fn chosen(store: &Store, chance: &dyn Chance) -> Result<(u16, TcpListener), StoreError> {
    let mut tries = 0;
    loop {
        let port = candidate(chance);
        match bind(port).await {
            Ok(listener) => {
                store
                    .write(move |writing| setting::note(writing, NAME, &port.to_string()))
                    .await?;
                return Ok((port, listener));
            }
            Err(_) if tries < TRIES => tries += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

fn candidate(chance: &dyn Chance) -> u16 {
    let mut bytes = [0_u8; 2];
    chance.fill(&mut bytes);
    FIRST + u16::from_le_bytes(bytes) % COUNT
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;
    use crate::chance::SeededChance;
    use crate::clock::SystemClock;

    async fn berth(store: &Store, seed: u64) -> Berth {
        let chance = SeededChance::new(seed + u64::from(std::process::id()) * 1_000);
        let found = Berth::find(store.clone(), Arc::new(SystemClock), &chance).await;
        found.expect("a port can be bound")
    }

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = Store::open(&folder.path().join("s.db"), SystemClock.now()).expect("opens");
        (folder, opened.store)
    }

    #[tokio::test]
    async fn a_port_is_chosen_once_and_is_the_same_after_a_restart() {
        let (_folder, store) = store();
        let first = berth(&store, 1).await;
        let Port::Open(port) = first.port() else {
            panic!("it is ours")
        };
        assert!(
            (FIRST..FIRST + COUNT).contains(&port),
            "no port that is lent: {port}"
        );
        drop(first);
        assert_eq!(
            berth(&store, 2).await.port(),
            Port::Open(port),
            "a tunnel leads there still, whatever chance says"
        );
    }

    #[tokio::test]
    async fn a_port_that_another_program_has_is_said_to_be_taken_and_no_other_is_chosen() {
        let (_folder, store) = store();
        let first = berth(&store, 3).await;
        let port = first.port().number();
        // It is still bound: as if another program had it.
        let second = berth(&store, 4).await;
        assert_eq!(second.port(), Port::Taken(port));
        second.try_again().await;
        assert_eq!(second.port(), Port::Taken(port), "as long as it is taken");
        drop(first);
        second.try_again().await;
        assert_eq!(second.port(), Port::Open(port), "and no longer");
    }

    #[tokio::test]
    async fn a_person_may_have_another_one_chosen() {
        let (_folder, store) = store();
        let first = berth(&store, 5).await;
        let second = berth(&store, 6).await;
        let chance = SeededChance::new(7 + u64::from(std::process::id()));
        second.choose_another(&chance).await.expect("one is free");
        let Port::Open(port) = second.port() else {
            panic!("it is ours")
        };
        assert_ne!(port, first.port().number());
        drop(second);
        assert_eq!(berth(&store, 8).await.port(), Port::Open(port), "it is kept");
    }

    #[tokio::test]
    async fn a_wake_up_for_a_listener_that_is_served_already_ends_nothing() {
        let (_folder, store) = store();
        let berth = berth(&store, 9).await;
        let chance = SeededChance::new(10 + u64::from(std::process::id()));
        let stop = CancellationToken::new();
        let changed = async {
            berth.choose_another(&chance).await.expect("one is free");
            let port = berth.port().number();
            let before = asked(port).await;
            berth.moved.notify_one();
            tokio::task::yield_now().await;
            let after = asked(port).await;
            stop.cancel();
            [before, after]
        };
        let ((), answers) = tokio::join!(berth.serve(Router::new(), stop.clone()), changed);
        for answer in answers {
            assert!(answer.starts_with("HTTP/1.1 404"), "somebody is there: {answer}");
        }
    }

    /// What whoever listens there answers to a call. Empty: nobody does.
    async fn asked(port: u16) -> String {
        let mut answer = Vec::new();
        let Ok(mut line) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else {
            return String::new();
        };
        let call = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        if line.write_all(call).await.is_ok() {
            let _cut_short = line.read_to_end(&mut answer).await;
        }
        String::from_utf8_lossy(&answer).into_owned()
    }
}

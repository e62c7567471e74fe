//! People on their way into the store, some hundreds at a time.

use std::ops::ControlFlow;

use mostrador_domain::AudienceId;
use mostrador_store::Store;
use mostrador_store::tables::campaign::audience::{self, Gathering, Joining};
use tokio::sync::mpsc;

use super::Progress;
use crate::EngineError;
use crate::crash;

/// People are stored so many at a time: some 15 ms on an ordinary disk.
const PIECE: usize = 500;

/// People on their way into the store.
pub(in crate::audience) struct Pieces {
    piece: Vec<Joining>,
    sender: mpsc::Sender<Vec<Joining>>,
    is_wanted: bool,
}

impl Pieces {
    fn into(sender: mpsc::Sender<Vec<Joining>>) -> Self {
        Self {
            piece: Vec::with_capacity(PIECE),
            sender,
            is_wanted: true,
        }
    }

    /// `Break`: nobody wants more.
    pub(in crate::audience) fn push(&mut self, joining: Joining) -> ControlFlow<()> {
        self.piece.push(joining);
        if self.piece.len() >= PIECE {
            self.send();
        }
        match self.is_wanted {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }

    fn send(&mut self) {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.is_wanted = self.is_wanted && self.sender.blocking_send(piece).is_ok();
    }

    pub(in crate::audience) fn end(mut self) {
        if !self.piece.is_empty() {
            self.send();
        }
    }
}

/// Stores what `bring` brings, piece by piece.
///
/// # Errors
/// Those of `bring`, and the store's.
pub(in crate::audience) async fn filled<F>(
    store: &Store,
    (audience, gathering): (AudienceId, &Gathering),
    progress: &Progress,
    bring: impl FnOnce(Pieces) -> F,
) -> Result<(), EngineError>
where
    F: Future<Output = Result<(), EngineError>>,
{
    let (sender, mut pieces) = mpsc::channel::<Vec<Joining>>(1);
    let bringing = bring(Pieces::into(sender));
    let staging = async {
        while let Some(piece) = pieces.recv().await {
            let (gathering, people) = (gathering.clone(), piece.len());
            let staged = store.write(move |writing| audience::stage(writing, audience, &gathering, &piece));
            staged.await?;
            progress.rose(people);
            crash::point("audience.staged");
        }
        Ok::<_, EngineError>(())
    };
    tokio::try_join!(bringing, staging)?;
    Ok(())
}

//! People on their way into the store, some hundreds at a time.

use std::ops::ControlFlow;

use mostrador_domain::AudienceId;
use mostrador_store::tables::campaign::audience::{self, Gathering, Joining};
use tokio::sync::mpsc;

use super::{Entered, Gatherer};
use crate::EngineError;
use crate::portion::Portion;

/// People are brought so many at a time.
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

impl Gatherer {
    /// Stores what `bring` brings.
    ///
    /// # Errors
    /// Those of `bring`, and the store's.
    pub(in crate::audience) async fn fill<F>(
        &self,
        (audience, gathering): (AudienceId, &Gathering),
        entered: &Entered,
        bring: impl FnOnce(Pieces) -> F,
    ) -> Result<(), EngineError>
    where
        F: Future<Output = Result<(), EngineError>>,
    {
        let (sender, mut pieces) = mpsc::channel::<Vec<Joining>>(1);
        let bringing = bring(Pieces::into(sender));
        let staging = async {
            let mut portion = Portion::default();
            while let Some(mut piece) = pieces.recv().await {
                while !piece.is_empty() {
                    let rest = piece.split_off(piece.len().min(portion.rows() as usize));
                    let (gathering, people) = (gathering.clone(), piece.len());
                    self.portion(&mut portion, move |writing| {
                        audience::stage(writing, audience, &gathering, &piece)
                    })
                    .await?;
                    entered.progress.rose(people);
                    piece = rest;
                }
            }
            Ok::<_, EngineError>(())
        };
        tokio::try_join!(bringing, staging)?;
        Ok(())
    }
}

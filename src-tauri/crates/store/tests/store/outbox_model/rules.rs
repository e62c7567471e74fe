//! The rules, as a list of rows in memory: the states of the domain, and whose turn it is.

use mostrador_domain::{MessageId, OutboxEvent as E, OutboxId, OutboxState as S};
use mostrador_store::StoreErrorKind;

/// A row as the rules have it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) id: OutboxId,
    pub(super) message: MessageId,
    pub(super) client: usize,
    pub(super) chat: usize,
    pub(super) state: S,
    pub(super) attempts: u32,
    pub(super) next_at: i64,
    pub(super) place: usize,
    pub(super) needs_operator: bool,
    pub(super) rank: i64,
    pub(super) accepted: u32,
}

#[derive(Default)]
pub(super) struct Model {
    pub(super) rows: Vec<Row>,
    pub(super) places: usize,
    pub(super) now: i64,
}

impl Model {
    /// A row: mostly one to which it may happen, now and then any.
    pub(super) fn pick(&self, n: usize, fits: S) -> usize {
        let fitting: Vec<usize> = (0..self.rows.len())
            .filter(|row| self.rows[*row].state == fits)
            .collect();
        if n.is_multiple_of(4) || fitting.is_empty() {
            n % self.rows.len()
        } else {
            fitting[n % fitting.len()]
        }
    }

    pub(super) fn next_place(&mut self) -> usize {
        self.places += 1;
        self.places
    }

    pub(super) fn blocked(&self, row: &Row) -> bool {
        self.rows
            .iter()
            .filter(|other| other.chat == row.chat && other.id != row.id)
            .any(|other| match other.state {
                S::InFlight => true,
                S::Uncertain => !other.needs_operator,
                S::Ready => other.place < row.place,
                _ => false,
            })
    }

    pub(super) fn next_to_claim(&self) -> Option<OutboxId> {
        let due = |row: &&Row| row.state == S::Ready && row.next_at <= self.now && !self.blocked(row);
        self.rows
            .iter()
            .filter(due)
            .min_by_key(|row| row.place)
            .map(|row| row.id)
    }

    /// The transition that the domain allows, or what the caller must be told.
    pub(super) fn moves(&mut self, n: usize, event: E) -> Result<&mut Row, StoreErrorKind> {
        let row = &mut self.rows[n];
        row.state = row.state.next(event).ok_or(StoreErrorKind::StateChanged)?;
        row.needs_operator = false;
        Ok(row)
    }

    pub(super) fn again(&mut self, n: usize, event: E) -> Result<(), StoreErrorKind> {
        let now = self.now;
        self.moves(n, event)?;
        let place = self.next_place();
        let row = &mut self.rows[n];
        (row.attempts, row.next_at, row.place) = (0, now, place);
        Ok(())
    }
}

//! The rules, as a list of rows in memory: the states of the domain, whose turn it is, and what depends on what.

use mostrador_domain::{MessageId, OutboxEvent as E, OutboxId, OutboxKind as K, OutboxState as S};
use mostrador_store::StoreErrorKind;

/// A row as the rules have it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) id: OutboxId,
    pub(super) kind: K,
    pub(super) message: MessageId,
    /// Who asked for a message; `None` = it is no send.
    pub(super) client: Option<usize>,
    pub(super) chat: usize,
    /// The row on which it depends.
    pub(super) basis: Option<usize>,
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

    /// A new row at the end of the queue, ready now.
    pub(super) fn add(&mut self, kind: K, message: MessageId, chat: usize) -> &mut Row {
        let place = self.next_place();
        let id = OutboxId(i64::try_from(self.rows.len()).expect("few") + 1);
        let next_at = self.now;
        self.rows.push(Row {
            id,
            kind,
            message,
            client: None,
            chat,
            basis: None,
            state: S::Ready,
            attempts: 0,
            next_at,
            place,
            needs_operator: false,
            rank: 0,
            accepted: 0,
        });
        self.rows.last_mut().expect("just added")
    }

    fn next_place(&mut self) -> usize {
        self.places += 1;
        self.places
    }

    /// Does the gateway's name of its message have to be known, and is it not?
    fn is_nameless(&self, row: &Row) -> bool {
        let send = self
            .rows
            .iter()
            .find(|other| other.kind == K::Send && other.message == row.message);
        !matches!(row.kind, K::Send | K::Upload) && send.is_some_and(|send| send.accepted == 0)
    }

    /// A row that cannot go on by itself holds nobody up.
    fn is_stuck(&self, row: &Row) -> bool {
        let Some(basis) = row.basis.map(|basis| &self.rows[basis]) else {
            return false;
        };
        let with_operator = basis.state == S::Uncertain && basis.needs_operator;
        with_operator || (basis.state == S::Done && self.is_nameless(row))
    }

    fn blocked(&self, row: &Row) -> bool {
        self.rows
            .iter()
            .filter(|other| other.chat == row.chat && other.id != row.id)
            .any(|other| match other.state {
                S::InFlight => true,
                S::Uncertain => !other.needs_operator,
                S::Ready => other.place < row.place && !self.is_stuck(other),
                _ => false,
            })
    }

    fn has_basis(&self, row: &Row) -> bool {
        row.basis.is_none_or(|basis| self.rows[basis].state == S::Done) && !self.is_nameless(row)
    }

    pub(super) fn next_to_claim(&self) -> Option<OutboxId> {
        let due = |row: &&Row| {
            row.state == S::Ready && row.next_at <= self.now && self.has_basis(row) && !self.blocked(row)
        };
        self.rows
            .iter()
            .filter(due)
            .min_by_key(|row| row.place)
            .map(|row| row.id)
    }

    fn dependents(&self, n: usize) -> Vec<usize> {
        (0..self.rows.len())
            .filter(|row| self.rows[*row].basis == Some(n))
            .collect()
    }

    /// The transition that the domain allows, or what the caller must be told. What builds on the row shares its fate.
    pub(super) fn moves(&mut self, n: usize, event: E) -> Result<&mut Row, StoreErrorKind> {
        let row = &mut self.rows[n];
        let before = row.state;
        row.state = row
            .kind
            .next(row.state, event)
            .ok_or(StoreErrorKind::StateChanged)?;
        row.needs_operator = false;
        if before == S::InFlight {
            self.give_way(n);
        }
        let state = self.rows[n].state;
        for dependent in self.dependents(n) {
            match (state, self.rows[dependent].state) {
                (S::Dead, S::Ready) => _ = self.moves(dependent, E::BasisDied)?,
                (S::Discarded, S::Ready | S::Dead) => _ = self.moves(dependent, E::DiscardAsked)?,
                _ => {}
            }
        }
        let upload = self.rows[n]
            .basis
            .filter(|basis| state == S::Discarded && self.rows[*basis].kind == K::Upload);
        if let Some(upload) = upload {
            let _done_already = self.moves(upload, E::DiscardAsked);
        }
        Ok(&mut self.rows[n])
    }

    /// What comes out of flight undone gives way to a newer star on its message.
    pub(super) fn give_way(&mut self, n: usize) {
        let row = &self.rows[n];
        let undone = row.kind == K::Star && matches!(row.state, S::Ready | S::Dead);
        let newer = |other: &Row| {
            other.kind == K::Star
                && other.message == row.message
                && other.id > row.id
                && other.state != S::Discarded
        };
        if undone && self.rows.iter().any(newer) {
            self.rows[n].state = S::Discarded;
        }
    }

    pub(super) fn again(&mut self, n: usize, event: E) -> Result<(), StoreErrorKind> {
        let row = &self.rows[n];
        if row.kind.next(row.state, event).is_none() {
            return Err(StoreErrorKind::StateChanged);
        }
        if let Some(basis) = self.rows[n]
            .basis
            .filter(|basis| self.rows[*basis].state == S::Dead)
        {
            self.fresh(basis, E::RetryAsked)?;
        }
        self.fresh(n, event)?;
        self.follow(n)
    }

    fn follow(&mut self, n: usize) -> Result<(), StoreErrorKind> {
        for dependent in self.dependents(n) {
            match self.rows[dependent].state {
                S::Dead => self.fresh(dependent, E::RetryAsked)?,
                S::Ready => self.rows[dependent].place = self.next_place(),
                _ => continue,
            }
            self.follow(dependent)?;
        }
        Ok(())
    }

    fn fresh(&mut self, n: usize, event: E) -> Result<(), StoreErrorKind> {
        let now = self.now;
        self.moves(n, event)?;
        let place = self.next_place();
        let row = &mut self.rows[n];
        (row.attempts, row.next_at, row.place) = (0, now, place);
        Ok(())
    }
}

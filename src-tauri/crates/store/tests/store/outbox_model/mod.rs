//! Random lives of messages against a small model: what the store says must be what the rules say.

mod rules;

use std::collections::BTreeSet;

use mostrador_domain::{
    ChatId, DeliveryStatus, FailureCode, MediaKind, MessageAction, OutboxEvent as E, OutboxId,
    OutboxKind as K, OutboxState as S, StatusKind,
};
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, OperatorWord};
use mostrador_store::{StoreError, StoreErrorKind};
use proptest::prelude::*;

use crate::world::{WAITS_OTHERWISE, World, at, reached, text, trials};

use rules::{Model, Row};

/// One thing that may happen. `n` picks the row that it happens to.
#[derive(Debug, Clone, Copy)]
enum Step {
    Enqueue { chat: usize, client: usize, file: bool },
    Act { n: usize },
    Claim,
    Accept { n: usize },
    NotSent { n: usize, wait: i64 },
    Refuse { n: usize },
    NoAnswer { n: usize },
    Restart,
    ProveAbsent { n: usize },
    HandOver { n: usize },
    Operator { n: usize, word: OperatorWord },
    Receipt { n: usize, rank: i64 },
    TimePasses { seconds: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let n = 0..12_usize;
    let word = prop_oneof![
        Just(OperatorWord::Retry),
        Just(OperatorWord::Discard),
        Just(OperatorWord::ItWent),
        Just(OperatorWord::ItDidNot)
    ];
    prop_oneof![
        4 => (0..3_usize, n.clone(), any::<bool>())
            .prop_map(|(chat, client, file)| Step::Enqueue { chat, client, file }),
        2 => n.clone().prop_map(|n| Step::Act { n }),
        5 => Just(Step::Claim),
        3 => n.clone().prop_map(|n| Step::Accept { n }),
        2 => (n.clone(), 0..20_i64).prop_map(|(n, wait)| Step::NotSent { n, wait }),
        1 => n.clone().prop_map(|n| Step::Refuse { n }),
        2 => n.clone().prop_map(|n| Step::NoAnswer { n }),
        1 => Just(Step::Restart),
        1 => n.clone().prop_map(|n| Step::ProveAbsent { n }),
        1 => n.clone().prop_map(|n| Step::HandOver { n }),
        3 => (n.clone(), word).prop_map(|(n, word)| Step::Operator { n, word }),
        2 => (n, 1..=4_i64).prop_map(|(n, rank)| Step::Receipt { n, rank }),
        2 => (1..30_i64).prop_map(|seconds| Step::TimePasses { seconds }),
    ]
}

/// The store and the model, side by side.
struct Life {
    world: World,
    chats: Vec<ChatId>,
    model: Model,
}

impl Life {
    async fn begin() -> Self {
        let world = World::new().await;
        let mut chats = Vec::new();
        for number in 1..=3 {
            chats.push(world.chat_with(number).await);
            world.live(text(number, "q").at(-60).into()).await;
        }
        Self {
            world,
            chats,
            model: Model::default(),
        }
    }

    async fn step(&mut self, step: Step) {
        if let Step::Enqueue { chat, client, file } = step {
            return self.enqueue(chat, client, file).await;
        }
        if let Step::TimePasses { seconds } = step {
            self.model.now += seconds;
            return;
        }
        match step {
            Step::Claim => return self.claim().await,
            Step::Restart => return self.restart().await,
            _ if self.model.rows.is_empty() => return,
            _ => {}
        }
        match step {
            Step::Act { n } => self.act(n % self.model.rows.len()).await,
            Step::Accept { n } => self.accept(self.model.pick(n, S::InFlight)).await,
            Step::NotSent { n, wait } => self.not_sent(self.model.pick(n, S::InFlight), wait).await,
            Step::Refuse { n } => self.refuse(self.model.pick(n, S::InFlight)).await,
            Step::NoAnswer { n } => self.no_answer(self.model.pick(n, S::InFlight)).await,
            Step::ProveAbsent { n } => self.prove_absent(self.model.pick(n, S::Uncertain)).await,
            Step::HandOver { n } => self.hand_over(self.model.pick(n, S::Uncertain)).await,
            Step::Operator { n, word } => {
                let fits = if word == OperatorWord::Retry {
                    S::Dead
                } else {
                    S::Uncertain
                };
                self.operator(self.model.pick(n, fits), word).await;
            }
            Step::Receipt { n, rank } => self.receipt(self.model.pick(n, S::Done), rank).await,
            _ => {}
        }
    }

    async fn enqueue(&mut self, chat: usize, client: usize, file: bool) {
        let words = format!("texto {client}");
        let content = if file {
            NewContent::Media {
                kind: MediaKind::Image,
                media: self.world.file("ab").await,
                caption: Some(words),
            }
        } else {
            NewContent::Text(words)
        };
        let new = NewMessage {
            inline_up_to: Some(0),
            ..NewMessage::new(self.chats[chat], format!("c{client}"), content)
        };
        let now = at(self.model.now);
        let done = self
            .world
            .store
            .write(move |w| outbox::enqueue(w, &new, now))
            .await;
        match self.model.rows.iter().find(|row| row.client == Some(client)) {
            Some(row) if row.chat != chat || row.state == S::Discarded => {
                assert_eq!(
                    kind(done.map(|_| ())),
                    Err(StoreErrorKind::StateChanged),
                    "c{client} is taken"
                );
            }
            Some(row) => assert_eq!(done.expect("known"), row.message, "asking twice is sending once"),
            None => {
                let message = done.expect("new");
                let upload = file.then(|| {
                    self.model.add(K::Upload, message, chat);
                    self.model.rows.len() - 1
                });
                let send = self.model.add(K::Send, message, chat);
                (send.client, send.basis) = (Some(client), upload);
            }
        }
    }

    /// A star on the message of row `n`.
    async fn act(&mut self, n: usize) {
        let message = self.model.rows[n].message;
        let rows = &self.model.rows;
        let send = rows
            .iter()
            .position(|row| row.kind == K::Send && row.message == message)
            .expect("each has one");
        let done = self
            .world
            .act_at(
                message,
                format!("a{}", rows.len()),
                MessageAction::Star(true),
                at(self.model.now),
            )
            .await;
        let expected = match rows[send].state {
            S::Discarded => Err(StoreErrorKind::NotFound),
            S::Dead => Err(StoreErrorKind::StateChanged),
            _ => Ok(OutboxId(i64::try_from(rows.len()).expect("few") + 1)),
        };
        assert_eq!(done, expected, "a star on {message:?}");
        if expected.is_err() {
            return;
        }
        for earlier in 0..self.model.rows.len() {
            let row = &self.model.rows[earlier];
            let waits = row.kind == K::Star && row.message == message;
            if waits && matches!(row.state, S::Ready | S::Dead) {
                self.model
                    .moves(earlier, E::Superseded)
                    .expect("it is not under way");
            }
        }
        let chat = self.model.rows[send].chat;
        self.model.add(K::Star, message, chat).basis = Some(send);
    }

    async fn claim(&mut self) {
        let claimed = self.world.claim(at(self.model.now)).await;
        let expected = self.model.next_to_claim();
        assert_eq!(
            claimed.as_ref().map(|claimed| claimed.id),
            expected,
            "whose turn it is"
        );
        if let Some(claimed) = claimed {
            let row = self
                .model
                .rows
                .iter_mut()
                .find(|row| row.id == claimed.id)
                .expect("known");
            row.state = row.state.next(E::Claimed).expect("ready");
            row.attempts += 1;
            assert_eq!(claimed.attempt, row.attempts, "the attempt is counted");
        }
    }

    async fn accept(&mut self, n: usize) {
        let (id, now, gateway_id) = (self.model.rows[n].id, at(self.model.now), format!("g{n}"));
        let what = self.model.rows[n].kind;
        let done = self
            .world
            .store
            .write(move |w| match what {
                K::Send => outbox::accepted(w, id, &gateway_id, DeliveryStatus::Sent, now),
                K::Upload => outbox::uploaded(w, id, &gateway_id),
                _ => outbox::acted(w, id, now),
            })
            .await;
        let expected = self.model.moves(n, E::Accepted).map(|row| {
            row.accepted += 1;
            row.rank = row.rank.max(1);
        });
        assert_eq!(kind(done), expected, "accepted");
    }

    async fn not_sent(&mut self, n: usize, wait: i64) {
        let (id, next_at) = (self.model.rows[n].id, self.model.now + wait);
        let done = self
            .world
            .store
            .write(move |w| outbox::not_sent(w, id, at(next_at)))
            .await;
        assert_eq!(
            kind(done),
            self.model.moves(n, E::NotSent).map(|row| row.next_at = next_at),
            "not sent"
        );
    }

    async fn refuse(&mut self, n: usize) {
        let id = self.model.rows[n].id;
        let done = self
            .world
            .store
            .write(move |w| outbox::dead(w, id, E::Refused, FailureCode::PlanLimit))
            .await;
        assert_eq!(kind(done), self.model.moves(n, E::Refused).map(|_| ()), "refused");
    }

    async fn no_answer(&mut self, n: usize) {
        let (id, now) = (self.model.rows[n].id, self.model.now);
        let done = self
            .world
            .store
            .write(move |w| outbox::no_answer(w, id, at(now), at(now + 3)))
            .await;
        let expected = self.model.moves(n, E::NoAnswer).map(|row| {
            if row.kind.is_repeatable() {
                row.next_at = now + 3;
            }
        });
        assert_eq!(kind(done), expected, "no answer");
    }

    async fn restart(&mut self) {
        let (device, now) = (self.world.device, at(self.model.now));
        let turned = self
            .world
            .write(move |w| outbox::after_restart(w, device, now))
            .await;
        let rows = &mut self.model.rows;
        let in_flight: Vec<usize> = (0..rows.len())
            .filter(|n| rows[*n].state == S::InFlight)
            .collect();
        assert_eq!(
            usize::try_from(turned).expect("few"),
            in_flight.len(),
            "those in flight and no others"
        );
        for n in in_flight {
            let row = &mut self.model.rows[n];
            row.state = row.kind.next(row.state, E::ProgramRestarted).expect("in flight");
            self.model.give_way(n);
        }
    }

    async fn prove_absent(&mut self, n: usize) {
        let id = self.model.rows[n].id;
        let done = self
            .world
            .store
            .write(move |w| outbox::proven_absent(w, id))
            .await;
        assert_eq!(
            kind(done),
            self.model.moves(n, E::ProvenAbsent).map(|_| ()),
            "proven absent"
        );
    }

    async fn hand_over(&mut self, n: usize) {
        let row = &mut self.model.rows[n];
        row.needs_operator |= row.state == S::Uncertain;
        let id = row.id;
        self.world.hand_to_operator(id).await;
    }

    async fn operator(&mut self, n: usize, word: OperatorWord) {
        let Row {
            id,
            message,
            kind: what,
            ..
        } = self.model.rows[n];
        let now = at(self.model.now);
        let done = if what == K::Send {
            self.world.operator_says(message, word, now).await
        } else {
            let said = self
                .world
                .store
                .write(move |w| outbox::operator_says_of_action(w, id, word, now))
                .await;
            kind(said)
        };
        let gone = what == K::Send && self.model.rows[n].state == S::Discarded;
        let expected = if gone || what == K::Upload {
            Err(StoreErrorKind::NotFound)
        } else {
            match word {
                OperatorWord::Retry => self.model.again(n, E::RetryAsked),
                OperatorWord::ItDidNot => self.model.again(n, E::OperatorSaysNotSent),
                OperatorWord::Discard => self.model.moves(n, E::DiscardAsked).map(|_| ()),
                OperatorWord::ItWent => self
                    .model
                    .moves(n, E::OperatorSaysSent)
                    .map(|row| row.rank = row.rank.max(1)),
            }
        };
        assert_eq!(done, expected, "{word:?}");
    }

    async fn receipt(&mut self, n: usize, rank: i64) {
        let status = DeliveryStatus::from_rank(rank).expect("a rank");
        let when = at(self.model.now);
        let row = &self.model.rows[n];
        if row.kind == K::Send && row.accepted > 0 {
            self.world
                .live(vec![reached(&format!("g{n}"), StatusKind::Reached(status), when)])
                .await;
            let row = &mut self.model.rows[n];
            row.rank = row.rank.max(rank);
        }
    }

    /// The store says what the model says, and the rules hold.
    async fn compare(&self) {
        for row in &self.model.rows {
            assert!(row.accepted <= 1, "no message is accepted twice");
            if row.state == S::Discarded || row.kind != K::Send {
                continue;
            }
            let shown = self.world.message(row.message).await;
            let outgoing = shown.outgoing.expect("written here");
            assert_eq!(
                (outgoing.state, outgoing.needs_operator),
                (row.state, row.needs_operator),
                "c{:?}",
                row.client
            );
            assert_eq!(
                shown.status.map(DeliveryStatus::rank),
                Some(row.rank),
                "a status only rises"
            );
        }
        let mut all = 0;
        for state in S::ALL {
            let expected = self.model.rows.iter().filter(|row| row.state == state).count();
            let counted = self.world.read(move |c| outbox::open_count(c, state)).await;
            assert_eq!(usize::try_from(counted).expect("few"), expected, "{state:?}");
            all += counted;
        }
        assert_eq!(
            i64::from(all),
            self.world.count("SELECT count(*) FROM outbox").await,
            "the counts add up"
        );
        let alone: BTreeSet<usize> = self
            .model
            .rows
            .iter()
            .filter(|row| row.state == S::InFlight)
            .map(|row| row.chat)
            .collect();
        let in_flight = self
            .model
            .rows
            .iter()
            .filter(|row| row.state == S::InFlight)
            .count();
        assert_eq!(alone.len(), in_flight, "one in flight per chat");
        for chat in &self.chats {
            let newest = self.world.messages(*chat).await.pop();
            let shown = self.world.chat(*chat).await;
            assert_eq!(
                shown.last.map(|last| last.id),
                newest.as_ref().map(|row| row.id),
                "the list's newest"
            );
            assert_eq!(shown.last_at.0, newest.map_or(0, |row| row.at.0), "and its time");
        }
        assert_eq!(
            self.world.count(WAITS_OTHERWISE).await,
            0,
            "they wait unless ours is an answer"
        );
    }
}

fn kind(outcome: Result<(), StoreError>) -> Result<(), StoreErrorKind> {
    outcome.map_err(|error| error.kind)
}

proptest! {
    #![proptest_config(trials(128))]

    #[test]
    fn the_store_lives_as_the_rules_say(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let mut life = Life::begin().await;
            for step in steps {
                life.step(step).await;
            }
            life.compare().await;
            life.world.index_is_exact().await;
        });
    }
}

//! A shop at work, and what of each of its writes a power cut would leave on the disk.

use std::path::PathBuf;

use mostrador_domain::{CampaignId, DeliveryStatus, FailureCode, OutboxEvent, OutboxId};
use mostrador_store::tables::campaign;
use mostrador_store::tables::ingest::{self, Origin};
use mostrador_store::tables::outbox::{self, NewContent, NewMessage};
use mostrador_store::tables::{chat, label};
use mostrador_store::{Durability, StoreError, Writing};
use rusqlite::Connection;

use super::{contents, log};
use crate::campaigns::TERMS;
use crate::world::{World, at, customer, delivered, text};

/// Chance from a seed: SplitMix64.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// A number below `sides`.
    pub(super) fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let sides = u64::try_from(sides).expect("few");
        usize::try_from((mixed ^ (mixed >> 31)) % sides).expect("fewer")
    }
}

/// A write that has returned.
pub(super) struct Commit {
    /// Where it ends in the log.
    pub(super) end: usize,
    /// Its log is on the disk: it was committed with `synchronous=FULL`.
    pub(super) durable: bool,
    /// What is in the file since.
    pub(super) contents: u64,
}

/// All since the log was begun anew.
pub(super) struct Round {
    /// The file, into which everything before was copied.
    pub(super) file: Vec<u8>,
    /// What is in it.
    pub(super) contents: u64,
    pub(super) commits: Vec<Commit>,
    /// The log after the last durable commit, or as it was begun.
    pub(super) synced: Vec<u8>,
    /// The log now.
    pub(super) log: Vec<u8>,
}

impl Round {
    /// What must be in the file if its log is as it was up to `until`.
    pub(super) fn expected(&self, until: usize) -> u64 {
        let whole = self.commits.iter().rfind(|commit| commit.end <= until);
        whole.map_or(self.contents, |commit| commit.contents)
    }

    /// Where the log ends of which the disk has everything.
    pub(super) fn synced_until(&self) -> usize {
        let last = self.commits.iter().rfind(|commit| commit.durable);
        last.map_or(log::HEADER, |commit| commit.end)
    }
}

/// The shop.
pub(super) struct Shop {
    world: World,
    reader: Connection,
    campaign: CampaignId,
    claimed: Vec<OutboxId>,
    number: i64,
    pub(super) round: Round,
}

impl Shop {
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        let device = world.device;
        for number in 1..=6 {
            let chat = world.chat_with(number).await;
            world
                .write(move |w| {
                    let name = if number % 2 == 0 { "Pedido" } else { "Cliente" };
                    let own = label::add(w, device, name, None)?;
                    let borne =
                        "INSERT INTO chat_label (label_id, chat_id, archived, pinned, last_at, unread)
                        SELECT ?1, id, archived, pinned, last_at, unread > 0 FROM chat WHERE id = ?2";
                    Ok(w.execute(borne, [own.0, chat.0])?)
                })
                .await;
        }
        let campaign = world.running(20..60).await;
        let reader = Connection::open(world.path()).expect("a reader");
        copy_log(&reader);
        let round = begun(&world, contents::of(&reader), vec![]);
        Self {
            world,
            reader,
            campaign,
            claimed: vec![],
            number: 0,
            round,
        }
    }

    /// Does something that a shop does.
    pub(super) async fn work(&mut self, dice: &mut Dice) {
        self.number += 1;
        let (number, device) = (self.number, self.world.device);
        let now = at(number);
        let whom = customer(1 + u32::try_from(dice.below(6)).expect("few"));
        match dice.below(7) {
            0 | 1 => {
                self.write(Durability::PowerLoss, move |w| {
                    let chat = chat::ensure(w, device, &whom)?;
                    let words = NewContent::Text(format!("respuesta {number}"));
                    outbox::enqueue(w, &NewMessage::new(chat, format!("c{number}"), words), now)
                })
                .await;
            }
            2 => {
                let claim = move |w: &mut Writing<'_>| outbox::claim(w, device, now);
                let claimed = self.write(Durability::PowerLoss, claim).await;
                self.claimed.extend(claimed.map(|claimed| claimed.id));
            }
            3 => {
                let Some(id) = self.claimed.pop() else { return };
                let how = dice.below(3);
                self.write(Durability::PowerLoss, move |w| match how {
                    0 => outbox::accepted(w, id, &format!("g{number}"), DeliveryStatus::Sent, now),
                    1 => outbox::no_answer(w, id, now, now),
                    _ => outbox::dead(w, id, OutboxEvent::Refused, FailureCode::RefusedContent),
                })
                .await;
            }
            4 => {
                let id = self.campaign;
                let terms = campaign::Terms { room: 9, ..TERMS };
                self.write(Durability::PowerLoss, move |w| {
                    campaign::queue_next(w, id, terms, now)
                })
                .await;
            }
            _ => {
                let said = (0..=dice.below(4)).map(|part| {
                    let who = 1 + u32::try_from(dice.below(6)).expect("few");
                    text(who, &format!("m{number}-{part}")).at(number).event()
                });
                let mut events: Vec<_> = said.collect();
                events.push(delivered(&format!("g{}", number - 3), now));
                self.write(Durability::Crash, move |w| {
                    ingest::apply(w, device, events, Origin::Live, now).map(|_| ())
                })
                .await;
            }
        }
    }

    /// Writes, and notes how far the log goes by then.
    async fn write<T: Send + 'static>(
        &mut self,
        durability: Durability,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        let asked = move |w: &mut Writing<'_>| {
            let level: i64 = w.pragma_query_value(None, "synchronous", |row| row.get(0))?;
            Ok((level == 2, work(w)?))
        };
        let store = &self.world.store;
        let written = match durability {
            Durability::PowerLoss => store.write_durably(asked).await,
            Durability::Crash => store.write(asked).await,
        };
        let (durable, done) = written.expect("written");
        assert_eq!(
            durable,
            durability == Durability::PowerLoss,
            "what must outlive a power cut is committed with synchronous=FULL, and nothing else waits for the disk"
        );
        self.note(durable);
        done
    }

    fn note(&mut self, durable: bool) {
        let log = std::fs::read(self.log_path()).expect("its log");
        let contents = contents::of(&self.reader);
        if log::salts(&log) != log::salts(&self.round.log) {
            let before = self.round.expected(usize::MAX);
            self.round = begun(&self.world, before, log.clone());
        }
        let end = log::end(&log);
        let last = self.round.commits.last().map_or(log::HEADER, |commit| commit.end);
        if end > last {
            self.round.commits.push(Commit {
                end,
                durable,
                contents,
            });
        }
        if durable {
            self.round.synced.clone_from(&log);
        }
        self.round.log = log;
    }

    /// Copies the log into the file, as the store does from time to time by another connection; the next write begins it anew. Gives the
    /// file as it is then.
    pub(super) fn copy_log(&self) -> Vec<u8> {
        copy_log(&self.reader);
        std::fs::read(self.world.path()).expect("the file")
    }

    fn log_path(&self) -> PathBuf {
        self.world.path().with_file_name("shop.db-wal")
    }
}

fn copy_log(connection: &Connection) {
    let left: i64 = connection
        .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?)
        })
        .expect("copied");
    assert_eq!(left, 0, "all of it is copied");
}

/// A log that was begun anew over a file in which `contents` are.
fn begun(world: &World, contents: u64, log: Vec<u8>) -> Round {
    let log = if log.is_empty() {
        std::fs::read(world.path().with_file_name("shop.db-wal")).expect("its log")
    } else {
        log
    };
    Round {
        file: std::fs::read(world.path()).expect("the file"),
        contents,
        commits: vec![],
        synced: log.clone(),
        log,
    }
}

//! Power cuts. A shop works; at moments of it the file and its log are copied as a cut leaves them, and the copy is opened.
//!
//! What a disk may do to what was not forced onto it: nothing of it is there, or parts in any order; a part that is half written or
//! wrong. A file into which a log is being copied may have any of its sectors old or new; the log is whole then. A log of which everything
//! up to some place is there must give every write that ends before it and nothing of any later one: what is in the opened file is compared
//! with what was in the store when that write had returned.
//!
//! A test run tries some hundreds of images; `MOSTRADOR_POWER_CUTS=50000` tries as many.

mod contents;
mod log;
mod shop;

use std::path::Path;

use mostrador_store::Store;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::world::{at, file_in};
use shop::{Dice, Round, Shop};

/// What a disk writes at once.
const SECTOR: usize = 512;
/// Images of each shop.
const OF_A_SHOP: usize = 48;

/// What became of the log.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// Of what was not forced onto the disk some sectors are there.
    Lost,
    /// It ends somewhere.
    Short,
    /// Sectors of it are zero.
    Zeroed,
    /// A bit is another.
    Flipped,
}

impl Cut {
    fn of(self, round: &Round, dice: &mut Dice) -> Vec<u8> {
        let mut log = round.log.clone();
        let end = log::end(&log);
        // Most often behind what was forced onto the disk.
        let synced = round.synced_until();
        let place = match dice.below(3) {
            0 => dice.below(end),
            _ => synced + dice.below((end - synced).max(1)),
        };
        match self {
            Self::Lost => {
                let sectors = log.chunks_mut(SECTOR).enumerate().skip(synced / SECTOR);
                for (number, sector) in sectors {
                    let from = number * SECTOR;
                    let kept = synced.saturating_sub(from);
                    if dice.below(2) == 0 {
                        as_before(&mut sector[kept..], &round.synced, from + kept);
                    }
                }
            }
            Self::Short => log.truncate(place),
            Self::Zeroed => {
                let until = (place + SECTOR * (1 + dice.below(16))).min(log.len());
                log[place.min(until)..until].fill(0);
            }
            Self::Flipped => {
                if let Some(byte) = log.get_mut(place) {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
        log
    }
}

/// What was in these bytes before; zeroes where there was nothing.
fn as_before(bytes: &mut [u8], before: &[u8], from: usize) {
    let before = before.get(from..).unwrap_or_default();
    let there = before.len().min(bytes.len());
    bytes[..there].copy_from_slice(&before[..there]);
    bytes[there..].fill(0);
}

/// The file while its log is copied into it: each sector is as it was or as it will be.
fn torn(before: &[u8], after: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut torn = after.to_vec();
    for (number, sector) in torn.chunks_mut(SECTOR).enumerate() {
        if dice.below(2) == 0 {
            as_before(sector, before, number * SECTOR);
        }
    }
    torn
}

/// Opens an image as a start does. What is in it and what is wrong with it; `None` = it was taken for damaged.
fn opened(file: &[u8], log: &[u8]) -> Option<(u64, Vec<String>)> {
    let folder = TempDir::new().expect("a folder");
    let path = file_in(&folder);
    std::fs::write(&path, file).expect("the file");
    std::fs::write(path.with_file_name("shop.db-wal"), log).expect("its log");
    let opened = Store::open(&path, at(60)).expect("what a power cut leaves opens");
    if opened.set_aside.is_some() {
        return None;
    }
    drop(opened);
    Some((word_of(&path), contents::faults(&path)))
}

fn word_of(path: &Path) -> u64 {
    contents::of(&Connection::open(path).expect("the file"))
}

fn images() -> usize {
    let asked = std::env::var("MOSTRADOR_POWER_CUTS");
    asked.ok().and_then(|images| images.parse().ok()).unwrap_or(240)
}

#[tokio::test]
async fn after_a_power_cut_every_write_is_there_or_not_and_what_was_forced_onto_the_disk_is() {
    let mut forgotten = 0;
    for seed in 0..images().div_ceil(OF_A_SHOP) {
        let mut dice = Dice(u64::try_from(seed).expect("few"));
        let mut shop = Shop::new().await;
        for image in 0..OF_A_SHOP {
            for _ in 0..=dice.below(4) {
                shop.work(&mut dice).await;
            }
            if image % 12 == 11 {
                let whole = shop.round.expected(usize::MAX);
                let after = shop.copy_log();
                let torn = torn(&shop.round.file, &after, &mut dice);
                assert_eq!(
                    opened(&torn, &shop.round.log),
                    Some((whole, vec![])),
                    "seed {seed}, image {image}: a log that was being copied is copied again"
                );
                continue;
            }
            let cut = [Cut::Lost, Cut::Short, Cut::Zeroed, Cut::Flipped][dice.below(4)];
            let log = cut.of(&shop.round, &mut dice);
            let until = log::same_until(&shop.round.log, &log);
            if matches!(cut, Cut::Lost) {
                assert!(
                    until >= shop.round.synced_until(),
                    "what was forced onto the disk is there"
                );
            }
            let expected = shop.round.expected(until);
            forgotten += usize::from(expected != shop.round.expected(usize::MAX));
            assert_eq!(
                opened(&shop.round.file, &log),
                Some((expected, vec![])),
                "seed {seed}, image {image}, {cut:?} at {until} of {}: every write that ends before it, and nothing of a later one",
                shop.round.log.len()
            );
        }
    }
    assert!(
        forgotten > images() / 10,
        "cuts that cost nothing show nothing: {forgotten}"
    );
}

/// A judge that finds nothing must be able to find something.
#[tokio::test]
async fn a_disk_that_puts_the_file_before_its_log_is_found_out() {
    let mut dice = Dice(7);
    let mut shop = Shop::new().await;
    let mut found = 0;
    for _ in 0..16 {
        for _ in 0..12 {
            shop.work(&mut dice).await;
        }
        let after = shop.copy_log();
        let file = torn(&shop.round.file, &after, &mut dice);
        let log = &shop.round.log[..log::end(&shop.round.log) / 2];
        let expected = shop.round.expected(log.len());
        found += usize::from(opened(&file, log) != Some((expected, vec![])));
    }
    assert!(
        found >= 4,
        "torn and without its log it is not as it should be: {found} of 16"
    );
}

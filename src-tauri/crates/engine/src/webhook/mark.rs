//! The word by which our registrations at a gateway are known from those of another Mostrador: a second counter of the same shop, at the same
//! number.
//!
//! It is chosen once for a folder of data and begins the secret of every path of ours, `/mostrador-hook/<word><secret>`. So an address of
//! before is known to be ours wherever it leads (another port, another tunnel), and whose it is does not hang on where a tunnel ends.
//! It is no secret itself: the 128 bits that follow it are.

use std::sync::Arc;

use mostrador_store::tables::setting;
use mostrador_store::{Store, StoreError};

use super::PREFIX;
use crate::chance::{Chance, secret_word};

/// The setting that keeps it.
const NAME: &str = "hook_mark";
/// Hexadecimal digits: 64 bits.
pub(super) const LENGTH: usize = 16;

/// See the module; clones share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark(Arc<str>);

impl Mark {
    /// The one that is kept, or one that is kept from now on.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn find(store: &Store, chance: &dyn Chance) -> Result<Self, StoreError> {
        let kept = store.read(|connection| setting::get(connection, NAME)).await?;
        if let Some(mark) = kept.as_deref().and_then(Self::read) {
            return Ok(mark);
        }
        let mark = Self::new(chance);
        let word = Arc::clone(&mark.0);
        store
            .write(move |writing| setting::note(writing, NAME, &word))
            .await?;
        Ok(mark)
    }

    /// Another one than any other.
    pub(super) fn new(chance: &dyn Chance) -> Self {
        let word: String = secret_word(chance).chars().take(LENGTH).collect();
        Self(word.into())
    }

    /// `None` = it is none: as an empty one it would take everybody's address for ours.
    fn read(word: &str) -> Option<Self> {
        let whole = word.len() == LENGTH && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        whole.then(|| Self(word.into()))
    }

    pub(super) fn word(&self) -> &str {
        &self.0
    }

    /// The beginning of our paths.
    pub(crate) fn prefix(&self) -> String {
        format!("{PREFIX}{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SeededChance;
    use crate::clock::{Clock as _, SystemClock};

    #[tokio::test]
    async fn it_is_chosen_once_and_is_nobody_elses() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = |name: &str| {
            let opened = Store::open(&folder.path().join(name), SystemClock.now());
            opened.expect("opens").store
        };
        let (ours, theirs) = (open("ours.db"), open("theirs.db"));
        let find = async |store: &Store, seed| {
            let chance = SeededChance::new(seed);
            Mark::find(store, &chance).await.expect("the store answers")
        };
        let first = find(&ours, 1).await;
        assert_eq!(
            find(&ours, 2).await,
            first,
            "after a restart, whatever chance says"
        );
        assert_ne!(find(&theirs, 3).await, first, "another Mostrador has another");
        assert_eq!(first.prefix().len(), PREFIX.len() + LENGTH);
        for none in ["", "abc", "0123456789abcdeg"] {
            assert_eq!(Mark::read(none), None, "{none:?} would be begun by others");
        }
    }
}

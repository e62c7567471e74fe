//! What people type into a search field, and texts in which it is looked for: a bar stands between them.

use std::path::Path;

use mostrador_domain::{ChatId, UnixMillis};
use mostrador_store::Store;
use mostrador_store::tables::search::{self, Typed, Words};
use tokio::runtime::{Builder, Runtime};

/// An empty shop: what is asked of it finds nothing, and must not fail.
pub(crate) struct Shop {
    runtime: Runtime,
    store: Store,
}

impl Shop {
    pub(crate) fn open(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("a folder");
        let opened = Store::open(&folder.join("shop.db"), UnixMillis(0)).expect("a new file opens");
        Self {
            runtime: Builder::new_current_thread().build().expect("a runtime"),
            store: opened.store,
        }
    }
}

pub(crate) fn run(shop: &Shop, bytes: &[u8]) {
    let Ok(input) = str::from_utf8(bytes) else { return };
    let (typed, text) = input.split_once('|').unwrap_or((input, input));
    let typed_words = Typed::parse(typed);
    let found = typed_words.found_in(text);
    for place in &found {
        assert!(text.get(place.clone()).is_some(), "a place is whole characters");
    }
    assert!(
        found.windows(2).all(|pair| pair[0].end <= pair[1].start),
        "places follow one another"
    );
    if typed_words.is_in(&Words::of(text)) {
        assert!(!found.is_empty(), "what is in a text stands somewhere");
    }
    for chat in [None, Some(ChatId(1))] {
        let typed_words = typed_words.clone();
        let asked = shop
            .store
            .read(move |connection| search::hits(connection, &typed_words, chat, None, 5));
        assert!(
            shop.runtime.block_on(asked).is_ok(),
            "nothing that is typed is an error"
        );
    }
    let typed = typed.to_owned();
    let asked = shop
        .store
        .read(move |connection| search::chats(connection, &typed, 5));
    assert!(
        shop.runtime.block_on(asked).is_ok(),
        "nor in the search for chats"
    );
}

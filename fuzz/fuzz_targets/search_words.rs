//! What people type into a search field, and texts in which it is looked for.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use mostrador_domain::{ChatId, UnixMillis};
use mostrador_store::Store;
use mostrador_store::tables::search::{self, Typed, Words};
use tokio::runtime::Runtime;

/// An empty shop: what is asked of it finds nothing, and must not fail.
fn shop() -> &'static (Runtime, Store) {
    static SHOP: OnceLock<(Runtime, Store)> = OnceLock::new();
    SHOP.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("mostrador-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let opened = Store::open(&folder.join("shop.db"), UnixMillis(0)).expect("a new file opens");
        (runtime, opened.store)
    })
}

fuzz_target!(|input: (&str, &str)| {
    let (typed, text) = input;
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
    let (runtime, store) = shop();
    for chat in [None, Some(ChatId(1))] {
        let typed_words = typed_words.clone();
        let asked = store.read(move |connection| search::hits(connection, &typed_words, chat, None, 5));
        assert!(runtime.block_on(asked).is_ok(), "nothing that is typed is an error");
    }
    let typed = typed.to_owned();
    let asked = store.read(move |connection| search::chats(connection, &typed, 5));
    assert!(runtime.block_on(asked).is_ok(), "nor in the search for chats");
});

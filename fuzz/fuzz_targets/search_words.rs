//! See the body.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

#[path = "../bodies/search_words.rs"]
mod body;

static SHOP: LazyLock<body::Shop> = LazyLock::new(|| {
    let folder = format!("mostrador-fuzz-{}", std::process::id());
    body::Shop::open(&std::env::temp_dir().join(folder))
});

fuzz_target!(|bytes: &[u8]| body::run(&SHOP, bytes));

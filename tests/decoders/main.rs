//! Whatever reads bytes that others wrote, on a hundred and fifty thousand inputs with every change. The bodies and the corpus are those of
//! the fuzz targets, which need another compiler and more time (`cargo xtask fuzz`). What is tried follows from a seed.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, what is not as expected must end it"
)]

mod mutation;

#[path = "../../fuzz/bodies/address.rs"]
mod address;
#[path = "../../fuzz/bodies/api_engine.rs"]
mod api_engine;
#[path = "../../fuzz/bodies/command_arguments.rs"]
mod command_arguments;
#[path = "../../fuzz/bodies/customer_list.rs"]
mod customer_list;
#[path = "../../fuzz/bodies/deep_link.rs"]
mod deep_link;
#[path = "../../fuzz/bodies/encoded.rs"]
mod encoded;
#[path = "../../fuzz/bodies/evolution.rs"]
mod evolution;
#[path = "../../fuzz/bodies/media.rs"]
mod media;
#[path = "../../fuzz/bodies/qr_buho.rs"]
mod qr_buho;
#[path = "../../fuzz/bodies/redaction.rs"]
mod redaction;
#[path = "../../fuzz/bodies/retry_after.rs"]
mod retry_after;
#[path = "../../fuzz/bodies/search_words.rs"]
mod search_words;
#[path = "../../fuzz/bodies/waconecta.rs"]
mod waconecta;
#[path = "../../fuzz/bodies/whapi_answers.rs"]
mod whapi_answers;
#[path = "../../fuzz/bodies/whapi_lists.rs"]
mod whapi_lists;
#[path = "../../fuzz/bodies/whapi_webhook.rs"]
mod whapi_webhook;
#[path = "../../fuzz/bodies/written_number.rs"]
mod written_number;

use mostrador_engine::EngineError;
use mutation::feed;

#[test]
fn addresses() {
    feed("address", 25_000, address::run);
}

#[test]
fn arguments_of_commands() {
    feed("command_arguments", 4_000, command_arguments::run);
}

#[test]
fn links_into_the_program() {
    feed("deep_link", 20_000, deep_link::run);
}

#[test]
fn lists_of_customers() {
    feed("customer_list", 5_000, customer_list::run);
}

#[test]
fn numbers_as_people_write_them() {
    feed("written_number", 5_000, written_number::run);
}

#[test]
fn files() {
    feed("media", 6_000, media::run);
}

fn of_corpus(target: &str, name: &str) -> Vec<u8> {
    let path = mutation::fuzz_folder().join("corpus").join(target).join(name);
    std::fs::read(path).expect("in the corpus")
}

#[test]
fn the_corpus_of_files_is_looked_at() {
    let seen = |name| media::seen(&of_corpus("media", name)).expect("not empty");
    for (name, mime, size) in [
        ("png", "image/png", Some((3, 2))),
        ("gif", "image/gif", Some((3, 2))),
        ("gif_moves", "image/gif", Some((3, 2))),
        ("apng", "image/png", Some((3, 2))),
        ("webp_moves", "image/webp", Some((3, 2))),
        ("jpeg", "image/jpeg", Some((3, 2))),
        ("webp", "image/webp", Some((3, 2))),
        ("mp4", "video/mp4", None),
        ("ogg", "audio/ogg", None),
        ("pdf", "application/pdf", None),
        ("words", "text/plain", None),
    ] {
        let file = seen(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((file.mime, file.size), (mime, size), "{name}");
    }
    let sound = seen("voice").expect("a sound");
    assert_eq!(
        (sound.mime, sound.seconds),
        ("audio/ogg", Some(3)),
        "and how long it is"
    );
    for name in ["bomb", "gif_bomb", "apng_bomb", "webp_bomb"] {
        assert!(
            matches!(seen(name), Err(EngineError::MediaTooLarge)),
            "{name}: what unfolds into gigabytes is refused unread"
        );
    }
}

#[test]
fn files_inside_answers() {
    feed("encoded", 12_000, encoded::run);
}

#[test]
fn the_corpus_of_files_inside_answers_is_understood() {
    for (name, bytes) in [
        ("plain", Some(60)),
        ("in_data", Some(60)),
        ("slashes", Some(60)),
        ("unicode", Some(60)),
        ("two", None),
        ("unfinished", None),
        ("too_large", None),
        ("refusal", None),
    ] {
        let input = of_corpus("encoded", name);
        let (at_once, answer) = input.split_first().expect("not empty");
        let file = mostrador_gateways::fuzzing::encoded_file(answer, usize::from(*at_once), 256);
        assert_eq!(file.map(|file| file.len()), bytes, "{name}");
    }
}

#[test]
fn lines_of_the_log() {
    feed("redaction", 15_000, redaction::run);
}

#[test]
fn delays() {
    feed("retry_after", 20_000, retry_after::run);
}

#[test]
fn words_to_search_for() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let shop = search_words::Shop::open(folder.path());
    feed("search_words", 5_000, |bytes| search_words::run(&shop, bytes));
}

#[test]
fn lists_of_whapi() {
    feed("whapi_lists", 12_000, whapi_lists::run);
}

#[test]
fn answers_of_whapi() {
    feed("whapi_answers", 12_000, whapi_answers::run);
}

/// A corpus that no decoder understands would try nothing but their first line.
#[test]
fn the_corpus_of_whapis_answers_is_understood() {
    for (name, understood) in [
        ("taken", true),
        ("not_taken", false),
        ("done", true),
        ("not_done", false),
        ("page", false),
        ("health", true),
        ("health_code", true),
        ("code", true),
        ("code_picture", true),
        ("code_waits", true),
        ("passkey", true),
        ("typed", true),
        ("numbers", true),
        ("settings", true),
        ("profile", true),
        ("limits", true),
        ("upload", true),
        ("person", true),
        ("blocked", true),
    ] {
        let bytes = of_corpus("whapi_answers", name);
        let (which, body) = bytes.split_first().expect("not empty");
        assert_eq!(
            mostrador_gateways::whapi::fuzzing::answer(*which, body),
            understood,
            "{name}"
        );
    }
}

#[test]
fn calls_of_whapi() {
    feed("whapi_webhook", 13_000, whapi_webhook::run);
}

#[test]
fn every_fuzz_target_is_fed_here() {
    let root = mutation::fuzz_folder();
    let names = |folder: &str| {
        let entries = std::fs::read_dir(root.join(folder)).expect("the folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").path())
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("fuzz_targets"), names("bodies"), "a body for each target");
    assert_eq!(names("corpus"), names("bodies"), "and a corpus");
    let here = include_str!("main.rs");
    for name in names("bodies") {
        assert!(here.contains(&format!("feed(\"{name}\",")), "{name} is fed here");
    }
}

#[test]
fn what_evolution_says() {
    feed("evolution", 12_000, evolution::run);
}

#[test]
fn what_qr_buho_says() {
    feed("qr_buho", 12_000, qr_buho::run);
}

#[test]
fn what_the_api_engine_says() {
    feed("api_engine", 10_000, api_engine::run);
}

#[test]
fn what_waconecta_says() {
    feed("waconecta", 8_000, waconecta::run);
}

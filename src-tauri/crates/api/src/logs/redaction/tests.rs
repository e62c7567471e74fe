use mostrador_engine::chance::{SeededChance, secret_word};

use super::*;

fn shown(said: &str) -> String {
    Redaction::default().of(said)
}

#[test]
fn numbers_keep_their_last_two_digits() {
    for said in [
        "chat 51900000011 is new",
        "chat +51 900 000 011 is new",
        "chat +51-900-000-011 is new",
        "chat (51) 900.000.011 is new",
        "chat ٥١٩٠٠٠٠٠٠١١ is new",
    ] {
        let shown = shown(said);
        assert!(
            !shown.contains("900") && !shown.contains("٩٠٠"),
            "{said}: {shown}"
        );
        assert!(
            shown.starts_with("chat ") && shown.ends_with("11 is new") || shown.ends_with("١١ is new"),
            "{said}: {shown}"
        );
    }
}

#[test]
fn small_numbers_stay() {
    for said in [
        "device 3: 12 of 40 chats",
        "status 503 after 2500 ms",
        "127.0.0.1:41234 answers",
        "attempt 8, row 12345",
    ] {
        assert_eq!(shown(said), said, "this is what a log is for");
    }
}

#[test]
fn addresses_are_not_shown() {
    for said in [
        "to 51900000011@s.whatsapp.net now",
        "to 9900000000011:7@lid now",
        "to maria.q@correo.example now",
    ] {
        assert_eq!(shown(said), "to [address] now", "whoever it is");
    }
}

#[test]
fn web_addresses_lose_user_query_and_fragment() {
    assert_eq!(
        shown("GET https://rosa:clave@gate.example/chats/1?token=abc&q=hola#x failed"),
        "GET https://gate.example/chats/1?… failed"
    );
    assert_eq!(
        shown("GET http://127.0.0.1:8080/health failed"),
        "GET http://127.0.0.1:8080/health failed"
    );
}

#[test]
fn what_looks_like_a_secret_is_not_shown() {
    for said in [
        "Authorization: Bearer corto",
        "bearer corto",
        "token: corto",
        "token=corto",
        "with apikey= corto",
        "at /mostrador-hook/0123456789abcdef0123456789abcdef/in corto"
            .replace("corto", "")
            .as_str(),
    ] {
        let shown = shown(said);
        assert!(
            !shown.contains("corto") && !shown.contains("0123456789abcdef"),
            "{said}: {shown}"
        );
    }
    assert_eq!(
        shown("the token of a removed device could not be deleted"),
        "the token of a removed device could not be deleted"
    );
}

#[test]
fn secrets_that_the_program_knows_are_shown_nowhere() {
    let redaction = Redaction::default();
    redaction.never_tell(&SecretString::from("practice-token-for-tests".to_owned()));
    for said in [
        "practice-token-for-tests",
        "(practice-token-for-tests)",
        "xpractice-token-for-testsx",
        "a?b=practice-token-for-tests&c",
    ] {
        let shown = redaction.of(said);
        assert!(!shown.contains("practice"), "{said}: {shown}");
    }
}

#[test]
fn what_stands_in_quotes_is_somebodys_words() {
    assert_eq!(
        shown(r#"invalid type: string "hola Rosa", expected i64"#),
        r#"invalid type: string "…", expected i64"#
    );
    assert_eq!(shown(r#"Text("dijo \"sí\" y ya")"#), r#"Text("…")"#);
    assert_eq!(
        shown("it is inside 'ñ' of `mañana paso`"),
        "it is inside 'ñ' of `…`"
    );
    assert_eq!(shown(r#"cut "short"#), r#"cut "…"#);
}

#[test]
fn one_event_is_one_line_and_no_longer_than_it_may_be() {
    assert_eq!(shown("a\nb\r\u{1b}[31mc\u{202e}d"), "a b  [31mc d");
    assert_eq!(shown(&"x ".repeat(1_000)).chars().count(), LONGEST + 1);
}

/// Whatever stands around it, a number, a token and an address do not come through.
#[test]
fn nothing_comes_through_in_any_surroundings() {
    let redaction = Redaction::default();
    let known = "clave-de-la-tienda";
    redaction.never_tell(&SecretString::from(known.to_owned()));
    let surroundings = [
        "", " ", "=", ":", "/", "(", "[", "{", "\"", "'", "<", ">", ",", ";", "\n", "é", "·", "|", "=>", "id",
    ];
    let chance = SeededChance::new(5);
    for before in surroundings {
        for after in surroundings {
            let token = secret_word(&chance);
            for canary in [known, "51900000011", "9900000000011@lid", &token] {
                let shown = redaction.of(&format!("said {before}{canary}{after} twice"));
                assert!(
                    !shown.contains(canary),
                    "between {before:?} and {after:?}: {shown}"
                );
                assert!(
                    !shown.contains("9000000"),
                    "a part of it, between {before:?} and {after:?}: {shown}"
                );
            }
        }
    }
}

//! Messages are found by their words, in whatever way they came and whatever became of them.

use mostrador_domain::{ChatId, MessageBody, MessageChangeKind, MessageId};
use mostrador_store::tables::chat;
use mostrador_store::tables::ingest::Origin;
use mostrador_store::tables::outbox;
use mostrador_store::tables::search::{self, Place, Typed};
use proptest::prelude::*;

use crate::world::{World, at, customer, done, edited, text, trials};

impl World {
    /// The words of what is found, newest first.
    async fn found(&self, typed: &str, chat: Option<ChatId>) -> Vec<String> {
        let typed = Typed::parse(typed);
        let rows = self
            .read(move |connection| search::messages(connection, &typed, chat, None, 100))
            .await;
        rows.iter()
            .map(|row| format!("{:?}", row.gateway_id.as_deref().unwrap_or("ours")))
            .collect()
    }

    /// The index holds the words of all messages and nothing else.
    pub(crate) async fn index_is_exact(&self) {
        const DUMP: &str = "SELECT term, doc, col, offset FROM word ORDER BY 1, 2, 3, 4";
        let path = self.path();
        let connection = rusqlite::Connection::open(path).expect("the file opens");
        connection
            .execute_batch(
                "CREATE VIRTUAL TABLE temp.word USING fts5vocab('main', 'message_search', 'instance');
                 CREATE VIRTUAL TABLE temp.anew USING fts5(text, chat, content = '', columnsize = 0, tokenize = \"unicode61 remove_diacritics 2\");
                 INSERT INTO temp.anew (rowid, text, chat)
                 SELECT (min(max(at, 0), 4294967295000) / 1000 << 31) | id, text, char(983040 + chat_id % 65000)
                   FROM message WHERE text IS NOT NULL;
                 CREATE VIRTUAL TABLE temp.word_anew USING fts5vocab('temp', 'anew', 'instance');",
            )
            .expect("an index made anew");
        let dump = |sql: &str| -> Vec<(String, i64, String, i64)> {
            let mut statement = connection.prepare(sql).expect("words");
            let rows = statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .expect("words");
            rows.map(|row| row.expect("a word")).collect()
        };
        assert_eq!(
            dump(DUMP),
            dump(&DUMP.replace("FROM word", "FROM word_anew")),
            "each word of each message stands in the index, and no other"
        );
    }
}

fn said(number: u32, id: &str, words: &str, seconds: i64) -> mostrador_domain::Inbound {
    text(number, id)
        .body(MessageBody::Text(words.into()))
        .at(seconds)
        .event()
}

#[tokio::test]
async fn newest_is_first_whatever_came_in_when() {
    let world = World::new().await;
    world
        .live(vec![said(1, "b", "dos tortas", 20), said(2, "c", "la torta", 30)])
        .await;
    world.history(vec![said(1, "a", "una torta", 10)]).await;
    assert_eq!(
        world.found("tort", None).await,
        ["\"c\"", "\"b\"", "\"a\""],
        "older history came last and is last"
    );
    world.index_is_exact().await;
}

#[tokio::test]
async fn case_and_accents_do_not_matter_and_the_last_word_may_be_a_beginning() {
    let world = World::new().await;
    world.live(vec![said(1, "a", "¿Cuánto la CANCIÓN?", 1)]).await;
    for typed in ["cancion", "canción ", "CUANTO can", "\"la cancion\"", "cuánto? "] {
        assert_eq!(world.found(typed, None).await, ["\"a\""], "{typed:?} finds it");
    }
    for typed in ["cancio ", "\"cuanto cancion\"", "otra", "", "\"", "*"] {
        assert!(
            world.found(typed, None).await.is_empty(),
            "{typed:?} finds nothing"
        );
    }
}

#[tokio::test]
async fn one_chat_is_searched_alone() {
    let world = World::new().await;
    world
        .live(vec![said(1, "a", "hola", 1), said(2, "b", "hola", 2)])
        .await;
    let chat = world.chat_with(1).await;
    assert_eq!(
        world.found("hola", Some(chat)).await,
        ["\"a\""],
        "the other chat's stays out"
    );
}

#[tokio::test]
async fn what_was_edited_is_found_by_its_new_words_and_what_was_deleted_by_none() {
    let world = World::new().await;
    world
        .live(vec![said(1, "a", "viernes", 1), said(1, "b", "viernes", 2)])
        .await;
    world.live(vec![done(1, "a", 5, edited("sábado"))]).await;
    world
        .live(vec![done(1, "b", 6, MessageChangeKind::Deleted)])
        .await;
    assert_eq!(world.found("sabado", None).await, ["\"a\""], "its new words");
    assert!(
        world.found("viernes", None).await.is_empty(),
        "nothing says so any more"
    );
    world.index_is_exact().await;
}

#[tokio::test]
async fn an_edit_in_the_same_batch_or_before_its_message_is_what_is_found() {
    let world = World::new().await;
    world.live(vec![done(1, "a", 5, edited("sábado"))]).await;
    world
        .live(vec![
            said(1, "a", "viernes", 1),
            said(1, "b", "lunes", 2),
            done(1, "b", 6, edited("martes")),
        ])
        .await;
    assert_eq!(
        world.found("sabado", None).await,
        ["\"a\""],
        "told before its message"
    );
    assert_eq!(
        world.found("martes", None).await,
        ["\"b\""],
        "told together with it"
    );
    world.index_is_exact().await;
}

#[tokio::test]
async fn what_we_write_is_found_at_once_and_not_after_it_was_taken_back() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "Mañana sin falta", at(5)).await;
    assert_eq!(
        world.found("manana", None).await,
        ["\"ours\""],
        "before it is sent"
    );
    world.index_is_exact().await;
    let claimed = world.claim_one(at(6)).await;
    world.refused(claimed.id).await;
    world
        .operator_says(message, outbox::OperatorWord::Discard, at(7))
        .await
        .expect("it can be discarded");
    assert!(world.found("manana", None).await.is_empty(), "it is gone");
    world.index_is_exact().await;
}

#[tokio::test]
async fn an_emptied_chat_and_a_removed_device_leave_no_words() {
    let world = World::new().await;
    let other = world.another_device().await;
    world.live(vec![said(1, "a", "hola", 1)]).await;
    world
        .ingest(other, vec![said(2, "b", "hola", 2)], Origin::Live)
        .await;
    let device = world.device;
    world
        .write(move |w| chat::emptied(w, device, &customer(1), false))
        .await;
    assert_eq!(
        world.found("hola", None).await,
        ["\"b\""],
        "the emptied chat's words are gone"
    );
    world
        .write(move |w| mostrador_store::tables::device::remove(w, other))
        .await;
    assert!(world.found("hola", None).await.is_empty(), "and the device's");
    world.index_is_exact().await;
}

#[tokio::test]
async fn what_is_being_removed_is_found_no_more() {
    let world = World::new().await;
    let many = (0..1_200)
        .map(|n| said(1, &format!("m{n}"), "hola Lucía", n))
        .collect();
    world.live(many).await;
    world.live(vec![said(2, "other", "hola", 5_000)]).await;
    let device = world.device;
    world
        .write(move |w| chat::emptied(w, device, &customer(1), true))
        .await;
    assert!(
        world.count("SELECT count(*) FROM message").await > 1,
        "most of its rows are still here"
    );
    assert_eq!(
        world.found("hola", None).await,
        ["\"other\""],
        "but nobody finds them"
    );
    let chats = world.read(|c| search::chats(c, "000 000 01", 10)).await;
    assert!(chats.is_empty(), "nor their chat");
}

#[tokio::test]
async fn words_of_every_script_are_found_as_they_were_written() {
    let world = World::new().await;
    let texts = [
        "안녕하세요 사장님",
        "がんばって",
        "йод и ёлка",
        "Άρτος",
        "tiếng Việt",
        "o\u{336}f\u{336}erta",
        "cancio\u{301}n",
        "नमस्ते दुनिया",
        "שָׁלוֹם",
        "ß Straße",
        "İstanbul",
        "1½ kg",
        "nº 5",
        "torta 🅰️ Ⓜ",
        "x\0y",
    ];
    let events = texts
        .iter()
        .zip(0_i64..)
        .map(|(words, n)| said(1, &format!("m{n}"), words, n));
    world.live(events.collect()).await;
    for (words, n) in texts.iter().zip(0..) {
        let id = format!("{:?}", format!("m{n}"));
        for typed in [(*words).to_owned(), format!("{words} "), format!("\"{words}\"")] {
            let found = world.found(&typed, None).await;
            assert!(found.contains(&id), "{typed:?} finds itself: {found:?}");
        }
    }
    world.index_is_exact().await;
}

#[tokio::test]
async fn a_page_goes_on_where_the_last_one_ended() {
    let world = World::new().await;
    // Three in the same second: the number decides.
    let all = (0..7)
        .map(|n| said(1, &format!("m{n}"), "hola", i64::from(n) / 3))
        .collect();
    world.live(all).await;
    let mut seen: Vec<MessageId> = Vec::new();
    let mut before = None;
    loop {
        let page = world
            .read(move |c| search::messages(c, &Typed::parse("hola"), None, before, 2))
            .await;
        let Some(last) = page.last() else { break };
        before = Some(Place {
            at: last.at,
            id: last.id,
        });
        seen.extend(page.iter().map(|row| row.id));
    }
    let mut newest_first = seen.clone();
    newest_first.sort_unstable();
    newest_first.reverse();
    newest_first.dedup();
    assert_eq!((seen.len(), &seen), (7, &newest_first), "each once, newest first");
}

#[tokio::test]
async fn a_chat_is_found_by_its_name_and_its_number() {
    let world = World::new().await;
    let named = |number: u32, name: &str| {
        text(number, &format!("m{number}"))
            .chat_name(name)
            .at(i64::from(number))
            .event()
    };
    world
        .live(vec![named(11, "Lucía Paredes"), named(12, "Lucas Ñahui")])
        .await;
    let found = async |typed: &str| {
        let typed = typed.to_owned();
        let rows = world.read(move |c| search::chats(c, &typed, 10)).await;
        rows.into_iter()
            .map(|row| row.address.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    let (lucia, lucas) = (customer(11).as_str().to_owned(), customer(12).as_str().to_owned());
    assert_eq!(found("luc").await, [lucas.clone(), lucia.clone()], "newest first");
    assert_eq!(found("l").await.len(), 2, "one letter of a name is a beginning");
    assert_eq!(
        found("paredes lucia").await,
        std::slice::from_ref(&lucia),
        "in any order, without accents"
    );
    assert_eq!(found("nahui").await, std::slice::from_ref(&lucas));
    assert_eq!(
        found("000 000 12").await,
        [lucas],
        "by its number, as one writes it"
    );
    assert!(
        found("12 tortas").await.is_empty(),
        "words beside digits are no number"
    );
}

proptest! {
    #![proptest_config(trials(24))]

    /// No text and no question breaks the index, and what is found is what has the words.
    #[test]
    fn anything_can_be_said_and_asked(said_all in prop::collection::vec("\\PC{0,24}", 1..12), typed in "\\PC{0,12}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::new().await;
            let events = said_all.iter().enumerate().map(|(n, words)| said(1, &format!("m{n}"), words, n as i64)).collect();
            world.live(events).await;
            let _none_fails = world.found(&typed, None).await;
            for words in &said_all {
                if let Some(word) = words.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| word.len() > 1 && word.len() == words.len()) {
                    prop_assert!(!world.found(word, None).await.is_empty(), "{} is found", word);
                }
            }
            world.index_is_exact().await;
            Ok(())
        })?;
    }
}

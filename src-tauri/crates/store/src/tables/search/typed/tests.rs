use super::*;

fn query(typed: &str) -> Option<String> {
    Typed::parse(typed).query(None)
}

#[test]
fn the_last_word_may_go_on_while_it_is_typed() {
    assert_eq!(
        query("torta lis").as_deref(),
        Some("text : (\"torta\" AND \"lis\" *)")
    );
    assert_eq!(
        query("torta lis ").as_deref(),
        Some("text : (\"torta\" AND \"lis\")"),
        "a space behind it ends it"
    );
    assert_eq!(
        query("a").as_deref(),
        Some("text : (\"a\")"),
        "one letter is a word"
    );
}

#[test]
fn quoted_words_follow_one_another() {
    assert_eq!(
        query("\"torta de lúcuma\" hoy ").as_deref(),
        Some("text : (\"torta de lúcuma\" AND \"hoy\")"),
        "the index takes the accents off"
    );
}

#[test]
fn what_is_no_word_only_parts_words() {
    assert_eq!(query("  \"*^:() ").as_deref(), None, "nothing to look for");
    assert_eq!(
        query("NEAR(a b) OR -c").as_deref(),
        Some("text : (\"NEAR a\" AND \"b\" AND \"OR\" AND \"c\")"),
        "the index's own language cannot be typed"
    );
}

#[test]
fn places_are_those_of_the_text_as_it_was_written() {
    let text = "¡Canción! Otra CANCIONERA, cancion\u{301}";
    let found = Typed::parse("cancion").found_in(text);
    let words: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
    assert_eq!(words, ["Canción", "CANCIONERA", "cancion\u{301}"]);
}

#[test]
fn a_phrase_is_one_place() {
    let text = "la torta de lúcuma y otra torta";
    let found = Typed::parse("\"torta de lucuma\" torta ").found_in(text);
    let words: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
    assert_eq!(words, ["torta de lúcuma", "torta"]);
}

/// The letters and marks of what customers write in, each alone and within a word.
#[test]
fn words_are_those_of_the_index() {
    let letters: Vec<char> = ('\u{80}'..='\u{377}')
        .chain('\u{388}'..='\u{38A}')
        .chain('\u{391}'..='\u{3A1}')
        .chain('\u{3A3}'..='\u{3CE}')
        .chain('\u{400}'..='\u{481}')
        .chain('\u{900}'..='\u{977}')
        .chain('\u{1E00}'..='\u{1EFF}')
        .chain('\u{24B6}'..='\u{24E9}')
        .chain('\u{3041}'..='\u{3096}')
        .chain('\u{30A1}'..='\u{30FE}')
        .chain('\u{AC00}'..='\u{AD00}')
        .chain('\u{1F170}'..='\u{1F189}')
        .collect();
    let texts: Vec<String> = letters.iter().map(|c| format!("x{c}y {c}")).collect();
    let there = indexed(&texts);
    let differ: Vec<String> = std::iter::zip(&texts, there)
        .filter(|(text, there)| words(text).map(|(_, word)| word).ne(there.iter().cloned()))
        .map(|(text, _)| text.escape_unicode().to_string())
        .collect();
    assert_eq!(differ, Vec::<String>::new(), "parted and folded alike");
}

/// The words of each text, as an index like ours has them.
fn indexed(texts: &[String]) -> Vec<Vec<String>> {
    let connection = rusqlite::Connection::open_in_memory().expect("memory");
    connection
        .execute_batch(
            "CREATE VIRTUAL TABLE words USING fts5(text, tokenize = \"unicode61 remove_diacritics 2\");
             CREATE VIRTUAL TABLE word USING fts5vocab(words, instance);",
        )
        .expect("an index");
    for (number, text) in (0_u32..).zip(texts) {
        connection
            .execute("INSERT INTO words (rowid, text) VALUES (?1, ?2)", (number, text))
            .expect("indexed");
    }
    let mut all = vec![Vec::new(); texts.len()];
    let mut statement = connection
        .prepare("SELECT doc, offset, term FROM word")
        .expect("its words");
    let mut rows = statement.query([]).expect("its words");
    while let Some(row) = rows.next().expect("a word") {
        let number: u32 = row.get(0).expect("which text");
        let word: (u32, String) = (row.get(1).expect("where"), row.get(2).expect("what"));
        all[number as usize].push(word);
    }
    all.into_iter()
        .map(|mut words: Vec<(u32, String)>| {
            words.sort();
            words.into_iter().map(|(_, word)| word).collect()
        })
        .collect()
}

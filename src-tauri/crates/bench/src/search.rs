//! Search in a million messages: how long the first page of hits takes, and whether it is the right one.
//!
//! The answers are held against one that reads every message with the rules as they are written in the store's module head.

use mostrador_domain::{ChatId, MessageId};
use mostrador_store::tables::search::{self, Typed};
use mostrador_store::{Connection, Store, StoreError};

use crate::corpus::{Corpus, Draw, Rng};
use crate::figure::{Figure, Goal};
use crate::timing::{now, percentile};

/// How many questions of each kind are asked.
const ASKED: usize = 200;
/// How many of them are held against the answer that reads everything.
const PROVEN: usize = 6;
/// Hits on a page.
const PAGE: u32 = 50;
/// Milliseconds.
const GOAL: f64 = 5.0;

/// A question, and in which chat.
type Question = (String, Option<ChatId>);

/// Measures every kind of question.
pub(crate) async fn figures(store: &Store, corpus: &Corpus) -> Result<Vec<Figure>, StoreError> {
    let mut figures = Vec::new();
    let largest = store.read(largest_chat).await?;
    for (name, make) in kinds(largest) {
        let questions = questions(corpus, make);
        let proven: Vec<Question> = questions.iter().take(PROVEN).cloned().collect();
        let times = store.read(move |connection| ask(connection, &questions)).await?;
        figures.push(Figure::new(
            format!("search_{name}_p95"),
            percentile(&times, 0.95),
            "ms",
            Goal::AtMost(GOAL),
        ));
        let wrong = store.read(move |connection| wrong(connection, &proven)).await?;
        figures.push(Figure::new(
            format!("search_{name}_wrong"),
            wrong,
            "answers",
            Goal::AtMost(0.0),
        ));
    }
    Ok(figures)
}

/// The chat with the most messages.
fn largest_chat(connection: &Connection) -> Result<ChatId, StoreError> {
    let sql = "SELECT chat_id FROM message GROUP BY chat_id ORDER BY count(*) DESC LIMIT 1";
    Ok(ChatId(connection.query_row(sql, [], |row| row.get(0))?))
}

type Make = Box<dyn Fn(&Corpus, &mut Rng) -> Question>;

/// Each kind of question, made of words that are as frequent there as in messages.
fn kinds(largest: ChatId) -> Vec<(&'static str, Make)> {
    fn word<'c>(corpus: &'c Corpus, rng: &mut Rng) -> &'c str {
        let draw = Draw::zipf(corpus.vocabulary.len(), 1.05);
        corpus.vocabulary.word(draw.draw(rng))
    }
    fn beginning(corpus: &Corpus, rng: &mut Rng, letters: usize) -> String {
        word(corpus, rng).chars().take(letters).collect()
    }
    vec![
        (
            "word",
            Box::new(|corpus, rng| (format!("{} ", word(corpus, rng)), None)),
        ),
        (
            "prefix2",
            Box::new(|corpus, rng| (beginning(corpus, rng, 2), None)),
        ),
        (
            "prefix3",
            Box::new(|corpus, rng| (beginning(corpus, rng, 3), None)),
        ),
        (
            "word_and_prefix",
            Box::new(|corpus, rng| {
                (
                    format!("{} {}", word(corpus, rng), beginning(corpus, rng, 3)),
                    None,
                )
            }),
        ),
        (
            "phrase",
            Box::new(|corpus, rng| {
                // Two words that follow one another somewhere.
                let place = rng.below(corpus.size.messages as u64) as usize;
                let text = corpus.line(crate::corpus::Order::Live, place).text;
                let words: Vec<&str> = text.split(' ').take(2).collect();
                (format!("\"{}\"", words.join(" ")), None)
            }),
        ),
        (
            "in_largest_chat",
            Box::new(move |corpus, rng| (format!("{} ", word(corpus, rng)), Some(largest))),
        ),
        (
            "in_any_chat",
            Box::new(|corpus, rng| {
                let chat = 1 + rng.below(corpus.size.chats as u64) as i64;
                (beginning(corpus, rng, 3), Some(ChatId(chat)))
            }),
        ),
    ]
}

fn questions(corpus: &Corpus, make: Make) -> Vec<Question> {
    let mut rng = Rng::new(7);
    (0..ASKED).map(|_| make(corpus, &mut rng)).collect()
}

fn first_page(connection: &Connection, (typed, chat): &Question) -> Result<Vec<MessageId>, StoreError> {
    search::hits(connection, &Typed::parse(typed), *chat, None, PAGE)
}

fn ask(connection: &Connection, questions: &[Question]) -> Result<Vec<f64>, StoreError> {
    let mut times = Vec::new();
    for (typed, chat) in questions {
        let start = now();
        let _shown = search::messages(connection, &Typed::parse(typed), *chat, None, PAGE)?;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(times)
}

/// How many first pages are not those that reading every message gives.
fn wrong(connection: &Connection, questions: &[Question]) -> Result<f64, StoreError> {
    let asked: Vec<Typed> = questions.iter().map(|(typed, _)| Typed::parse(typed)).collect();
    let mut right: Vec<Vec<(i64, i64)>> = vec![Vec::new(); questions.len()];
    let mut statement =
        connection.prepare("SELECT id, chat_id, at, text FROM message WHERE text IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, chat, at): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let text = row.get_ref(3)?.as_str().unwrap_or_default();
        let words = search::Words::of(text);
        for ((typed, (_, only)), found) in asked.iter().zip(questions).zip(&mut right) {
            if only.is_none_or(|only| only.0 == chat) && typed.is_in(&words) {
                found.push((at / 1_000, id));
            }
        }
    }
    let mut wrong = 0.0;
    for (question, mut expected) in questions.iter().zip(right) {
        expected.sort_unstable_by(|one, next| next.cmp(one));
        expected.truncate(PAGE as usize);
        let page = first_page(connection, question)?;
        if page
            .iter()
            .map(|id| id.0)
            .ne(expected.into_iter().map(|(_, id)| id))
        {
            wrong += 1.0;
        }
    }
    Ok(wrong)
}

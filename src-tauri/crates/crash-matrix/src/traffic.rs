//! An operator who sends and customers who write. Each text is used once, so that it can be found again everywhere.
//!
//! What is about to be asked is noted before it is asked: when the program dies over it, it may have been taken or not.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_engine::clock::{Clock, SystemClock};
use serde_json::{Value, json};

use crate::Broken;
use crate::dice::Dice;
use crate::judge::{Asked, Written};
use crate::practice::Practice;
use crate::program::{Answer, Line};

/// A picture to send.
const CAKE: &[u8] = include_bytes!("../../../../tests/fixtures/cake.png");
/// The longest rest of an operator between two messages, and of the customers.
const REST: Duration = Duration::from_millis(250);

/// Who sends from here, over all lives of the program.
pub(crate) struct Operator {
    dice: Dice,
    /// Goes into each text: runs side by side use none twice.
    lane: String,
    pub(crate) asked: Vec<Asked>,
    /// The last message asked for, to ask for once more as a window does that got no answer.
    last: Option<Value>,
}

impl Operator {
    pub(crate) fn new(seed: u64, lane: &str) -> Self {
        Self {
            dice: Dice::new(seed, "operator"),
            lane: lane.to_owned(),
            asked: Vec::new(),
            last: None,
        }
    }

    /// Works until it is dropped.
    pub(crate) async fn work(&mut self, line: &Line, chats: &[i64]) {
        loop {
            self.act(line, chats).await;
            SystemClock.sleep(self.dice.span(REST)).await;
        }
    }

    async fn act(&mut self, line: &Line, chats: &[i64]) {
        let Some(&chat) = self.dice.one_of(chats) else {
            return;
        };
        match self.dice.below(10) {
            0 => self.read(line, chat).await,
            1 => self.send_picture(line, chat).await,
            2 => self.ask_again(line).await,
            _ => self.send(line, chat, Value::Null).await,
        }
    }

    async fn send_picture(&mut self, line: &Line, chat: i64) {
        let args = json!({ "fileName": "torta.png", "dataBase64": STANDARD.encode(CAKE) });
        if let Some(media) = line.read("media_add", args).await {
            self.send(line, chat, media["id"].clone()).await;
        }
    }

    async fn send(&mut self, line: &Line, chat: i64, media: Value) {
        let number = self.asked.len();
        let body = format!("pedido {}-{number}", self.lane);
        let args = json!({ "chatId": chat, "clientId": format!("crash-{}-{number}", self.lane), "text": body, "mediaId": media });
        self.asked.push(Asked {
            body,
            chat,
            taken: false,
        });
        self.last = Some(args.clone());
        self.note(line.call("message_send", args).await);
    }

    /// The window got no answer, or its user clicks twice: the same client id is the same message.
    async fn ask_again(&mut self, line: &Line) {
        if let Some(args) = self.last.clone() {
            self.note(line.call("message_send", args).await);
        }
    }

    fn note(&mut self, answer: Answer) {
        if let (Answer::Done(_), Some(last)) = (answer, self.asked.last_mut()) {
            last.taken = true;
        }
    }

    async fn read(&self, line: &Line, chat: i64) {
        let page = line
            .read(
                "message_list",
                json!({ "chatId": chat, "before": null, "limit": 20 }),
            )
            .await;
        let newest = page.and_then(|page| page["rows"].as_array()?.last()?["id"].as_i64());
        if let Some(newest) = newest {
            line.read("chat_read", json!({ "chatId": chat, "upTo": newest }))
                .await;
        }
    }
}

/// Those who write to the shop.
pub(crate) struct Customers {
    dice: Dice,
    lane: String,
    numbers: Vec<String>,
    begun: usize,
    pub(crate) written: Vec<Written>,
}

impl Customers {
    pub(crate) fn new(seed: u64, lane: &str, numbers: Vec<String>) -> Self {
        Self {
            dice: Dice::new(seed, "customers"),
            lane: lane.to_owned(),
            numbers,
            begun: 0,
            written: Vec::new(),
        }
    }

    /// They write until this is dropped.
    ///
    /// # Errors
    /// The practice shop does not answer.
    pub(crate) async fn write(&mut self, practice: &Practice) -> Result<(), Broken> {
        loop {
            SystemClock.sleep(self.dice.span(REST * 2)).await;
            let Some(number) = self.dice.one_of(&self.numbers) else {
                return Ok(());
            };
            self.begun += 1;
            let body = format!("hola {}-{}", self.lane, self.begun);
            let picture = self.dice.percent(10);
            practice.write_as(number, &body, picture).await?;
            // Only now: dropped before that, nobody knows whether it was written.
            self.written.push(Written { body });
        }
    }
}

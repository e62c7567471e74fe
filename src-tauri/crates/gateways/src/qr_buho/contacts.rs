//! Persons, which numbers are on WhatsApp, and pictures. Persons come all at once, and are handed on in parts.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, ContactSnapshot, Failure, FailureCode, Inbound};
use serde_json::{Value, json};

use super::capabilities::NUMBERS_AT_ONCE;
use super::generation::Generation;
use super::link::{QrBuhoLink, inner};
use crate::baileys::answers::{self, MALFORMED, rejected};
use crate::baileys::numbers::Numbers;
use crate::baileys::people;
use crate::http_kit::{Call, Path};
use crate::{Contacts, MediaSink, NumberVerdict, Page, Pictures};

#[async_trait]
impl Contacts for QrBuhoLink {
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure> {
        if let Some(page) = self.persons.page(offset, count) {
            return Ok(page);
        }
        let Some(said) = self.known_persons(json!({ "isGroup": false })).await? else {
            return Ok(self.persons.came(&[], offset, count));
        };
        let all = inner(&said).as_array().ok_or(MALFORMED)?;
        Ok(self.persons.came(all, offset, count))
    }

    async fn one(&self, person: &Address) -> Result<Option<ContactSnapshot>, Failure> {
        let condition = json!({ "remoteJid": person.as_str() });
        let Some(said) = self.known_persons(condition).await? else {
            return Ok(None);
        };
        let all = inner(&said).as_array().ok_or(MALFORMED)?;
        let mut told = all.iter().flat_map(people::contact);
        Ok(told.find_map(|inbound| match inbound {
            Inbound::Contact(contact) if contact.address == *person => Some(contact),
            _ => None,
        }))
    }

    async fn check(&self, numbers: &[String]) -> Result<Vec<NumberVerdict>, Failure> {
        if numbers.len() > NUMBERS_AT_ONCE as usize {
            return Err(rejected(FailureCode::TooLarge));
        }
        let numbers = Numbers::of(numbers);
        let asked = numbers.asked();
        if asked.is_empty() {
            return Ok(numbers.verdicts(&[]));
        }
        let fields = json!({ "numbers": asked });
        let said = self
            .told(Self::post("/chat/numbers/check", &fields).transfer())
            .await?;
        Ok(numbers.verdicts(inner(&said).as_array().ok_or(MALFORMED)?))
    }
}

impl QrBuhoLink {
    /// The persons of whom this holds; `None` = the gateway itself says that it has none, or no such call, and what is read after them
    /// does not wait for it. Of QRAPI 2.0 another call is recorded, which documents no such conditions: it tells all of them.
    async fn known_persons(&self, condition: Value) -> Result<Option<Value>, Failure> {
        let call = match self.generation {
            Generation::Current | Generation::Intermediate => {
                let path = Path::with("/api/chat/findContacts/{instance}", &self.number().await?);
                Call::new(Method::POST, path.ok_or(MALFORMED)?).json(&json!({ "where": condition }))
            }
            Generation::QrApi2 => Self::post("/chat/contact/find", &json!({ "where": {} })),
        };
        let answer = self.ask(call.transfer()).await?;
        if answers::is_its_own_404(&answer) {
            return Ok(None);
        }
        answers::success(&answer).map(Some)
    }
}

#[async_trait]
impl Pictures for QrBuhoLink {
    /// They lie on WhatsApp's own servers.
    async fn fetch(&self, url: &str, max_bytes: u64, sink: &mut dyn MediaSink) -> Result<(), Failure> {
        self.account.fetch_picture(url, max_bytes, sink).await
    }
}

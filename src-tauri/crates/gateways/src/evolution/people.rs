//! Persons, which numbers are on WhatsApp, and pictures. Persons come all at once, and are handed on in parts.

use async_trait::async_trait;
use mostrador_domain::{Address, ContactSnapshot, Failure, FailureCode, Inbound};
use serde_json::json;

use super::capabilities::NUMBERS_AT_ONCE;
use super::link::EvolutionLink;
use crate::baileys::answers::{MALFORMED, rejected};
use crate::baileys::numbers::Numbers;
use crate::baileys::people;
use crate::{Contacts, MediaSink, NumberVerdict, Page, Pictures};

#[async_trait]
impl Contacts for EvolutionLink {
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure> {
        if let Some(page) = self.persons.page(offset, count) {
            return Ok(page);
        }
        let call = self.post("/chat/findContacts/{instance}", &json!({ "where": {} }))?;
        let said = self.told(call.transfer()).await?;
        Ok(self
            .persons
            .came(said.as_array().ok_or(MALFORMED)?, offset, count))
    }

    async fn one(&self, person: &Address) -> Result<Option<ContactSnapshot>, Failure> {
        let fields = json!({ "where": { "remoteJid": person.as_str() } });
        let said = self
            .told(self.post("/chat/findContacts/{instance}", &fields)?)
            .await?;
        let mut told = said.as_array().ok_or(MALFORMED)?.iter().flat_map(people::contact);
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
        let call = self.post("/chat/whatsappNumbers/{instance}", &fields)?;
        let said = self.told(call.transfer()).await?;
        Ok(numbers.verdicts(said.as_array().ok_or(MALFORMED)?))
    }
}

#[async_trait]
impl Pictures for EvolutionLink {
    /// They lie on WhatsApp's own servers.
    async fn fetch(&self, url: &str, max_bytes: u64, sink: &mut dyn MediaSink) -> Result<(), Failure> {
        self.http.fetch_picture(url, max_bytes, sink).await
    }
}

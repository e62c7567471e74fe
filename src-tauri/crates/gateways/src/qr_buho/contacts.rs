//! Which numbers are on WhatsApp, one person, and pictures. The list of persons cannot be asked for by pages, so it is in the operations only.

use async_trait::async_trait;
use mostrador_domain::{Address, ContactSnapshot, Failure, FailureCode, Inbound};
use serde_json::json;

use super::capabilities::NUMBERS_AT_ONCE;
use super::link::{QrBuhoLink, inner};
use crate::baileys::answers::{MALFORMED, rejected};
use crate::baileys::numbers::Numbers;
use crate::baileys::people;
use crate::http_kit::{Call, Path};
use crate::{Contacts, MediaSink, NumberVerdict, Page, Pictures};

#[async_trait]
impl Contacts for QrBuhoLink {
    async fn page(&self, _offset: u32, _count: u32) -> Result<Page<Inbound>, Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    async fn one(&self, person: &Address) -> Result<Option<ContactSnapshot>, Failure> {
        let path = Path::with("/api/chat/findContacts/{instance}", &self.number().await?).ok_or(MALFORMED)?;
        let fields = json!({ "where": { "remoteJid": person.as_str() } });
        let said = self
            .told(Call::new(http::Method::POST, path).json(&fields))
            .await?;
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

    async fn lids(&self, _phones: &[Address]) -> Result<Vec<(Address, Address)>, Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }
}

#[async_trait]
impl Pictures for QrBuhoLink {
    /// They lie on WhatsApp's own servers.
    async fn fetch(&self, url: &str, max_bytes: u64, sink: &mut dyn MediaSink) -> Result<(), Failure> {
        self.account.fetch_picture(url, max_bytes, sink).await
    }
}

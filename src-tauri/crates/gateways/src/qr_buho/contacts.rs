//! Which numbers are on WhatsApp. The list of persons cannot be asked for by pages, so it is in the operations only.

use async_trait::async_trait;
use mostrador_domain::{Address, ContactSnapshot, Failure, FailureCode, Inbound};
use serde_json::{Value, json};

use super::capabilities::NUMBERS_AT_ONCE;
use super::link::{QrBuhoLink, inner};
use crate::baileys::answers::{MALFORMED, rejected};
use crate::baileys::people;
use crate::fields::Fields;
use crate::http_kit::{Call, Path};
use crate::{Contacts, NumberVerdict, Page};

#[async_trait]
impl Contacts for QrBuhoLink {
    async fn page(&self, _offset: u32, _count: u32) -> Result<Page<Inbound>, Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    async fn one(&self, person: &Address) -> Result<Option<ContactSnapshot>, Failure> {
        let path = Path::with("/api/chat/findContacts/{instance}", &self.instance).ok_or(MALFORMED)?;
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
        let written: Vec<Option<String>> = numbers.iter().map(|number| digits(number)).collect();
        let asked: Vec<&String> = written.iter().flatten().collect();
        if asked.is_empty() {
            return Ok(vec![NumberVerdict::NotTold; numbers.len()]);
        }
        let fields = json!({ "numbers": asked });
        let said = self
            .told(Self::post("/chat/numbers/check", &fields).transfer())
            .await?;
        let told: Vec<Fields<'_>> = inner(&said)
            .as_array()
            .ok_or(MALFORMED)?
            .iter()
            .filter_map(Fields::of)
            .collect();
        let verdicts = written.iter().map(|number| match number {
            Some(number) => verdict(number, &told),
            None => NumberVerdict::NotTold,
        });
        Ok(verdicts.collect())
    }

    async fn lids(&self, _phones: &[Address]) -> Result<Vec<(Address, Address)>, Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }
}

/// What is no number is not asked for.
fn digits(number: &str) -> Option<String> {
    let address = Address::of_written_number(number)?;
    address.phone_digits().map(str::to_owned)
}

/// The answers come in any order, each with the number that it is about.
fn verdict(number: &str, told: &[Fields<'_>]) -> NumberVerdict {
    let about = |told: &&Fields<'_>| {
        let said = told.value("number").map(|number| match number {
            Value::String(text) => text.trim_start_matches('+').to_owned(),
            other => other.to_string(),
        });
        said.as_deref() == Some(number)
    };
    let Some(told) = told.iter().find(about) else {
        return NumberVerdict::NotTold;
    };
    match told.flag("exists").or_else(|| told.flag("isWhatsApp")) {
        Some(true) => NumberVerdict::OnWhatsApp(Address::parse(told.text("jid").unwrap_or(number))),
        Some(false) => NumberVerdict::NotOnWhatsApp,
        None => NumberVerdict::NotTold,
    }
}

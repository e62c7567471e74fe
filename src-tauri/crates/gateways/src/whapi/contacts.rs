//! Persons: their list, one of them, which numbers are on WhatsApp, and their hidden numbers.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, AddressKind, ContactSnapshot, Failure, FailureCode, Inbound};
use serde_json::{Value, json};

use super::capabilities::NUMBERS_AT_ONCE;
use super::decode::people;
use super::errors::{self, MALFORMED};
use super::fields::Fields;
use super::history::{page, paged};
use super::link::WhapiLink;
use crate::http_kit::{Call, Path};
use crate::{Contacts, NumberVerdict, Page};

#[async_trait]
impl Contacts for WhapiLink {
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure> {
        let path = paged(Path::fixed("/contacts"), offset, count);
        page(&self.ask(Call::get(path)).await?, "contacts", people::contact)
    }

    async fn one(&self, person: &Address) -> Result<Option<ContactSnapshot>, Failure> {
        let path = contact_id(person).and_then(|id| Path::with("/contacts/{ContactID}", id));
        let Some(path) = path else {
            return Ok(None);
        };
        let answer = self.ask(Call::get(path)).await?;
        match answer.status {
            404 => Ok(None),
            _ if answer.is_success() => people::snapshot(&answer.json()?).ok_or(MALFORMED).map(Some),
            _ => Err(errors::of_call(&answer)),
        }
    }

    async fn check(&self, numbers: &[String]) -> Result<Vec<NumberVerdict>, Failure> {
        if numbers.len() > NUMBERS_AT_ONCE as usize {
            return Err(errors::rejected(FailureCode::TooLarge));
        }
        let asked: Vec<String> = numbers.iter().map(|number| digits(number)).collect();
        let sensible: Vec<&String> = asked.iter().filter(|digits| !digits.is_empty()).collect();
        if sensible.is_empty() {
            return Ok(vec![NumberVerdict::NotTold; asked.len()]);
        }
        let call = Call::new(Method::POST, Path::fixed("/contacts")).json(&json!({ "contacts": sensible }));
        let answer = self.ask(call).await?;
        if !answer.is_success() {
            return Err(errors::of_call(&answer));
        }
        verdicts(&answer.json()?, &asked)
    }
}

/// A person's id is their digits; of a LID the whole address, so that nobody takes it for a phone number.
pub(super) fn contact_id(person: &Address) -> Option<&str> {
    match person.kind() {
        AddressKind::Phone => person.phone_digits(),
        AddressKind::Lid => Some(person.as_str()),
        _ => None,
    }
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// What is told of these numbers, in their order.
pub(super) fn verdicts(body: &Value, asked: &[String]) -> Result<Vec<NumberVerdict>, Failure> {
    let told = Fields::of(body).ok_or(MALFORMED)?;
    told.list("contacts").ok_or(MALFORMED)?;
    Ok(asked.iter().map(|number| verdict(told, number)).collect())
}

/// What is told of one number. The gateway repeats what it was asked as `input`.
fn verdict(told: Fields<'_>, number: &str) -> NumberVerdict {
    let entry = told
        .objects("contacts")
        .find(|entry| entry.text("input").is_some_and(|input| digits(input) == number));
    let Some(entry) = entry.filter(|_| !number.is_empty()) else {
        return NumberVerdict::NotTold;
    };
    match (entry.text("status"), entry.text("wa_id")) {
        (Some("valid"), Some(address)) => NumberVerdict::OnWhatsApp(Address::parse(address)),
        (Some("valid"), None) => NumberVerdict::OnWhatsApp(Address::parse(number)),
        (Some("invalid"), _) => NumberVerdict::NotOnWhatsApp,
        _ => NumberVerdict::NotTold,
    }
}

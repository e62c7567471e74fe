//! Which numbers are on WhatsApp, and what is known of one. There is no list of persons.
//!
//! A look-up of several numbers answers 200 whatever comes of it. While no number is linked each of them is said to be *not*
//! on WhatsApp, with the reason beside it: such a word is none, or customers would be struck off a list for a gateway's nap.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, AddressKind, ContactSnapshot, Failure, FailureCode, Inbound};
use serde_json::{Value, json};

use super::answers::{self, MALFORMED, NOT_CONNECTED, data, rejected};
use super::budget::Weight;
use super::capabilities::NUMBERS_AT_ONCE;
use super::link::ApiEngineLink;
use super::send::recipient;
use crate::fields::Fields;
use crate::http_kit::{Call, Path};
use crate::{Contacts, NumberVerdict, Page};

#[async_trait]
impl Contacts for ApiEngineLink {
    async fn page(&self, _offset: u32, _count: u32) -> Result<Page<Inbound>, Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    async fn one(&self, person: &Address) -> Result<Option<ContactSnapshot>, Failure> {
        let Ok(phone) = recipient(person) else {
            return Ok(None);
        };
        let path = Path::with("/api/contacts/info/{phone}", phone).ok_or(MALFORMED)?;
        let answer = self.ask(Call::get(path), Weight::Person).await?;
        if answers::is_its_own_404(&answer) {
            return Ok(None);
        }
        let said = data(&answer)?;
        Fields::of(&said).and_then(snapshot).ok_or(MALFORMED).map(Some)
    }

    async fn check(&self, numbers: &[String]) -> Result<Vec<NumberVerdict>, Failure> {
        if numbers.len() > NUMBERS_AT_ONCE as usize {
            return Err(rejected(FailureCode::TooLarge));
        }
        let asked: Vec<Option<String>> = numbers.iter().map(|number| digits(number)).collect();
        let sensible: Vec<&str> = asked.iter().flatten().map(String::as_str).collect();
        match sensible.as_slice() {
            [] => Ok(vec![NumberVerdict::NotTold; numbers.len()]),
            [only] => {
                let verdict = self.check_one(only).await?;
                let of = |number: &Option<String>| match number {
                    Some(_) => verdict.clone(),
                    None => NumberVerdict::NotTold,
                };
                Ok(asked.iter().map(of).collect())
            }
            several => self.check_several(&asked, several).await,
        }
    }
}

impl ApiEngineLink {
    async fn check_one(&self, phone: &str) -> Result<NumberVerdict, Failure> {
        let path = Path::with("/api/contacts/check/{phone}", phone).ok_or(MALFORMED)?;
        let answer = self.ask(Call::get(path), Weight::Person).await?;
        let said = data(&answer)?;
        Ok(verdict(Fields::of(&said).ok_or(MALFORMED)?, phone))
    }

    async fn check_several(
        &self,
        asked: &[Option<String>],
        sensible: &[&str],
    ) -> Result<Vec<NumberVerdict>, Failure> {
        let body = json!({ "phones": sensible });
        let call = Call::new(Method::POST, Path::fixed("/api/contacts/check-bulk"))
            .json(&body)
            .transfer();
        let answer = self.ask(call, Weight::Person).await?;
        let said = data(&answer)?;
        let results = Fields::of(&said)
            .and_then(|said| said.list("results"))
            .ok_or(MALFORMED)?;
        if !results.is_empty() && results.iter().all(says_not_connected) {
            return Err(NOT_CONNECTED);
        }
        let of = |phone: &str| {
            let mut told = results.iter().filter_map(Fields::of);
            told.find(|result| result.text("phone") == Some(phone))
                .map_or(NumberVerdict::NotTold, |result| verdict(result, phone))
        };
        let verdicts = asked.iter().map(|number| match number {
            Some(phone) => of(phone),
            None => NumberVerdict::NotTold,
        });
        Ok(verdicts.collect())
    }
}

fn says_not_connected(result: &Value) -> bool {
    Fields::of(result)
        .and_then(|result| result.text("error"))
        .is_some_and(answers::is_not_connected)
}

/// A verdict with a reason for failing beside it is none.
pub(super) fn verdict(result: Fields<'_>, phone: &str) -> NumberVerdict {
    match (result.flag("isRegistered"), result.value("error")) {
        (Some(true), None) => NumberVerdict::OnWhatsApp(Address::parse(phone)),
        (Some(false), None) => NumberVerdict::NotOnWhatsApp,
        _ => NumberVerdict::NotTold,
    }
}

/// The digits of a number as people write it, if the gateway takes as many.
fn digits(number: &str) -> Option<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    (10..=15).contains(&digits.len()).then_some(digits)
}

pub(super) fn snapshot(person: Fields<'_>) -> Option<ContactSnapshot> {
    let address = Address::parse(person.text("id")?);
    // The name is the one on the phone or the one they gave themselves: it is not said which.
    (address.kind() == AddressKind::Phone).then(|| ContactSnapshot {
        address,
        saved_name: None,
        push_name: person.string("name"),
        business: None,
        picture: None,
    })
}

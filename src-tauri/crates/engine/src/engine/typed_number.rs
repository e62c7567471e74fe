//! Writing to somebody for the first time: the number that a person has typed, and the chat that it opens.
//!
//! A number without its country's code is one of the country of the shop's own number. Whether somebody is behind it on WhatsApp the
//! gateway is asked once, when the chat is to be opened (what it said lately holds); nothing is sent by that. Where it cannot say, a
//! person may open the chat all the same.

use std::collections::BTreeSet;

use mostrador_campaigns::numbers::{self, Country, Number, Reading};
use mostrador_domain::{Address, ChatId, DeviceId};
use mostrador_store::tables::chat;
use mostrador_store::tables::device::{self, DeviceRow};

use super::{Engine, NumberSaid};
use crate::EngineError;

/// A number as it was meant.
pub struct TypedNumber {
    /// Where a message would go.
    pub address: Address,
    /// The device's chat with whoever has it; `None` = there is none yet.
    pub chat: Option<ChatId>,
}

/// What became of opening a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// There it is, whether it was there before or not.
    Open(ChatId),
    /// The number is not on WhatsApp.
    NotThere,
    /// The gateway cannot say whether it is.
    NotTold,
}

impl Engine {
    /// The number that was typed, if it is exactly one.
    ///
    /// # Errors
    /// Not found, the store's.
    pub async fn typed_number(&self, id: DeviceId, typed: &str) -> Result<Option<TypedNumber>, EngineError> {
        let row = self.row(id).await?;
        let Some(number) = meant(typed, row.number()) else {
            return Ok(None);
        };
        let address = number.address().clone();
        let sought = address.clone();
        let found = self
            .shared
            .store
            .read(move |connection| chat::find(connection, id, &sought));
        Ok(Some(TypedNumber {
            address,
            chat: found.await?,
        }))
    }

    /// The number that was typed for the whole shop: as it was meant by somebody with the number of one of its devices, if that is exactly one.
    ///
    /// # Errors
    /// The store's.
    pub async fn shops_number(&self, typed: &str) -> Result<Option<Address>, EngineError> {
        let devices = self.shared.store.read(device::list).await?;
        Ok(meant_by(typed, devices.iter().map(DeviceRow::number)))
    }

    /// Opens the device's chat with whoever has the number. `unchecked`: even if nobody can say whether it is on WhatsApp.
    ///
    /// # Errors
    /// Not found, no number, the gateway's.
    pub async fn start_chat(
        &self,
        id: DeviceId,
        typed: &str,
        unchecked: bool,
    ) -> Result<Started, EngineError> {
        let number = self.typed_number(id, typed).await?;
        let TypedNumber { address, chat } = number.ok_or(EngineError::NumberInvalid)?;
        if let Some(chat) = chat {
            return Ok(Started::Open(chat));
        }
        let address = match self.said_of(id, &address).await? {
            NumberSaid::There(known) => known,
            NumberSaid::NotTold if unchecked => address,
            NumberSaid::NotThere => return Ok(Started::NotThere),
            NumberSaid::NotTold => return Ok(Started::NotTold),
        };
        let made = self
            .shared
            .store
            .write(move |writing| chat::ensure(writing, id, &address));
        Ok(Started::Open(made.await?))
    }

    async fn said_of(&self, id: DeviceId, address: &Address) -> Result<NumberSaid, EngineError> {
        let digits = address.phone_digits().map(str::to_owned);
        match self.check_numbers(id, digits.into_iter().collect()).await {
            Ok(checks) => Ok(checks
                .into_iter()
                .next()
                .map_or(NumberSaid::NotTold, |check| check.said)),
            Err(EngineError::NotOffered) => Ok(NumberSaid::NotTold),
            Err(error) => Err(error),
        }
    }
}

/// The number that was meant by somebody whose own number this is.
fn meant(typed: &str, own: Option<&Address>) -> Option<Number> {
    read(typed, own).number().cloned()
}

fn read(typed: &str, own: Option<&Address>) -> Reading {
    let own = own.and_then(Address::phone_digits);
    let country: Option<Country> =
        own.and_then(|own| numbers::read(&format!("+{own}"), None).number()?.country());
    numbers::read(typed, country)
}

/// The number that was meant, if whoever has one of these numbers means the same by it, and nothing is guessed: nobody looks at it
/// before it is used, and a numbering plan has to know it.
fn meant_by<'a>(typed: &str, own: impl Iterator<Item = Option<&'a Address>>) -> Option<Address> {
    let readings = own.chain([None]).map(|own| read(typed, own));
    let certain = readings.filter(|reading| reading.guesses().next().is_none());
    let all: BTreeSet<Address> = certain
        .filter_map(|reading| Some(reading.number()?.address().clone()))
        .collect();
    match all.len() {
        1 => all.into_iter().next(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_shops_if_all_its_devices_mean_the_same_by_it() {
        let (peru, brazil) = (Address::parse("51900000001"), Address::parse("5511900000001"));
        let chile = Address::parse("56987654321");
        for (typed, own, expected) in [
            ("900 000 077", vec![Some(&peru), None], Some("51900000077")),
            (
                "(11) 90000-0077",
                vec![Some(&peru), Some(&brazil)],
                Some("5511900000077"),
            ),
            ("+51 900 000 077", vec![], Some("51900000077")),
            ("987 654 321", vec![Some(&peru), Some(&chile)], None),
            ("987 654 321", vec![], None),
            ("987654321012", vec![Some(&peru)], None),
            ("+51 100 000 000", vec![Some(&peru)], None),
        ] {
            let read = meant_by(typed, own.into_iter());
            assert_eq!(read.as_ref().and_then(Address::phone_digits), expected, "{typed}");
        }
    }

    #[test]
    fn a_number_is_meant_as_people_of_the_shops_country_write_it() {
        let peru = Address::parse("51900000001");
        let brazil = Address::parse("5511900000001");
        for (typed, own, expected) in [
            ("+51 900 000 077", None, Some("51900000077")),
            ("900 000 077", Some(&peru), Some("51900000077")),
            ("51900000077", Some(&peru), Some("51900000077")),
            ("(11) 90000-0077", Some(&brazil), Some("5511900000077")),
            ("+51 900 000 077", Some(&brazil), Some("51900000077")),
            ("900 000 077", None, None),
            ("12", Some(&peru), None),
            ("Rosa", Some(&peru), None),
            ("900000077 900000078", Some(&peru), None),
        ] {
            let read = meant(typed, own);
            let digits = read.as_ref().and_then(|number| number.address().phone_digits());
            assert_eq!(digits, expected, "{typed}");
        }
    }
}

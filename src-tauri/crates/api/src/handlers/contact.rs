//! Contacts: whom a phone has saved, and which numbers are on WhatsApp.

use mostrador_domain::{Address, DeviceId};
use mostrador_engine::{NumberCheck, NumberSaid};
use mostrador_store::tables::device;
use mostrador_store::tables::person::{self, ContactRow};

use super::page_limit;
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

/// Bytes of what is searched for, and of a cursor.
const MAX_SEARCH: usize = 512;
/// Numbers looked up at once.
const MAX_NUMBERS: usize = 100;

pub(crate) async fn list(shop: &Shop, args: ContactListArgs) -> Result<ContactPage, ApiError> {
    let limit = page_limit(args.limit)?;
    let search = args.search.unwrap_or_default().trim().to_owned();
    if search.len() > MAX_SEARCH {
        return Err(ErrorCode::BadRequest.into());
    }
    let after = args.after.as_deref().map(place).transpose()?;
    let id = DeviceId(args.device_id);
    let read = shop.engine().store().read(move |connection| {
        device::get(connection, id)?;
        let after = after.as_ref().map(|(name, address)| (name.as_str(), address));
        let rows = person::contacts(connection, id, &search, after, limit)?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let chats = person::chats_of(connection, id, &row.address)?;
            found.push((row, chats.first().copied()));
        }
        Ok(found)
    });
    let found = read.await?;
    let is_full = u32::try_from(found.len()).is_ok_and(|count| count == limit);
    let next = found.last().filter(|_| is_full).and_then(|(row, _)| cursor(row));
    let rows = found.into_iter().map(|(row, chat)| ContactView {
        number: number(&row.address),
        address: row.address.as_str().to_owned(),
        name: row.saved_name.unwrap_or_default(),
        push_name: row.push_name,
        business: row.business,
        chat_id: chat.map(|chat| chat.0),
    });
    Ok(ContactPage {
        rows: rows.collect(),
        next,
    })
}

/// A place in the list: name and address, as JSON. It is ours, the window only gives it back.
fn cursor(row: &ContactRow) -> Option<String> {
    serde_json::to_string(&(row.saved_name.as_deref()?, row.address.as_str())).ok()
}

fn place(cursor: &str) -> Result<(String, Address), ApiError> {
    let (name, address): (String, String) =
        serde_json::from_str(cursor).map_err(|_| ErrorCode::BadRequest)?;
    Ok((name, Address::parse(&address)))
}

pub(crate) async fn check(shop: &Shop, args: ContactCheckArgs) -> Result<Vec<NumberCheckView>, ApiError> {
    if args.numbers.is_empty() || args.numbers.len() > MAX_NUMBERS {
        return Err(ErrorCode::BadRequest.into());
    }
    let digits: Option<Vec<String>> = args.numbers.iter().map(|number| digits(number)).collect();
    let digits = digits.ok_or(ErrorCode::BadRequest)?;
    let mut once = digits.clone();
    once.sort_unstable();
    once.dedup();
    let checks = shop
        .engine()
        .check_numbers(DeviceId(args.device_id), once)
        .await?;
    let views = args
        .numbers
        .into_iter()
        .zip(digits)
        .filter_map(|(number, digits)| {
            let check = checks.iter().find(|check| check.digits == digits)?;
            Some(view(number, check))
        });
    Ok(views.collect())
}

/// What counts of a number as people write it; none if it cannot be one.
fn digits(number: &str) -> Option<String> {
    let is_written_so = |c: char| c.is_ascii_digit() || " +-().".contains(c);
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let fits = number.chars().all(is_written_so) && (7..=15).contains(&digits.len());
    fits.then_some(digits)
}

fn view(number: String, check: &NumberCheck) -> NumberCheckView {
    let (verdict, address) = match &check.said {
        NumberSaid::There(address) => (NumberVerdict::OnWhatsapp, Some(address.as_str().to_owned())),
        NumberSaid::NotThere => (NumberVerdict::NotOnWhatsapp, None),
        NumberSaid::NotTold => (NumberVerdict::NotTold, None),
    };
    NumberCheckView {
        number,
        verdict,
        address,
        checked_at: check.at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        assert_eq!(
            digits("+51 (900) 000-021").as_deref(),
            Some("51900000021"),
            "only digits count"
        );
        for wrong in ["", "+51", "900000021 o 900000022", "1234567890123456", "hola"] {
            assert_eq!(digits(wrong), None, "{wrong:?} is no number");
        }
    }
}

//! Persons, what they do now, and which addresses belong to one person.
//!
//! A LID is WhatsApp's hidden number of a person. That a phone number and a LID are one person's is told where both
//! stand in one object, and by `/contacts/lids`; it is never guessed.

use mostrador_domain::{Address, AddressKind, ContactSnapshot, Inbound, Presence, PresenceUpdate};
use serde_json::Value;

use super::super::fields::Fields;
use super::{after, one, unknown};

/// What the item says of a person.
pub(in super::super) fn contact(item: &Value) -> Vec<Inbound> {
    told(item).unwrap_or_else(|| vec![unknown("contact", item)])
}

/// What an update says: the person as they are after it.
pub(super) fn contact_update(item: &Value) -> Vec<Inbound> {
    after(item)
        .and_then(told)
        .unwrap_or_else(|| vec![unknown("contact update", item)])
}

fn told(item: &Value) -> Option<Vec<Inbound>> {
    let snapshot = snapshot(item)?;
    let same = other_address(Fields::of(item)?, &snapshot.address);
    Some(std::iter::once(Inbound::Contact(snapshot)).chain(same).collect())
}

/// The person, if the item names one. `name` is the name in the phone's address book, unless the person is said not
/// to be in it: then it is what they call themselves.
pub(in super::super) fn snapshot(item: &Value) -> Option<ContactSnapshot> {
    let contact = Fields::of(item)?;
    let saved = contact.flag("saved") != Some(false);
    let name = contact.string("name");
    let push_name = contact.string("pushname");
    Some(ContactSnapshot {
        address: Address::parse(contact.text("id")?),
        push_name: if saved {
            push_name
        } else {
            push_name.or(name.clone())
        },
        saved_name: name.filter(|_| saved),
        business: contact.flag("is_business"),
        picture: contact
            .string("profile_pic_full")
            .or_else(|| contact.string("profile_pic")),
    })
}

/// The other address of the person at `address`, if it stands beside it: `lid` beside a number, `phone` beside a LID.
pub(super) fn other_address(fields: Fields<'_>, address: &Address) -> Option<Inbound> {
    match address.kind() {
        AddressKind::Phone => Some(Inbound::SamePerson {
            phone: address.clone(),
            lid: lid(fields.text("lid")?)?,
        }),
        AddressKind::Lid => Some(Inbound::SamePerson {
            phone: phone(fields.text("phone")?)?,
            lid: address.clone(),
        }),
        _ => None,
    }
}

/// Pairs of phone number and LID, from the map of `/contacts/lids`: `{"519…": {"lid": "99…@lid"}}`.
pub(in super::super) fn lids(map: Fields<'_>) -> Vec<(Address, Address)> {
    map.names()
        .filter_map(|digits| {
            let told = map.object(digits)?;
            Some((phone(digits)?, lid(told.text("lid")?)?))
        })
        .collect()
}

/// The same, told as an event.
pub(super) fn lids_told(value: &Value) -> Vec<Inbound> {
    let pairs = Fields::of(value).map(lids).unwrap_or_default();
    if pairs.is_empty() {
        return vec![unknown("lids", value)];
    }
    pairs
        .into_iter()
        .map(|(phone, lid)| Inbound::SamePerson { phone, lid })
        .collect()
}

/// A LID comes with and without its suffix.
fn lid(text: &str) -> Option<Address> {
    let digits = text.strip_suffix("@lid").unwrap_or(text);
    is_number(digits).then(|| Address::parse(&format!("{digits}@lid")))
}

fn phone(text: &str) -> Option<Address> {
    let address = Address::parse(text);
    address.phone_digits().is_some_and(is_number).then_some(address)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What somebody does now.
pub(super) fn presence(item: &Value) -> Vec<Inbound> {
    one(presence_of(item).map(Inbound::Presence), "presence", item)
}

/// The presence, if it is one that we know; `pending` says only that the question is on its way.
pub(in super::super) fn presence_of(item: &Value) -> Option<PresenceUpdate> {
    let fields = Fields::of(item)?;
    Some(PresenceUpdate {
        address: Address::parse(fields.text("contact_id")?),
        presence: match fields.text("status")? {
            "online" => Presence::Online,
            "offline" => Presence::Offline,
            "typing" => Presence::Typing,
            "recording" => Presence::Recording,
            _ => return None,
        },
        last_seen: fields.time("last_seen"),
    })
}

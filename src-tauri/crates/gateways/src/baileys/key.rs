//! Whose a message is, and where: `{remoteJid, fromMe, id, participant}`.
//!
//! A person has a number and a hidden number (LID). Which two are one person's is told where both stand beside each other, in a
//! field that depends on the version: `remoteJidAlt`, `participantAlt`, `senderPn`, `senderLid`, `participantPn`, `participantLid`.

use mostrador_domain::{Address, AddressKind, ChatKind, Inbound};

use crate::fields::Fields;

/// Where a message is.
pub(super) struct Key {
    pub(super) id: String,
    pub(super) chat: Address,
    pub(super) from_me: bool,
    /// Who wrote it; `None` = we did, or it is not told.
    pub(super) author: Option<Address>,
}

/// Reads the key.
pub(super) fn read(key: Fields<'_>) -> Option<Key> {
    let chat = address(key.text("remoteJid")?);
    let from_me = key.flag("fromMe").unwrap_or(false);
    let told = key.text("participant").map(address);
    let person = (ChatKind::of(&chat) == ChatKind::Person).then(|| chat.clone());
    Some(Key {
        id: key.string("id")?,
        author: if from_me { None } else { person.or(told) },
        chat,
        from_me,
    })
}

/// Without the number of the device: `51900000021:12@s.whatsapp.net`.
pub(super) fn address(text: &str) -> Address {
    match text.split_once('@') {
        Some((local, suffix)) => {
            let digits = local.split(':').next().unwrap_or(local);
            Address::parse(&format!("{digits}@{suffix}"))
        }
        None => Address::parse(text),
    }
}

/// The pairs of addresses that the key tells.
pub(super) fn same_person(key: Fields<'_>) -> Vec<Inbound> {
    let beside = [
        ("remoteJid", ["remoteJidAlt", "senderPn", "senderLid"]),
        (
            "participant",
            ["participantAlt", "participantPn", "participantLid"],
        ),
    ];
    beside
        .into_iter()
        .filter_map(|(name, others)| {
            let one = address(key.text(name)?);
            others
                .into_iter()
                .filter_map(|other| key.text(other))
                .find_map(|other| pair(&one, &address(other)))
        })
        .collect()
}

/// The two, if one is a number and the other a hidden one.
pub(super) fn pair(one: &Address, other: &Address) -> Option<Inbound> {
    let (phone, lid) = match (one.kind(), other.kind()) {
        (AddressKind::Phone, AddressKind::Lid) => (one, other),
        (AddressKind::Lid, AddressKind::Phone) => (other, one),
        _ => return None,
    };
    Some(Inbound::SamePerson {
        phone: phone.clone(),
        lid: lid.clone(),
    })
}

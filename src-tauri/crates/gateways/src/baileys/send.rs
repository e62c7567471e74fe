//! The fields of a message on its way out, as the library's gateways spell them.

use mostrador_domain::{
    Address, AddressKind, Capabilities, ContactCard, Failure, FailureCode, Location, MediaKind, OutgoingFile,
    OutgoingMedia, OutgoingSource, Poll,
};
use serde_json::{Value, json};

use super::answers::rejected;
use crate::http_kit::{Call, FILE};

/// A person by their number, anybody else by their whole address.
pub(crate) fn recipient(to: &Address) -> Result<&str, Failure> {
    match to.kind() {
        AddressKind::Phone => to
            .phone_digits()
            .filter(|digits| (8..=15).contains(&digits.len())),
        AddressKind::Group | AddressKind::Lid => Some(to.as_str()),
        _ => None,
    }
    .ok_or_else(|| rejected(FailureCode::RefusedRecipient))
}

/// What stands for the file, if the link takes one of this kind and size; [`carrying`] puts it there.
pub(crate) fn encoded(media: &OutgoingMedia, offers: &Capabilities) -> Result<&'static str, Failure> {
    words_fit(media.kind, media.caption.as_deref())?;
    let limits = offers.send.media(media.kind);
    let largest = limits.map_or(0, |limits| limits.max_bytes);
    match &media.file {
        OutgoingFile::Here(source) if source.length() > largest => Err(rejected(if largest == 0 {
            FailureCode::MediaUnsupported
        } else {
            FailureCode::TooLarge
        })),
        OutgoingFile::Here(_) => Ok(FILE),
        OutgoingFile::Uploaded(_) => Err(rejected(FailureCode::MediaMissing)),
    }
}

/// Words that WhatsApp would not show must not look as if they had arrived.
pub(crate) fn words_fit(kind: MediaKind, words: Option<&str>) -> Result<(), Failure> {
    match words {
        Some(_) if !kind.carries_words() => Err(rejected(FailureCode::RefusedContent)),
        _ => Ok(()),
    }
}

/// The call with these fields, and with the file that is among them.
pub(crate) fn carrying(call: Call, fields: &Value, file: Option<&OutgoingSource>) -> Result<Call, Failure> {
    match file {
        Some(file) => call
            .json_with(fields, file)
            .ok_or_else(|| rejected(FailureCode::RefusedContent)),
        None => Ok(call.json(fields)),
    }
}

/// Name and address have to be there: a place without them is called by where it is.
pub(crate) fn location(place: &Location) -> Value {
    let degrees = || format!("{}, {}", place.latitude, place.longitude);
    json!({
        "latitude": place.latitude, "longitude": place.longitude,
        "name": place.name.clone().unwrap_or_else(degrees), "address": place.address.clone().unwrap_or_else(degrees),
    })
}

/// The gateway writes the card itself, out of a name and a number.
pub(crate) fn card(card: &ContactCard) -> Result<Value, Failure> {
    let line = |wanted: &str| {
        card.vcard.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let name = name.split(';').next()?.rsplit('.').next()?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
        })
    };
    let number = line("TEL").filter(|number| number.bytes().any(|byte| byte.is_ascii_digit()));
    let number = number.ok_or_else(|| rejected(FailureCode::RefusedContent))?;
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let mut told = json!({ "fullName": card.name, "phoneNumber": number, "wuid": digits });
    for (field, name) in [("organization", "ORG"), ("email", "EMAIL"), ("url", "URL")] {
        if let Some(value) = line(name) {
            told[field] = json!(value.trim_end_matches(';'));
        }
    }
    Ok(told)
}

/// A question with its answers.
pub(crate) fn poll(poll: &Poll) -> Result<Value, Failure> {
    if !(2..=10).contains(&poll.options.len()) {
        return Err(rejected(FailureCode::RefusedContent));
    }
    let at_most = if poll.several { poll.options.len() } else { 1 };
    Ok(json!({ "name": poll.question, "selectableCount": at_most, "values": poll.options }))
}

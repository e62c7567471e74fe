//! Labels of the phone: a bare list, and putting one on a chat.

use mostrador_domain::{Address, Failure, FailureCode, Inbound, LabelSnapshot};
use serde_json::{Value, json};

use super::answers::MALFORMED;
use super::people;

/// No call makes, changes or removes one.
pub(crate) const NOT_OFFERED: Failure = Failure::Rejected {
    code: FailureCode::RefusedContent,
};

/// A list with a label that cannot be read is no answer. Those that are gone are left out.
pub(crate) fn listed(said: &Value) -> Result<Vec<LabelSnapshot>, Failure> {
    let told = said.as_array().ok_or(MALFORMED)?.iter().map(people::label);
    let all: Vec<Inbound> = told.collect::<Option<_>>().ok_or(MALFORMED)?;
    let there = all.into_iter().filter_map(|label| match label {
        Inbound::Label(label) => Some(label),
        _ => None,
    });
    Ok(there.collect())
}

/// The label shall be on the chat, or not.
pub(crate) fn wish(label: &str, chat: &Address, on: bool) -> Value {
    json!({ "number": chat.as_str(), "labelId": label, "action": if on { "add" } else { "remove" } })
}

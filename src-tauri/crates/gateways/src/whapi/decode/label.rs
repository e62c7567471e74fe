//! Labels, by themselves and on chats. An id is a number as text; it may be larger than those that can be chosen when
//! one is made.

use mostrador_domain::{Inbound, LabelSnapshot};
use serde_json::Value;

use super::super::fields::Fields;
use super::one;

/// What the item says of a label.
pub(in super::super) fn read(item: &Value) -> Vec<Inbound> {
    one(snapshot(item).map(Inbound::Label), "label", item)
}

/// A label that was removed. The documentation says by its id, an example of the gateway's own shows a name: it is
/// told as it came, and the store looks for both.
pub(super) fn gone(item: &Value) -> Vec<Inbound> {
    let gone = id(item).map(|gateway_id| Inbound::LabelGone { gateway_id });
    one(gone, "labels.delete", item)
}

/// The label, if the item names one; on a chat it may be its id alone.
pub(in super::super) fn snapshot(item: &Value) -> Option<LabelSnapshot> {
    let fields = Fields::of(item);
    Some(LabelSnapshot {
        gateway_id: match fields {
            Some(fields) => id(fields.value("id")?)?,
            None => id(item)?,
        },
        name: fields.and_then(|label| label.string("name")),
        colour: fields.and_then(|label| label.string("color")),
    })
}

/// The labels of a list, all of them or none: a list with a gap must not look like a whole one.
pub(super) fn all(items: &[Value]) -> Option<Vec<LabelSnapshot>> {
    items.iter().map(snapshot).collect()
}

fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

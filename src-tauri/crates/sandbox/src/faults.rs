//! Faults on order: what a gateway, or the network before it, does wrong.
//!
//! A fault waits for requests that match it and is used up after a number of them. The kinds differ in what the
//! client can know afterwards, and in what really happened:
//!
//! | kind | the request took effect | the client sees |
//! |---|---|---|
//! | `status` | no | that status |
//! | `delay_ms` | yes, at once | the answer, late |
//! | `late_effect_ms` | yes, late, even when the client has gone | the answer, late |
//! | `cut_before_effect` | no | a broken connection |
//! | `cut_after_effect` | yes | a broken connection |
//! | `truncated_body` | yes | half an answer, then a broken connection |
//! | `malformed_body` | yes | a success that cannot be read |
//! | `huge_body` | yes | a success that does not end for a long time |

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// Answers this status; nothing takes effect.
    Status {
        /// The HTTP status.
        code: u16,
        /// The body; without one, the error body that the gateway would give with this status.
        #[serde(default)]
        body: Option<Value>,
        /// More headers, such as `retry-after`.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// Takes effect at once, and answers after so many milliseconds.
    DelayMs(u64),
    /// Takes effect, and answers, after so many milliseconds, whether the client still waits or not.
    LateEffectMs(u64),
    /// Breaks the connection; nothing takes effect.
    CutBeforeEffect,
    /// Takes effect, then breaks the connection instead of answering.
    CutAfterEffect,
    /// Takes effect, sends half of the answer and breaks the connection.
    TruncatedBody,
    /// Takes effect and answers with what is no JSON.
    MalformedBody,
    /// Takes effect and answers with this many bytes.
    HugeBody {
        /// The size of the body.
        bytes: u64,
    },
}

/// One fault on order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only requests with this method, in any case; `None` is every method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path begins so; `None` is every path.
    #[serde(default)]
    pub path_prefix: Option<String>,
    /// How many requests it spoils.
    #[serde(default = "once")]
    pub times: u32,
    /// What goes wrong.
    pub kind: FaultKind,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// A fault for the next request whose method and path begin so.
    #[must_use]
    pub fn once(method: &str, path_prefix: &str, kind: FaultKind) -> Self {
        Self {
            method: Some(method.to_owned()),
            path_prefix: Some(path_prefix.to_owned()),
            times: 1,
            kind,
        }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method
            .as_ref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self
                .path_prefix
                .as_ref()
                .is_none_or(|wanted| path.starts_with(wanted.as_str()))
    }
}

/// The faults on order, in the order in which they were given.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        if fault.times > 0 {
            self.waiting.push(fault);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    pub(crate) fn waiting(&self) -> &[Fault] {
        &self.waiting
    }

    /// The fault for this request, if one waits for it.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<FaultKind> {
        let place = self
            .waiting
            .iter()
            .position(|fault| fault.matches(method, path))?;
        let fault = &mut self.waiting[place];
        fault.times -= 1;
        let kind = fault.kind.clone();
        if fault.times == 0 {
            self.waiting.remove(place);
        }
        Some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultKind, Faults};

    #[test]
    fn a_fault_spoils_only_what_it_names_and_only_so_often() {
        let mut faults = Faults::default();
        faults.add(Fault {
            times: 2,
            ..Fault::once("POST", "/messages/", FaultKind::CutBeforeEffect)
        });

        assert_eq!(
            faults.take("GET", "/messages/list"),
            None,
            "another method is none of its business"
        );
        assert_eq!(faults.take("POST", "/media"), None, "nor is another path");
        for _ in 0..2 {
            let taken = faults.take("POST", "/messages/text");
            assert_eq!(
                taken,
                Some(FaultKind::CutBeforeEffect),
                "it was ordered for two requests"
            );
        }
        assert_eq!(faults.take("POST", "/messages/text"), None, "it is used up");
    }

    #[test]
    fn a_fault_can_be_ordered_in_json() {
        let order = r#"{"path_prefix":"/health","times":3,"kind":{"status":{"code":503}}}"#;
        let fault: Fault = serde_json::from_str(order).expect("this is the documented spelling");
        assert_eq!(fault.times, 3, "the count is taken from the order");
        let order = r#"{"kind":"cut_after_effect"}"#;
        let fault: Fault = serde_json::from_str(order).expect("everything but the kind may be left out");
        assert_eq!(
            (fault.times, fault.kind),
            (1, FaultKind::CutAfterEffect),
            "one request unless told"
        );
    }
}

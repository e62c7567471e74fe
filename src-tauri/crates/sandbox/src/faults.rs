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
//! | `status_after_effect` | yes | that status, as if nothing had happened |
//! | `html_page` | no | that status, with a page instead of JSON, as a proxy answers |
//! | `slow_body` | yes | the answer, so many bytes a second |
//!
//! Besides orders there is *weather*: kinds that strike by chance, so many percent of the requests that match. Chance
//! is drawn from a seed of its own, so the same weather over the same requests strikes the same ones. An order that
//! waits for a request goes before the weather.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::chance::Chance;

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
    /// Takes effect and answers this status all the same.
    StatusAfterEffect {
        /// The HTTP status.
        code: u16,
        /// The body; without one, the error body that the gateway would give with this status.
        #[serde(default)]
        body: Option<Value>,
        /// More headers, such as `retry-after`.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// Answers this status with a page in HTML; nothing takes effect.
    HtmlPage {
        /// The HTTP status.
        code: u16,
    },
    /// Takes effect and answers, so many bytes a second.
    SlowBody {
        /// How many bytes leave in each second; at least one.
        bytes_per_second: u64,
    },
}

/// One fault on order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only requests with this method, in any case; `None` is every method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path begins so, with what stands behind its question mark; `None` is every path.
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
        matches(&self.method, &self.path_prefix, method, path)
    }
}

fn matches(wanted: &Option<String>, prefix: &Option<String>, method: &str, path: &str) -> bool {
    wanted
        .as_ref()
        .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
        && prefix
            .as_ref()
            .is_none_or(|wanted| path.starts_with(wanted.as_str()))
}

/// One kind of bad weather: something that goes wrong by chance, until the weather changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gust {
    /// Only requests with this method, in any case; `None` is every method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path begins so; `None` is every path.
    #[serde(default)]
    pub path_prefix: Option<String>,
    /// How many of a hundred matching requests it spoils.
    pub percent: f64,
    /// What goes wrong.
    pub kind: FaultKind,
}

/// What goes wrong by chance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weather {
    /// Settles which requests are struck; without one, it goes on from where chance stands.
    #[serde(default)]
    pub seed: Option<u64>,
    /// Looked at in this order; the first that strikes a request is the only one.
    #[serde(default)]
    pub gusts: Vec<Gust>,
}

/// The faults on order, in the order in which they were given, and the weather.
#[derive(Debug)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
    gusts: Vec<Gust>,
    chance: Chance,
    struck: u64,
}

impl Faults {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self {
            waiting: Vec::new(),
            gusts: Vec::new(),
            chance: Chance::from_seed(seed),
            struck: 0,
        }
    }

    /// From now on this goes wrong by chance, and nothing else.
    pub(crate) fn set_weather(&mut self, weather: Weather) {
        if let Some(seed) = weather.seed {
            self.chance = Chance::from_seed(seed);
        }
        self.gusts = weather.gusts;
    }

    pub(crate) fn weather(&self) -> &[Gust] {
        &self.gusts
    }

    /// How many requests were spoilt, on order or by chance.
    pub(crate) fn struck(&self) -> u64 {
        self.struck
    }

    /// What the weather does to this request. Chance is drawn for every gust that matches, whichever strikes.
    fn gust(&mut self, method: &str, path: &str) -> Option<FaultKind> {
        let Self { gusts, chance, .. } = self;
        let mut struck = None;
        for gust in gusts
            .iter()
            .filter(|gust| matches(&gust.method, &gust.path_prefix, method, path))
        {
            let drawn = chance.below(1_000_000) as f64 / 10_000.0;
            if drawn < gust.percent && struck.is_none() {
                struck = Some(gust.kind.clone());
            }
        }
        struck
    }

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

    /// The fault for this request: the first order that waits for it, or what the weather does.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<FaultKind> {
        let kind = self.ordered(method, path).or_else(|| self.gust(method, path));
        self.struck += u64::from(kind.is_some());
        kind
    }

    fn ordered(&mut self, method: &str, path: &str) -> Option<FaultKind> {
        let place = self
            .waiting
            .iter()
            .position(|fault| fault.matches(method, path))?;
        let fault = self.waiting.get_mut(place)?;
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
    use super::{Fault, FaultKind, Faults, Gust, Weather};

    #[test]
    fn a_fault_spoils_only_what_it_names_and_only_so_often() {
        let mut faults = Faults::seeded(1);
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
    fn a_fault_may_be_that_of_one_page() {
        let mut faults = Faults::seeded(1);
        faults.add(Fault::once(
            "GET",
            "/messages/list?count=100&offset=90",
            FaultKind::CutBeforeEffect,
        ));
        let page = |offset| format!("/messages/list?count=100&offset={offset}");
        assert_eq!(faults.take("GET", &page(0)), None, "another page");
        assert!(faults.take("GET", &page(90)).is_some(), "this one");
    }

    #[test]
    fn weather_strikes_its_share_and_the_same_requests_for_the_same_seed() {
        let gust = Gust {
            method: Some("POST".to_owned()),
            path_prefix: Some("/messages".to_owned()),
            percent: 20.0,
            kind: FaultKind::CutAfterEffect,
        };
        let struck = |seed| -> Vec<bool> {
            let mut faults = Faults::seeded(0);
            faults.set_weather(Weather {
                seed: Some(seed),
                gusts: vec![gust.clone()],
            });
            (0..2_000)
                .map(|_| faults.take("POST", "/messages/text").is_some())
                .collect()
        };
        let share = struck(7).iter().filter(|struck| **struck).count();
        assert!(
            (340..460).contains(&share),
            "a fifth of 2000 was to be struck, got {share}"
        );
        assert_eq!(struck(7), struck(7), "a seed settles which");
        assert_ne!(struck(7), struck(8), "another seed strikes others");
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

//! The texts of a plan, read once, and filled in for many.

use std::collections::BTreeSet;

use mostrador_campaigns::plan::{Body, Plan};
use mostrador_campaigns::wording::{Bound, RowFault, Table, TemplateFault, Wording};
use mostrador_domain::{Capabilities, Longest};
use mostrador_store::tables::media::{MediaRow, MediaState};

use crate::media::largest_of;

/// Answers that a question needs.
const FEWEST_ANSWERS: usize = 2;

/// The texts of a plan as they were read.
pub(super) struct Texts<'p> {
    plan: &'p Plan,
    read: Vec<Result<Wording, TemplateFault>>,
}

/// The texts of a plan, tied to an audience's columns.
pub(super) struct Tied<'t> {
    plan: &'t Plan,
    bound: Vec<Result<Bound<'t>, NotTied>>,
}

/// Why a text can be filled in for nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotTied {
    /// It is not understood.
    NotUnderstood(TemplateFault),
    /// Variables that are no columns.
    Unknown(Vec<String>),
}

impl<'p> Texts<'p> {
    pub(super) fn read(plan: &'p Plan) -> Self {
        let read = plan.texts.iter().map(|text| Wording::read(text.body.words()));
        Self {
            plan,
            read: read.collect(),
        }
    }

    /// To these columns.
    pub(super) fn tied(&self, columns: &Table, longest: Longest) -> Tied<'_> {
        let bodies = self.plan.texts.iter().map(|text| &text.body);
        let bound = self.read.iter().zip(bodies).map(|(read, body)| match read {
            Err(fault) => Err(NotTied::NotUnderstood(*fault)),
            Ok(wording) => wording
                .bind(columns, body.longest(longest))
                .map_err(NotTied::Unknown),
        });
        Tied {
            plan: self.plan,
            bound: bound.collect(),
        }
    }
}

impl<'t> Tied<'t> {
    /// A text, if it can be filled in for anybody.
    pub(super) fn bound(&self, variant: u8) -> Option<&Result<Bound<'t>, NotTied>> {
        self.bound.get(usize::from(variant))
    }

    /// What a text says to somebody with these cells; `None` = nothing, and it need not.
    pub(super) fn words(&self, variant: u8, cells: &[String]) -> Result<Option<String>, RowFault> {
        let text = self.plan.texts.get(usize::from(variant));
        let body = &text.ok_or(RowFault::Empty)?.body;
        if says_nothing(body) {
            return Ok(None);
        }
        let bound = match self.bound(variant) {
            Some(Ok(bound)) => bound,
            Some(Err(NotTied::Unknown(names))) => {
                let variable = names.first().cloned().unwrap_or_default();
                return Err(RowFault::Unresolved { variable });
            }
            Some(Err(NotTied::NotUnderstood(_))) | None => return Err(RowFault::Empty),
        };
        match bound.render(cells) {
            Ok(words) => Ok(Some(words)),
            Err(RowFault::Empty) if !body.needs_words() => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

/// What a text says to nobody in particular, and its variables without a value ([`Wording::sample`]).
pub(super) fn sample(body: &Body, longest: Longest) -> Result<(Option<String>, Vec<String>), RowFault> {
    if says_nothing(body) {
        return Ok((None, Vec::new()));
    }
    let wording = Wording::read(body.words()).map_err(|_| RowFault::Empty)?;
    match wording.sample(body.longest(longest)) {
        Ok((words, missing)) => Ok((Some(words), missing)),
        Err(RowFault::Empty) if !body.needs_words() => Ok((None, Vec::new())),
        Err(fault) => Err(fault),
    }
}

/// It has no words, and needs none.
pub(super) fn says_nothing(body: &Body) -> bool {
    !body.needs_words() && body.words().trim().is_empty()
}

/// Why a link sends such a message to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It does not send this kind.
    NotOffered,
    /// A question has two different answers at least, none of them blank, and so many at most.
    Answers {
        /// How many.
        most: u32,
    },
    /// A variable stands where none is filled in: in an answer, or in an address.
    StrayVariable,
    /// There is no such place on earth.
    NoPlace,
    /// The file is not here any more.
    MediaMissing,
    /// The file has more bytes than it takes.
    FileTooLarge {
        /// How many it takes.
        most: u64,
    },
    /// It does not take files of this type.
    FileNotTaken,
}

/// Why a link would send this to nobody; `file` is the one that it carries, if it is known here.
pub(super) fn unfit(body: &Body, file: Option<&MediaRow>, capabilities: &Capabilities) -> Option<Unfit> {
    let send = &capabilities.send;
    match body {
        Body::Text { .. } => send.text.is_none().then_some(Unfit::NotOffered),
        Body::Media { media_kind, .. } => {
            let sayable = media_kind.carries_words() || says_nothing(body);
            let Some(limits) = send.media(*media_kind).filter(|_| sayable) else {
                return Some(Unfit::NotOffered);
            };
            let Some(file) = file.filter(|file| file.state == MediaState::Ready) else {
                return Some(Unfit::MediaMissing);
            };
            let bytes = file.bytes.and_then(|bytes| u64::try_from(bytes).ok());
            if !limits.takes(&file.mime) {
                return Some(Unfit::FileNotTaken);
            }
            let most = limits.max_bytes.min(largest_of(*media_kind));
            (bytes.unwrap_or(0) > most).then_some(Unfit::FileTooLarge { most })
        }
        Body::Poll { options, .. } => match send.poll {
            None => Some(Unfit::NotOffered),
            Some(most) if !are_answers(options, most) => Some(Unfit::Answers { most }),
            Some(_) => options
                .iter()
                .any(|option| has_variable(option))
                .then_some(Unfit::StrayVariable),
        },
        Body::Location { .. } if !send.location => Some(Unfit::NotOffered),
        Body::Location { address, .. } if has_variable(address) => Some(Unfit::StrayVariable),
        Body::Location {
            latitude, longitude, ..
        } => {
            let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
            (!on_earth).then_some(Unfit::NoPlace)
        }
    }
}

/// Customers would read the braces.
fn has_variable(text: &str) -> bool {
    text.contains("{{")
}

/// WhatsApp shows no answer twice, and none that is blank.
fn are_answers(options: &[String], most: u32) -> bool {
    let mut seen = BTreeSet::new();
    let each_once = options.iter().all(|option| {
        let option = option.trim();
        !option.is_empty() && seen.insert(option)
    });
    each_once && (FEWEST_ANSWERS..=most as usize).contains(&options.len())
}

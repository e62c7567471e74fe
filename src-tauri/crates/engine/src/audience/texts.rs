//! The texts of a plan, read once, and filled in for many.

use mostrador_campaigns::plan::{Body, Plan};
use mostrador_campaigns::wording::{Bound, RowFault, TemplateFault, Wording, variable_names};
use mostrador_domain::Capabilities;

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

    /// `columns` are the headings; a text may have `max_chars`.
    pub(super) fn tied(&self, columns: &[String], max_chars: usize) -> Tied<'_> {
        let variables = variable_names(columns);
        let bound = self.read.iter().map(|read| match read {
            Err(fault) => Err(NotTied::NotUnderstood(*fault)),
            Ok(wording) => wording.bind(&variables, max_chars).map_err(NotTied::Unknown),
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
pub(super) fn sample(body: &Body, max_chars: usize) -> Result<(Option<String>, Vec<String>), RowFault> {
    if says_nothing(body) {
        return Ok((None, Vec::new()));
    }
    let wording = Wording::read(body.words()).map_err(|_| RowFault::Empty)?;
    match wording.sample(max_chars) {
        Ok((words, missing)) => Ok((Some(words), missing)),
        Err(RowFault::Empty) if !body.needs_words() => Ok((None, Vec::new())),
        Err(fault) => Err(fault),
    }
}

/// It has no words, and needs none.
pub(super) fn says_nothing(body: &Body) -> bool {
    !body.needs_words() && body.words().trim().is_empty()
}

/// Does a link send such a message?
pub(super) fn is_offered(body: &Body, capabilities: &Capabilities) -> bool {
    let send = &capabilities.send;
    match body {
        Body::Text { .. } => send.text.is_some(),
        Body::Media { media_kind, .. } => send.media(*media_kind).is_some(),
        Body::Poll { options, .. } => send
            .poll
            .is_some_and(|most| (2..=most as usize).contains(&options.len())),
        Body::Location { .. } => send.location,
    }
}

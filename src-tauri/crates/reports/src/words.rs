//! What the files say, in each language. A word that one language lacks does not compile.

mod en;
mod es;
mod pt_br;

use crate::figures::Proof;
use crate::people::COLUMNS;

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Spanish.
    Es,
    /// Portuguese of Brazil.
    PtBr,
    /// English.
    En,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Es, Self::PtBr, Self::En];

    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::Es => &es::WORDS,
            Self::PtBr => &pt_br::WORDS,
            Self::En => &en::WORDS,
        }
    }
}

/// Everything that is said.
#[derive(Debug)]
pub(crate) struct Words {
    /// As documents name a language.
    pub(crate) tag: &'static str,
    /// Of a CSV.
    pub(crate) separator: u8,
    pub(crate) months: [&'static str; 12],
    pub(crate) columns: [&'static str; COLUMNS],
    pub(crate) states: States,
    pub(crate) reasons: Reasons,
    pub(crate) sheets: Sheets,
    pub(crate) figures: Figures,
    pub(crate) page: PageWords,
}

impl Words {
    /// A reason in words; one that is not known is another reason.
    pub(crate) fn reason(&self, word: &str) -> &'static str {
        self.reasons.of(word).unwrap_or(self.reasons.other)
    }
}

/// The sheets of a workbook. A name has at most 31 signs, and none of `[]:*?/\`.
#[derive(Debug)]
pub(crate) struct Sheets {
    pub(crate) summary: &'static str,
    pub(crate) people: &'static str,
    pub(crate) hours: &'static str,
    pub(crate) variants: &'static str,
    pub(crate) reasons: &'static str,
}

/// The names of figures.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) zone: &'static str,
    pub(crate) started: &'static str,
    pub(crate) ended: &'static str,
    pub(crate) people: &'static str,
    pub(crate) states: &'static str,
    pub(crate) hour: &'static str,
    pub(crate) variant: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) of_sent: &'static str,
    /// Sent, delivered, read, replied: a column of people.
    pub(crate) steps: [&'static str; 4],
    pub(crate) failed: &'static str,
    pub(crate) skipped: &'static str,
    pub(crate) opted_out: &'static str,
    /// Of those who answered.
    pub(crate) asked_to_stop: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) uncertain: &'static str,
    pub(crate) proof: &'static str,
    pub(crate) proof_holds: &'static str,
    pub(crate) proof_broken: &'static str,
    pub(crate) proof_unsettled: &'static str,
    pub(crate) proof_not_run: &'static str,
}

impl Figures {
    pub(crate) fn proof_line(&self, proof: Proof) -> &'static str {
        match proof {
            Proof::Holds => self.proof_holds,
            Proof::Broken => self.proof_broken,
            Proof::Unsettled => self.proof_unsettled,
            Proof::NotYet => self.proof_not_run,
        }
    }
}

/// What only the document says.
#[derive(Debug)]
pub(crate) struct PageWords {
    pub(crate) title: &'static str,
    pub(crate) untitled: &'static str,
    pub(crate) not_started: &'static str,
    /// Before the start of what has no end.
    pub(crate) since: &'static str,
    pub(crate) totals: &'static str,
    pub(crate) total: &'static str,
    pub(crate) funnel: &'static str,
    pub(crate) per_hour: &'static str,
    pub(crate) per_day: &'static str,
    pub(crate) per_month: &'static str,
    pub(crate) variants: &'static str,
    pub(crate) failures: &'static str,
    pub(crate) skipped: &'static str,
    pub(crate) nothing_sent: &'static str,
    pub(crate) nobody_failed: &'static str,
    pub(crate) nobody_skipped: &'static str,
    pub(crate) page: fn(usize, usize) -> String,
}

macro_rules! by_word {
    ($(#[$about:meta])* $name:ident { $($word:ident),+ $(,)? } $($more:ident),*) => {
        $(#[$about])*
        #[derive(Debug)]
        pub(crate) struct $name {
            $(pub(crate) $word: &'static str,)+
            $(pub(crate) $more: &'static str,)*
        }

        impl $name {
            /// Every word that is known here.
            #[cfg(test)]
            pub(crate) const WORDS: &'static [&'static str] = &[$(stringify!($word)),+];

            /// What is said for `word`.
            pub(crate) fn of(&self, word: &str) -> Option<&'static str> {
                match word {
                    $(stringify!($word) => Some(self.$word),)+
                    _ => None,
                }
            }
        }
    };
}

by_word! {
    /// Where a person is, said of one.
    States { pending, queued, uncertain, sent, delivered, read, replied, failed, skipped, opted_out }
}

by_word! {
    /// Why somebody was not written to, or in vain.
    Reasons {
        duplicate, invalid_number, not_on_whatsapp, blocked, own_number, no_text, text_too_long, written_recently,
        taken_out, cancelled, said_not_sent, refused_recipient, forbidden, refused_content, plan_limit,
        too_large, media_unsupported, media_missing, not_linked, token_rejected, restricted, attempts_used_up, no_answer,
        number_changed, earlier_number,
    } other
}

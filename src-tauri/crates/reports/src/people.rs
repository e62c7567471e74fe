//! A person of the campaign, and the columns in which a file tells of them.

use mostrador_domain::UnixMillis;

use crate::figures::variant_name;
use crate::words::Words;

/// What became of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their place in the campaign.
    pub place: u32,
    /// The row of the customer list they came from.
    pub row: Option<u32>,
    /// Their number, as it is to be read.
    pub number: String,
    /// What the shop calls them.
    pub name: Option<String>,
    /// Which text is theirs, from 0.
    pub variant: u8,
    /// The word of their state.
    pub state: &'static str,
    /// The word of why they failed or were skipped.
    pub reason: Option<String>,
    /// When the gateway took it.
    pub sent_at: Option<UnixMillis>,
    /// When it was on their phone.
    pub delivered_at: Option<UnixMillis>,
    /// When they read it.
    pub read_at: Option<UnixMillis>,
    /// When they answered.
    pub replied_at: Option<UnixMillis>,
    /// When they asked, or may have asked, not to be written to any more.
    pub asked_to_stop_at: Option<UnixMillis>,
    /// What they answered.
    pub reply: Option<String>,
}

/// How many columns a person has.
pub(crate) const COLUMNS: usize = 13;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    Empty,
    Number(u32),
    /// Our own words.
    Word(&'a str),
    /// What somebody else wrote.
    Text(&'a str),
    Time(UnixMillis),
}

/// The cells of a person, in the order of [`Words::columns`]. `letter` holds the name of their text meanwhile.
pub(crate) fn cells<'a>(person: &'a Person, words: &'a Words, letter: &'a mut String) -> [Cell<'a>; COLUMNS] {
    *letter = variant_name(person.variant);
    [
        Cell::Number(person.place),
        person.row.map_or(Cell::Empty, Cell::Number),
        Cell::Text(&person.number),
        person.name.as_deref().map_or(Cell::Empty, Cell::Text),
        Cell::Word(letter),
        words
            .states
            .of(person.state)
            .map_or(Cell::Text(person.state), Cell::Word),
        person
            .reason
            .as_deref()
            .map_or(Cell::Empty, |reason| Cell::Word(words.reason(reason))),
        time(person.sent_at),
        time(person.delivered_at),
        time(person.read_at),
        time(person.replied_at),
        person.reply.as_deref().map_or(Cell::Empty, Cell::Text),
        time(person.asked_to_stop_at),
    ]
}

fn time<'a>(at: Option<UnixMillis>) -> Cell<'a> {
    at.map_or(Cell::Empty, Cell::Time)
}

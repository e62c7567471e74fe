//! What the simulated people say.
//!
//! The customers of a neighbourhood bakery and cake shop: they ask what things cost, until when it is open and
//! whether it delivers, they send a picture of what they have in mind, they say thank you. Everybody is invented,
//! and so is every number. A customer's past is made of short dialogues with gaps (`{cake}`, `{price}`…) that are
//! filled once for each dialogue; what they answer today is their own part, line by line.

mod es;
mod pt;

use super::{Tongue, pictures::Motif};
use crate::chance::Chance;

/// The shop's own number.
pub(crate) const SHOP_NUMBER: &str = "51900000010";
/// The shop's name on WhatsApp.
pub(crate) const SHOP_NAME: &str = "Luna de Trigo";
/// What the shop says about itself.
pub(crate) const SHOP_ABOUT: &str = "Tortas, panes y dulces hechos hoy";

/// The group that the shop is in.
pub(crate) const GROUP_ID: &str = "120363000000000021@g.us";
/// Its name.
pub(crate) const GROUP_NAME: &str = "Vecinos del pasaje Los Olivos";
/// Who is in it besides the shop.
pub(crate) const GROUP_MEMBERS: [&str; 5] = [
    "51900000011",
    "51900000012",
    "51900000014",
    "51900000016",
    "51900000018",
];
/// What was said in it: who, and what. The shop's number stands for the shop.
pub(crate) const GROUP_TALK: &[(&str, &str)] = es::GROUP_TALK;
/// What a member says when the shop writes to the group.
pub(crate) const GROUP_ANSWERS: &[&str] = es::GROUP_ANSWERS;

/// One line of a dialogue.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Line {
    /// The customer says it.
    Them(&'static str),
    /// The shop says it.
    Us(&'static str),
    /// The customer shows a picture.
    Show(Motif, &'static str),
}

/// A customer, as the world is made.
#[derive(Debug)]
pub(crate) struct Persona {
    pub(crate) number: &'static str,
    pub(crate) name: &'static str,
    /// The shop's own note of the name, for those whom it has saved.
    pub(crate) saved_as: Option<&'static str>,
    pub(crate) tongue: Tongue,
    /// How many dialogues lie behind them, and over how many days.
    pub(crate) past: (usize, u64),
    /// What they wrote last, still unread; may be empty.
    pub(crate) waiting: &'static [Line],
    /// What they say next, one line for each time the shop writes.
    pub(crate) part: &'static [Line],
}

/// Everybody, in the order of their numbers.
pub(crate) fn personas() -> impl Iterator<Item = &'static Persona> {
    es::PERSONAS.iter().chain(pt::PERSONAS)
}

/// The persona behind a number.
pub(crate) fn persona(number: &str) -> Option<&'static Persona> {
    personas().find(|persona| persona.number == number)
}

/// Short dialogues in a language.
pub(crate) fn dialogues(tongue: Tongue) -> &'static [&'static [Line]] {
    match tongue {
        Tongue::Spanish => es::DIALOGUES,
        Tongue::Portuguese => pt::DIALOGUES,
    }
}

/// What somebody writes without being asked.
pub(crate) fn openings(tongue: Tongue) -> &'static [Line] {
    match tongue {
        Tongue::Spanish => es::OPENINGS,
        Tongue::Portuguese => pt::OPENINGS,
    }
}

/// What somebody answers who has said all of their part.
pub(crate) fn closings(tongue: Tongue) -> &'static [Line] {
    match tongue {
        Tongue::Spanish => es::CLOSINGS,
        Tongue::Portuguese => pt::CLOSINGS,
    }
}

/// The fillings of one dialogue's gaps.
pub(crate) struct Fillings {
    pairs: [(&'static str, String); 5],
}

impl Fillings {
    /// Chooses one filling for each gap.
    pub(crate) fn choose(tongue: Tongue, chance: &mut Chance) -> Self {
        let (words, currency) = match tongue {
            Tongue::Spanish => (&es::GAPS, "S/"),
            Tongue::Portuguese => (&pt::GAPS, "R$"),
        };
        let price = format!("{currency} {}", chance.between(5, 18) * 5);
        let hour = format!(
            "{}:{}",
            chance.between(9, 18),
            chance.one_of(&["00", "15", "30", "45"])
        );
        Self {
            pairs: [
                ("{cake}", chance.one_of(words.cakes).to_owned()),
                ("{day}", chance.one_of(words.days).to_owned()),
                (
                    "{street}",
                    format!("{} {}", chance.one_of(words.streets), chance.between(101, 899)),
                ),
                ("{price}", price),
                ("{hour}", hour),
            ],
        }
    }

    /// `text` with its gaps filled.
    pub(crate) fn fill(&self, text: &str) -> String {
        self.pairs
            .iter()
            .fold(text.to_owned(), |text, (gap, filling)| text.replace(gap, filling))
    }
}

struct GapWords {
    cakes: &'static [&'static str],
    days: &'static [&'static str],
    streets: &'static [&'static str],
}

#[cfg(test)]
mod tests {
    use super::{Fillings, Line, Tongue, closings, dialogues, openings, personas};
    use crate::chance::Chance;

    #[test]
    fn no_line_keeps_a_gap() {
        for tongue in [Tongue::Spanish, Tongue::Portuguese] {
            let fillings = Fillings::choose(tongue, &mut Chance::from_seed(1));
            let all = dialogues(tongue).iter().copied().flatten();
            for line in all.chain(openings(tongue)).chain(closings(tongue)) {
                let (Line::Them(text) | Line::Us(text) | Line::Show(_, text)) = line;
                let said = fillings.fill(text);
                assert!(!said.contains('{'), "a customer would never write {said:?}");
            }
        }
    }

    #[test]
    fn customers_have_invented_numbers_of_their_own() {
        let numbers: Vec<&str> = personas().map(|persona| persona.number).collect();
        assert_eq!(numbers.len(), 12, "about a dozen customers");
        for number in &numbers {
            let invented = number.starts_with("519000000") || number.starts_with("55119000000");
            assert!(
                invented,
                "{number} is outside the ranges kept for invented people"
            );
            assert_eq!(
                numbers.iter().filter(|n| n == &number).count(),
                1,
                "{number} is used twice"
            );
        }
    }
}

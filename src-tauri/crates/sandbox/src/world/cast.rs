//! The crowd of a big world: customers and groups beyond the written parts, each a function of seed and number.
//!
//! Their telephones lie in ranges that are kept for invented people. Every third one writes Portuguese, every
//! twentieth chat is a group of some of the others. Some of them are as awkward as people are: they write from their
//! hidden number, or their telephone has a second spelling (Brazil, Mexico, Argentina).

use super::{ChatId, Number, Tongue, script::Persona};
use crate::chance::Chance;

/// Every so many chats, one is a group.
const GROUP_EVERY: u32 = 20;
const GROUP_TURN: u32 = 7;
/// Every so many chats, one comes from a hidden number.
const HIDDEN_EVERY: u32 = 25;
const HIDDEN_TURN: u32 = 11;
const FIRST_ES: [&str; 16] = [
    "Ana", "Luis", "Carmen", "José", "Milagros", "Jorge", "Rocío", "Víctor", "Elena", "Raúl", "Gladys",
    "Percy", "Yolanda", "Hugo", "Nélida", "Edwin",
];
const LAST_ES: [&str; 16] = [
    "Huamán",
    "Flores",
    "Rojas",
    "Vargas",
    "Chávez",
    "Ramos",
    "Torres",
    "Castillo",
    "Espinoza",
    "Gutiérrez",
    "Núñez",
    "Cruz",
    "Medina",
    "Ríos",
    "Salazar",
    "Peña",
];
const FIRST_PT: [&str; 12] = [
    "João",
    "Conceição",
    "Thiago",
    "Luzia",
    "Vitória",
    "Caio",
    "Inês",
    "Otávio",
    "Débora",
    "Márcio",
    "Íris",
    "Renan",
];
const LAST_PT: [&str; 12] = [
    "Silva",
    "Araújo",
    "Gonçalves",
    "Moreira",
    "Falcão",
    "Barbosa",
    "Simões",
    "Rocha",
    "Macêdo",
    "Teles",
    "Leão",
    "Prado",
];
const GROUPS: [&str; 6] = [
    "Familia",
    "Promo 2009",
    "Condominio",
    "Turma da escola",
    "Vecinos",
    "Pedidos de la semana",
];

/// One chat of the crowd.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) tongue: Tongue,
    /// Their hidden number.
    pub(crate) lid: String,
    /// Whether they write from it.
    pub(crate) hidden: bool,
    group: Option<ChatId>,
    numbers: Vec<Number>,
}

impl Member {
    pub(crate) fn is_group(&self) -> bool {
        self.group.is_some()
    }

    /// Everybody in it but the shop.
    pub(crate) fn numbers(&self) -> &[Number] {
        &self.numbers
    }

    pub(crate) fn chat(&self) -> ChatId {
        match (&self.group, self.numbers.first()) {
            (Some(group), _) => group.clone(),
            (None, Some(_)) if self.hidden => ChatId::lid(&self.lid),
            (None, Some(number)) => number.chat(),
            (None, None) => ChatId::new(""),
        }
    }
}

fn is_group(chat: u32) -> bool {
    chat % GROUP_EVERY == GROUP_TURN
}

fn tongue(chat: u32) -> Tongue {
    if chat % 3 == 2 {
        Tongue::Portuguese
    } else {
        Tongue::Spanish
    }
}

fn number(chat: u32) -> Number {
    Number::new(match (tongue(chat), chat % 12) {
        (Tongue::Portuguese, 8) => format!("5511{:08}", 20_000_000 + chat),
        (Tongue::Portuguese, _) => format!("55119{:08}", 1_000_000 + chat),
        (Tongue::Spanish, 3) => format!("52155{:08}", 1_000_000 + chat),
        (Tongue::Spanish, 6) => format!("54911{:08}", 1_000_000 + chat),
        (Tongue::Spanish, _) => format!("519{:08}", 1_000_000 + chat),
    })
}

/// The chat with this number.
pub(crate) fn member(seed: u64, chat: u32) -> Member {
    let mut chance = Chance::from_seed(seed ^ u64::from(chat).wrapping_mul(0x9FB2_1C65_1E98_DF25));
    if is_group(chat) {
        let size = chance.between(3, 12) as u32;
        let neighbours = (0..=chat)
            .rev()
            .filter(|other| !is_group(*other))
            .take(size as usize);
        return Member {
            name: format!("{} {}", chance.one_of(&GROUPS), chat),
            tongue: tongue(chat),
            lid: String::new(),
            hidden: false,
            group: Some(ChatId::new(format!("1203630001{chat:08}@g.us"))),
            numbers: neighbours.map(number).collect(),
        };
    }
    let name = match tongue(chat) {
        Tongue::Spanish => format!("{} {}", chance.one_of(&FIRST_ES), chance.one_of(&LAST_ES)),
        Tongue::Portuguese => format!("{} {}", chance.one_of(&FIRST_PT), chance.one_of(&LAST_PT)),
    };
    Member {
        name,
        tongue: tongue(chat),
        lid: format!("{}", 98_000_000_000_000_u64 + u64::from(chat)),
        hidden: chat % HIDDEN_EVERY == HIDDEN_TURN,
        group: None,
        numbers: vec![number(chat)],
    }
}

/// The chat with somebody who has a written part.
pub(crate) fn written(persona: &Persona) -> Member {
    Member {
        name: persona.name.to_owned(),
        tongue: persona.tongue,
        lid: String::new(),
        hidden: false,
        group: None,
        numbers: vec![Number::new(persona.number)],
    }
}

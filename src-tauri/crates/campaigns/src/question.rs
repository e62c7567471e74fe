//! Is an answer a question? Somebody waits for an answer to it, so it is shown first.
//!
//! A question mark, Spanish or other, makes one; so does a beginning with a word that asks, in Spanish, Portuguese or English, for
//! many people leave the mark out. A message that only begins like one (`que bueno`) is taken for one too rarely to matter.

use unicode_normalization::UnicodeNormalization;

/// What questions begin with, folded.
const BEGINNINGS: &[&str] = &[
    // Spanish
    "cuanto",
    "cuanta",
    "cuantos",
    "cuantas",
    "cuando",
    "donde",
    "como",
    "cual",
    "cuales",
    "quien",
    "tienen",
    "tiene",
    "tienes",
    "hay",
    "se puede",
    "puedo",
    "podria",
    "podrian",
    "hacen",
    "venden",
    "abren",
    "atienden",
    "aceptan",
    "que precio",
    "que hora",
    "que horario",
    "que dia",
    "a que hora",
    "a cuanto",
    "por que",
    "precio",
    "horario",
    "sigue en pie",
    "todavia",
    "aun hay",
    // Portuguese
    "quanto",
    "quanta",
    "quantos",
    "quantas",
    "quando",
    "onde",
    "qual",
    "quais",
    "quem",
    "tem",
    "voces tem",
    "voce tem",
    "posso",
    "pode",
    "podem",
    "fazem",
    "vendem",
    "abrem",
    "aceitam",
    "que horas",
    "ate que horas",
    "ainda tem",
    "ainda da",
    "preco",
    // English
    "how",
    "when",
    "where",
    "what",
    "which",
    "who",
    "why",
    "do you",
    "can i",
    "can you",
    "is there",
    "is it",
    "are you",
    "are there",
    "price",
];

/// How many letters of a message are looked at.
const READ: usize = 400;

/// Does this answer ask something?
pub fn is_question(answer: &str) -> bool {
    let beginning: String = answer.chars().take(READ).collect();
    if beginning.contains(['?', '¿', '？']) {
        return true;
    }
    let folded: String = beginning
        .nfd()
        .filter(|letter| letter.is_alphanumeric() || letter.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    let words: Vec<&str> = folded
        .split_whitespace()
        .skip_while(|word| is_greeting(word))
        .collect();
    let said = words.join(" ");
    BEGINNINGS.iter().any(|word| {
        said.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

fn is_greeting(word: &str) -> bool {
    matches!(
        word,
        "hola"
            | "buenos"
            | "buenas"
            | "dias"
            | "tardes"
            | "noches"
            | "oi"
            | "ola"
            | "bom"
            | "boa"
            | "dia"
            | "tarde"
            | "noite"
            | "hi"
            | "hello"
    )
}

#[cfg(test)]
mod tests {
    use super::is_question;

    #[test]
    fn marks_and_words_that_ask_make_a_question() {
        for answer in [
            "¿Hasta cuándo es la oferta?",
            "Me interesa ¿cuánto cuesta",
            "cuanto sale el grande",
            "Hola buenas tardes, tienen en azul",
            "Quanto custa",
            "bom dia vocês têm entrega",
            "Precio",
            "how much is it",
            "do you deliver",
        ] {
            assert!(is_question(answer), "{answer}");
        }
    }

    #[test]
    fn what_only_tells_is_none() {
        for answer in [
            "Gracias",
            "quiero dos",
            "obrigado",
            "ok",
            "",
            "🙏",
            "Hola",
            "comoquiera",
            "thanks, tomorrow",
            "tempo bom",
        ] {
            assert!(!is_question(answer), "{answer}");
        }
    }
}

//! The few words that the shell says itself, in the three languages of the window.
//!
//! A language is a value of [`Words`]: a word that is missing does not compile, nor does a language without words. What the
//! window says is the UI's; where both say the same thing (a photo, a message that cannot be shown), they say it alike.

mod kinds;
mod trouble;

use mostrador_api::Shop;
use mostrador_api::commands::dispatch;
use mostrador_api::dto::{Language, LanguageChoice, Settings};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use kinds::Kinds;
pub use trouble::{Trouble, TroubleWords};

/// Everything that the shell says, in one language.
pub struct Words {
    /// The tray's menu: shows the window.
    pub open: &'static str,
    /// The same, when chats wait to be read.
    pub open_unread: fn(u32) -> String,
    /// The tray's menu: holds notifications back.
    pub quiet: &'static str,
    /// Shows notifications again; nothing to press while they are shown.
    pub quiet_off: &'static str,
    /// The same while they are held back until a person turns it off.
    pub quiet_is_on: &'static str,
    /// The same while they are held back until a time of day.
    pub quiet_until: fn(&str) -> String,
    /// Holds them back for an hour.
    pub quiet_hour: &'static str,
    /// Holds them back until tomorrow morning.
    pub quiet_tomorrow: &'static str,
    /// Holds them back until a person turns it off.
    pub quiet_always: &'static str,
    /// The tray's menu: ends the program.
    pub quit: &'static str,
    /// What the kinds of messages are called in a notification.
    pub kinds: Kinds,
    /// A notification of a message of a kind that is not shown.
    pub unknown_message: &'static str,
    /// A notification that does not tell the message.
    pub hidden_message: &'static str,
    /// A notification of somebody without name and number.
    pub unnamed: &'static str,
    /// Who wrote in a group, if neither a name nor a number of theirs is known.
    pub member: &'static str,
    /// The practice phone's window.
    pub phone: &'static str,
    /// The dialog that asks where a file is to be.
    pub save: &'static str,
    /// Closes a dialog.
    pub close: &'static str,
    /// Why the program cannot start.
    pub trouble: TroubleWords,
}

/// The words of a language.
pub fn of(language: Language) -> &'static Words {
    match language {
        Language::Es => &ES,
        Language::PtBr => &PT_BR,
        Language::En => &EN,
    }
}

/// The language that the operator chose, else the system's, else Spanish.
pub fn language(settings: Settings, system: Option<Language>) -> Language {
    match settings.language {
        LanguageChoice::Auto => system.unwrap_or(Language::Es),
        LanguageChoice::Es => Language::Es,
        LanguageChoice::PtBr => Language::PtBr,
        LanguageChoice::En => Language::En,
    }
}

/// The language that a shop speaks now. What the shop does not answer counts as not chosen.
pub async fn of_shop(shop: &Shop) -> Language {
    let settings = read(
        dispatch(shop, "setting_get", Value::Null)
            .await
            .unwrap_or_default(),
    );
    let mut status = dispatch(shop, "app_status", Value::Null)
        .await
        .unwrap_or_default();
    language(
        settings.unwrap_or_default(),
        read(status["systemLanguage"].take()),
    )
}

fn read<T: DeserializeOwned>(answer: Value) -> Option<T> {
    serde_json::from_value(answer).ok()
}

/// The system's language, while there is no shop to ask: from the locale's variables, the first that is set, as POSIX has it.
pub fn system_language() -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok());
    let locale = set.into_iter().find(|locale| !locale.is_empty());
    locale
        .and_then(|locale| Language::of_locale(&locale))
        .unwrap_or(Language::Es)
}

static ES: Words = Words {
    open: "Abrir Mostrador",
    open_unread: |chats| match chats {
        1 => "Abrir Mostrador (1 chat sin leer)".to_owned(),
        _ => format!("Abrir Mostrador ({chats} chats sin leer)"),
    },
    quiet: "No molestar",
    quiet_is_on: "Volver a avisar (en silencio)",
    quiet_until: |time| format!("Volver a avisar (en silencio hasta las {time})"),
    quiet_off: "Volver a avisar",
    quiet_hour: "Durante una hora",
    quiet_tomorrow: "Hasta mañana",
    quiet_always: "Hasta que lo desactives",
    quit: "Salir",
    kinds: kinds::ES,
    unknown_message: "Mensaje que aún no se puede mostrar",
    hidden_message: "Tienes un mensaje nuevo",
    unnamed: "Mensaje nuevo",
    member: "Alguien del grupo",
    phone: "Teléfono de práctica",
    save: "Guardar el archivo",
    close: "Cerrar",
    trouble: trouble::ES,
};

static PT_BR: Words = Words {
    open: "Abrir o Mostrador",
    open_unread: |chats| match chats {
        1 => "Abrir o Mostrador (1 conversa não lida)".to_owned(),
        _ => format!("Abrir o Mostrador ({chats} conversas não lidas)"),
    },
    quiet: "Não perturbe",
    quiet_is_on: "Voltar a avisar (em silêncio)",
    quiet_until: |time| format!("Voltar a avisar (em silêncio até as {time})"),
    quiet_off: "Voltar a avisar",
    quiet_hour: "Por uma hora",
    quiet_tomorrow: "Até amanhã",
    quiet_always: "Até você desativar",
    quit: "Sair",
    kinds: kinds::PT_BR,
    unknown_message: "Mensagem que ainda não pode ser mostrada",
    hidden_message: "Você tem uma mensagem nova",
    unnamed: "Mensagem nova",
    member: "Alguém do grupo",
    phone: "Celular de treino",
    save: "Salvar o arquivo",
    close: "Fechar",
    trouble: trouble::PT_BR,
};

static EN: Words = Words {
    open: "Open Mostrador",
    open_unread: |chats| match chats {
        1 => "Open Mostrador (1 unread chat)".to_owned(),
        _ => format!("Open Mostrador ({chats} unread chats)"),
    },
    quiet: "Do not disturb",
    quiet_is_on: "Notify again (quiet now)",
    quiet_until: |time| format!("Notify again (quiet until {time})"),
    quiet_off: "Notify again",
    quiet_hour: "For an hour",
    quiet_tomorrow: "Until tomorrow",
    quiet_always: "Until you turn it off",
    quit: "Quit",
    kinds: kinds::EN,
    unknown_message: "Message that cannot be shown yet",
    hidden_message: "You have a new message",
    unnamed: "New message",
    member: "Someone in the group",
    phone: "Practice phone",
    save: "Save the file",
    close: "Close",
    trouble: trouble::EN,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operators_choice_goes_before_the_systems_language() {
        let chosen = |language| Settings {
            language,
            ..Settings::default()
        };
        assert_eq!(
            language(chosen(LanguageChoice::En), Some(Language::PtBr)),
            Language::En,
            "chosen"
        );
        assert_eq!(
            language(chosen(LanguageChoice::Auto), Some(Language::PtBr)),
            Language::PtBr,
            "the system's"
        );
        assert_eq!(
            language(chosen(LanguageChoice::Auto), None),
            Language::Es,
            "Spanish, if there is nothing to go by"
        );
    }

    #[test]
    fn the_tray_counts_chats_in_every_language() {
        for language in [Language::Es, Language::PtBr, Language::En] {
            let count = of(language).open_unread;
            let (one, many) = (count(1), count(12));
            assert!(
                one.contains('1') && many.contains("12"),
                "{language:?} should tell the number: {one} / {many}"
            );
            assert_ne!(
                one.replace('1', "12"),
                many,
                "{language:?} should tell one from many"
            );
        }
    }
}

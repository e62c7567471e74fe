//! The program itself, its settings, the gateways it knows.

use std::collections::BTreeMap;

use mostrador_domain::UnixMillis;
use mostrador_engine::notify::Level;
use mostrador_gateways as gateways;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{KeepMessages, MediaShare};

/// A language of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum Language {
    /// Spanish.
    #[serde(rename = "es")]
    Es,
    /// Portuguese of Brazil.
    #[serde(rename = "pt-BR")]
    PtBr,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Language {
    /// The language of a POSIX locale (`pt_BR.UTF-8`) or a language tag (`es-PE`), if it is one of ours.
    pub fn of_locale(locale: &str) -> Option<Self> {
        match locale.get(..2)?.to_ascii_lowercase().as_str() {
            "es" => Some(Self::Es),
            "pt" => Some(Self::PtBr),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The tag.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::PtBr => "pt-BR",
            Self::En => "en",
        }
    }
}

/// What the program is and how it is doing.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppStatus {
    /// Of the program.
    pub version: String,
    /// Set when the program runs the practice shop.
    pub practice: Option<PracticeView>,
    /// Where tokens are kept.
    pub secrets: SecretsView,
    /// How the local file is.
    pub database: DatabaseView,
    /// The system's language, if it is one of ours.
    pub system_language: Option<Language>,
    /// A text message has at most this many characters.
    pub max_text_chars: u32,
    /// A picture has at most this many bytes.
    #[ts(type = "number")]
    pub max_image_bytes: u64,
}

/// The practice shop.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticeView {
    /// The address of its phone panel.
    pub phone_url: String,
}

/// Where tokens are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretsKind {
    /// In the operating system's keyring.
    Keyring,
    /// In memory, for this run.
    Memory,
}

/// Why the keyring cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyringProblem {
    /// It is not there.
    KeyringUnavailable,
    /// It is locked.
    KeyringLocked,
}

/// Where tokens are kept, and what is wrong with that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct SecretsView {
    /// Where.
    pub kind: SecretsKind,
    /// What the keyring last answered, if that was a problem.
    pub problem: Option<KeyringProblem>,
}

/// How the local file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum DatabaseView {
    /// Sound.
    Ready,
    /// It was damaged: it was put aside under another name, and a new one was begun.
    SetAside {
        /// Its name now, in the same folder.
        file_name: String,
        /// When.
        #[ts(type = "number")]
        at: UnixMillis,
        /// Devices that could be taken over.
        devices_kept: u32,
        /// Unsent messages that could be taken over.
        messages_kept: u32,
    },
}

/// The language the window speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub enum LanguageChoice {
    /// The system's.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// Spanish.
    #[serde(rename = "es")]
    Es,
    /// Portuguese of Brazil.
    #[serde(rename = "pt-BR")]
    PtBr,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// The window's colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// The system's.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How much a desktop notification shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NotificationLevel {
    /// Who and what.
    #[default]
    Full,
    /// Who.
    NameOnly,
    /// Nothing.
    Off,
}

impl From<Level> for NotificationLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Full => Self::Full,
            Level::NameOnly => Self::NameOnly,
            Level::Off => Self::Off,
        }
    }
}

impl From<NotificationLevel> for Level {
    fn from(level: NotificationLevel) -> Self {
        match level {
            NotificationLevel::Full => Self::Full,
            NotificationLevel::NameOnly => Self::NameOnly,
            NotificationLevel::Off => Self::Off,
        }
    }
}

/// The shop's choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The window's language.
    pub language: LanguageChoice,
    /// The window's colours.
    pub theme: ThemeChoice,
    /// How much a notification shows.
    pub notifications: NotificationLevel,
    /// How many bytes a file may have that is fetched without anybody's asking; always told, absent = stays as it is.
    #[serde(default)]
    #[ts(optional = nullable, type = "number")]
    pub fetch_up_to: Option<u64>,
    /// How long messages are kept.
    #[serde(default)]
    pub keep_messages: KeepMessages,
    /// How much room customers' files may take.
    #[serde(default)]
    pub media_share: MediaShare,
    /// Enter sends and Shift+Enter begins a line; else Enter begins a line and Ctrl+Enter sends. Always told, absent = stays
    /// as it is.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub enter_sends: Option<bool>,
    /// For how many seconds what was sent can be undone, 0 to 60. Always told, absent = stays as it is.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub undo_seconds: Option<u32>,
    /// Customers see when somebody writes to them here, where the gateway can show it. Always told, absent = stays as it is.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub tell_typing: Option<bool>,
}

/// Arguments of `setting_set`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SettingSet {
    /// All of them.
    pub settings: Settings,
}

/// What a person gives for a gateway. A gateway asks for some of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldKey {
    /// Where the gateway is.
    Url,
    /// The access key.
    Token,
    /// A second key, for one number's session.
    ContainerToken,
    /// Who signs in.
    Email,
    /// With which password.
    Password,
    /// What the gateway calls the number's session.
    Instance,
    /// Which of the gateway's generations of calls is spoken.
    Generation,
    /// Below which path a reseller's customer is blocked.
    BlockPath,
    /// Below which path they are let in again.
    UnblockPath,
}

impl From<gateways::FieldKey> for FieldKey {
    fn from(key: gateways::FieldKey) -> Self {
        match key {
            gateways::FieldKey::Url => Self::Url,
            gateways::FieldKey::Token => Self::Token,
            gateways::FieldKey::ContainerToken => Self::ContainerToken,
            gateways::FieldKey::Email => Self::Email,
            gateways::FieldKey::Password => Self::Password,
            gateways::FieldKey::Instance => Self::Instance,
            gateways::FieldKey::Generation => Self::Generation,
            gateways::FieldKey::BlockPath => Self::BlockPath,
            gateways::FieldKey::UnblockPath => Self::UnblockPath,
        }
    }
}

impl From<FieldKey> for gateways::FieldKey {
    fn from(key: FieldKey) -> Self {
        match key {
            FieldKey::Url => Self::Url,
            FieldKey::Token => Self::Token,
            FieldKey::ContainerToken => Self::ContainerToken,
            FieldKey::Email => Self::Email,
            FieldKey::Password => Self::Password,
            FieldKey::Instance => Self::Instance,
            FieldKey::Generation => Self::Generation,
            FieldKey::BlockPath => Self::BlockPath,
            FieldKey::UnblockPath => Self::UnblockPath,
        }
    }
}

/// How a field is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// In plain sight.
    Text,
    /// An address, in plain sight.
    Url,
    /// Hidden while it is typed.
    Secret,
    /// One of a few words.
    Choice,
    /// A path below the gateway's address. Few need it.
    Path,
}

impl From<gateways::FieldKind> for FieldKind {
    fn from(kind: gateways::FieldKind) -> Self {
        match kind {
            gateways::FieldKind::Text => Self::Text,
            gateways::FieldKind::Url => Self::Url,
            gateways::FieldKind::Secret => Self::Secret,
            gateways::FieldKind::Choice => Self::Choice,
            gateways::FieldKind::Path => Self::Path,
        }
    }
}

/// A field that a gateway asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FieldView {
    /// Which.
    pub key: FieldKey,
    /// How it is shown.
    pub kind: FieldKind,
    /// It has to be given.
    pub required: bool,
    /// What most people give.
    pub default: Option<String>,
    /// Of a choice: the words to choose from.
    pub options: Vec<String>,
}

impl From<&gateways::Field> for FieldView {
    fn from(field: &gateways::Field) -> Self {
        Self {
            key: field.key.into(),
            kind: field.key.kind().into(),
            required: field.required,
            default: field.default.map(str::to_owned),
            options: field.options.iter().map(|word| (*word).to_owned()).collect(),
        }
    }
}

/// A gateway that a number can be linked through.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GatewayView {
    /// Its word.
    pub kind: String,
    /// The vendor's name for it, the same in every language.
    pub name: String,
    /// It is the practice shop inside the program, which speaks as this gateway does.
    pub practice: bool,
    /// What has to be given, in the order in which it is asked for.
    pub fields: Vec<FieldView>,
}

/// What is given for a gateway, by field. Empty and blank ones were not given.
pub type GivenFields = BTreeMap<FieldKey, String>;

/// Arguments of `gateway_test`.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GatewayTestArgs {
    /// Which.
    pub gateway: String,
    /// What it asks for.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub fields: Option<GivenFields>,
    /// The same as the field `url`.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub url: Option<String>,
    /// The same as the field `token`.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub token: Option<String>,
}

/// How a tested link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GatewayTestState {
    /// A number is linked.
    Linked,
    /// None is linked yet.
    NotLinked,
    /// The gateway is waking up.
    Starting,
}

/// The answer of `gateway_test`.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GatewayTest {
    /// How it is.
    pub state: GatewayTestState,
    /// The linked number, with its plus sign.
    pub own_number: Option<String>,
}

/// Arguments of `view_set`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ViewSet {
    /// The chat on the screen.
    #[ts(type = "number | null")]
    pub chat_id: Option<i64>,
    /// The window has the focus.
    pub focused: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_locale_gives_its_language() {
        let locales = [
            ("es_PE.UTF-8", Some(Language::Es)),
            ("pt_BR.UTF-8", Some(Language::PtBr)),
            ("pt_PT", Some(Language::PtBr)),
            ("en-US", Some(Language::En)),
            ("de_DE", None),
            ("C", None),
            ("", None),
        ];
        for (locale, language) in locales {
            assert_eq!(Language::of_locale(locale), language, "language of {locale:?}");
        }
    }
}

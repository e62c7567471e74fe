//! The program, its settings, the gateways.

use mostrador_domain::{ChatId, Failure, UnknownCause};
use mostrador_engine::EngineError;
use mostrador_engine::housekeeping as engine;
use mostrador_engine::notify::Level;
use mostrador_engine::secrets::SecretsProblem;
use mostrador_engine::{BY_ITSELF, MAX_BYTES, MAX_IMAGE_BYTES, Unreached, by_itself};
use mostrador_gateways::{GatewayKind, LinkConfig, LinkHealth};
use mostrador_store::tables::setting;
use mostrador_store::{Store, StoreError};

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::handlers::message::MAX_UNDO;
use crate::shop::Shop;

/// Unicode scalar values; the limit of WhatsApp's own text field.
pub(crate) const MAX_TEXT_CHARS: u32 = 4_096;

const LANGUAGE: &str = "language";
const THEME: &str = "theme";
const ENTER_SENDS: &str = "enter_sends";
const UNDO_SECONDS: &str = "undo_seconds";
const TELL_TYPING: &str = "tell_typing";
/// As long as nothing was chosen.
const USUAL_UNDO_SECONDS: u32 = 5;

pub(crate) async fn status(shop: &Shop, _: NoArgs) -> Result<AppStatus, ApiError> {
    let kind = if shop.engine().secrets_last() {
        SecretsKind::Keyring
    } else {
        SecretsKind::Memory
    };
    let problem = shop.engine().keyring_problem().map(|problem| match problem {
        SecretsProblem::Unavailable => KeyringProblem::KeyringUnavailable,
        SecretsProblem::Locked => KeyringProblem::KeyringLocked,
    });
    Ok(AppStatus {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        practice: shop.phone_url().map(|phone_url| PracticeView { phone_url }),
        secrets: SecretsView { kind, problem },
        database: shop.database().clone(),
        system_language: system_language(),
        max_text_chars: MAX_TEXT_CHARS,
        max_image_bytes: MAX_IMAGE_BYTES,
    })
}

/// The language in which something is named: the one that was chosen, or the system's, or Spanish.
pub(crate) async fn language(shop: &Shop) -> Result<Language, StoreError> {
    let chosen = read_settings(shop.engine().store()).await?.language;
    Ok(match chosen {
        LanguageChoice::Auto => system_language().unwrap_or(Language::Es),
        LanguageChoice::Es => Language::Es,
        LanguageChoice::PtBr => Language::PtBr,
        LanguageChoice::En => Language::En,
    })
}

/// The first of the locale's variables that is set decides, as POSIX has it.
fn system_language() -> Option<Language> {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok());
    let mut set = set.filter(|locale| !locale.is_empty());
    set.next().and_then(|locale| Language::of_locale(&locale))
}

pub(crate) async fn settings(shop: &Shop, _: NoArgs) -> Result<Settings, ApiError> {
    Ok(read_settings(shop.engine().store()).await?)
}

async fn read_settings(store: &Store) -> Result<Settings, StoreError> {
    store
        .read(|connection| {
            let level = setting::get(connection, Level::SETTING)?;
            Ok(Settings {
                language: word(setting::get(connection, LANGUAGE)?),
                theme: word(setting::get(connection, THEME)?),
                notifications: Level::from_word(level.as_deref()).into(),
                fetch_up_to: Some(by_itself(setting::get(connection, BY_ITSELF)?.as_deref())),
                keep_messages: engine::KeepMessages::from_word(
                    setting::get(connection, engine::KeepMessages::SETTING)?.as_deref(),
                )
                .into(),
                media_share: engine::MediaShare::from_word(
                    setting::get(connection, engine::MediaShare::SETTING)?.as_deref(),
                )
                .into(),
                enter_sends: Some(setting::get(connection, ENTER_SENDS)?.as_deref() != Some("0")),
                undo_seconds: Some(
                    setting::get(connection, UNDO_SECONDS)?
                        .and_then(|seconds| seconds.parse().ok())
                        .unwrap_or(USUAL_UNDO_SECONDS),
                ),
                tell_typing: Some(setting::get(connection, TELL_TYPING)?.as_deref() != Some("0")),
            })
        })
        .await
}

/// A choice by its word; what is not known is the default.
fn word<T: serde::de::DeserializeOwned + Default>(stored: Option<String>) -> T {
    stored
        .and_then(|word| serde_json::from_value(word.into()).ok())
        .unwrap_or_default()
}

fn as_word<T: serde::Serialize>(choice: &T) -> Result<String, ApiError> {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(ErrorCode::Internal.into()),
    }
}

pub(crate) async fn set_settings(shop: &Shop, args: SettingSet) -> Result<Settings, ApiError> {
    let language = as_word(&args.settings.language)?;
    let theme = as_word(&args.settings.theme)?;
    let level = Level::from(args.settings.notifications);
    let fetch_up_to = args.settings.fetch_up_to.map(|bytes| bytes.min(MAX_BYTES));
    let keep = engine::KeepMessages::from(args.settings.keep_messages);
    let share = engine::MediaShare::from(args.settings.media_share);
    let enter_sends = args.settings.enter_sends;
    let undo_seconds = args.settings.undo_seconds.map(|seconds| seconds.min(MAX_UNDO));
    let tell_typing = args.settings.tell_typing;
    let store = shop.engine().store();
    store
        .write(move |writing| {
            setting::set(writing, LANGUAGE, &language)?;
            setting::set(writing, THEME, &theme)?;
            if let Some(bytes) = fetch_up_to {
                setting::set(writing, BY_ITSELF, &bytes.to_string())?;
            }
            if let Some(sends) = enter_sends {
                setting::set(writing, ENTER_SENDS, if sends { "1" } else { "0" })?;
            }
            if let Some(tells) = tell_typing {
                setting::set(writing, TELL_TYPING, if tells { "1" } else { "0" })?;
            }
            if let Some(seconds) = undo_seconds {
                setting::set(writing, UNDO_SECONDS, &seconds.to_string())?;
            }
            setting::set(writing, engine::KeepMessages::SETTING, keep.as_str())?;
            setting::set(writing, engine::MediaShare::SETTING, share.as_str())?;
            setting::set(writing, Level::SETTING, level.as_str())
        })
        .await?;
    Ok(read_settings(store).await?)
}

pub(crate) async fn set_view(shop: &Shop, args: ViewSet) -> Result<(), ApiError> {
    shop.engine().set_view(args.chat_id.map(ChatId), args.focused);
    Ok(())
}

pub(crate) async fn gateways(shop: &Shop, _: NoArgs) -> Result<Vec<GatewayView>, ApiError> {
    let views = shop.engine().drivers().iter().map(|driver| {
        let kind = driver.kind();
        GatewayView {
            kind: kind.as_str().to_owned(),
            name: kind.name().to_owned(),
            practice: kind.is_practice(),
            fields: driver.needs().fields.iter().map(Into::into).collect(),
        }
    });
    Ok(views.collect())
}

/// The gateway of this word.
pub(super) fn gateway(word: &str) -> Result<GatewayKind, ApiError> {
    GatewayKind::from_word(word).ok_or_else(|| ErrorCode::BadRequest.into())
}

/// What was given for a gateway. From here on its secrets are never logged.
pub(super) fn given(
    shop: &Shop,
    fields: Option<GivenFields>,
    url: Option<String>,
    token: Option<String>,
) -> LinkConfig {
    let mut fields = fields.unwrap_or_default();
    let shorthands = [(FieldKey::Url, url), (FieldKey::Token, token)];
    fields.extend(
        shorthands
            .into_iter()
            .filter_map(|(key, text)| Some((key, text?))),
    );
    let config = fields.iter().fold(LinkConfig::default(), |config, (key, text)| {
        config.with((*key).into(), text)
    });
    config
        .secrets()
        .for_each(|(_, secret)| shop.logs().never_tell(secret));
    config
}

/// Why a test of a connection came to nothing.
fn why_not_tested(error: EngineError) -> ApiError {
    match error {
        // Asked by the gateway's own first question, a server answers what no gateway of this kind does.
        EngineError::Gateway(Failure::Unknown {
            cause: UnknownCause::UnexpectedStatus(_) | UnknownCause::Malformed | UnknownCause::TooLarge,
        }) => ApiError::of(ErrorCode::AnotherServer),
        other => other.into(),
    }
}

/// The same of one that was not reached, with how far one comes.
async fn how_far(shop: &Shop, kind: GatewayKind, config: &LinkConfig, error: ApiError) -> ApiError {
    if error.code != ErrorCode::GatewayUnreachable {
        return error;
    }
    let why = match shop.engine().why_unreached(kind, config).await {
        Ok(Some(Unreached::NameNotFound)) => "name_not_found",
        Ok(Some(Unreached::NobodyThere)) => "nobody_there",
        Ok(Some(Unreached::Unsafe)) => "unsafe",
        Ok(Some(Unreached::TooSlow)) => "too_slow",
        Ok(None) | Err(_) => return error,
    };
    error.with("why", why)
}

pub(crate) async fn test_gateway(shop: &Shop, args: GatewayTestArgs) -> Result<GatewayTest, ApiError> {
    let kind = gateway(&args.gateway)?;
    let config = given(shop, args.fields, args.url, args.token);
    let health = match shop.engine().test_gateway(kind, config.clone()).await {
        Ok(health) => health,
        Err(error) => return Err(how_far(shop, kind, &config, why_not_tested(error)).await),
    };
    Ok(match health {
        LinkHealth::Linked { own } => GatewayTest {
            state: GatewayTestState::Linked,
            own_number: own.as_ref().and_then(number),
        },
        LinkHealth::NotLinked => GatewayTest {
            state: GatewayTestState::NotLinked,
            own_number: None,
        },
        LinkHealth::Starting => GatewayTest {
            state: GatewayTestState::Starting,
            own_number: None,
        },
    })
}

#[cfg(test)]
mod tests {
    use mostrador_domain::NotSentCause;

    use super::*;

    #[test]
    fn a_gateway_that_does_not_answer_in_time_is_not_taken_for_another_server() {
        let of = |cause| why_not_tested(Failure::Unknown { cause }.into()).code;
        for silent in [
            UnknownCause::TimedOut,
            UnknownCause::Cut,
            UnknownCause::ServerError(503),
        ] {
            assert_eq!(
                of(silent),
                ErrorCode::GatewayError,
                "{silent}: it may be well in a minute"
            );
        }
        for other in [
            UnknownCause::UnexpectedStatus(404),
            UnknownCause::Malformed,
            UnknownCause::TooLarge,
        ] {
            assert_eq!(
                of(other),
                ErrorCode::AnotherServer,
                "{other}: no gateway of this kind says so"
            );
        }
        let nobody = Failure::NotSent {
            cause: NotSentCause::Unreachable,
            retry_after: None,
        };
        assert_eq!(
            why_not_tested(nobody.into()).code,
            ErrorCode::GatewayUnreachable,
            "nobody is there at all"
        );
    }
}

//! Spelling: the web view underlines what its dictionaries do not know.
//!
//! WebKitGTK does so only when it is told to, and in which languages: the window's, as this country writes it if the system
//! says so, and then any dictionary of the language. Which dictionaries there are is the system's affair (`hunspell-es` and its
//! like); without one nothing is underlined. The web views of Windows and macOS go by the person's own settings.

use mostrador_api::dto::{AppEvent, Change, Language};
use tauri::{AppHandle, Manager as _};

use crate::opening::Door;
use crate::{window, words};

/// Spells in the shop's language, whichever that becomes.
pub(crate) async fn run(app: AppHandle, door: Door) {
    let shop = door.shop().await;
    let mut events = shop.events();
    let mut spelt = None;
    loop {
        let language = words::of_shop(&shop).await;
        if spelt != Some(language) {
            spell(&app, languages(language, system_locale().as_deref()));
            spelt = Some(language);
        }
        loop {
            match events.next().await {
                Some(event) if concerns(&event) => break,
                Some(_) => {}
                None => return std::future::pending().await,
            }
        }
    }
}

fn concerns(event: &AppEvent) -> bool {
    match event {
        AppEvent::Changed { changes, .. } => changes.contains(&Change::Settings),
        AppEvent::Reload { .. } => true,
        _ => false,
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn spell(app: &AppHandle, languages: Vec<String>) {
    use webkit2gtk::{WebContextExt as _, WebViewExt as _};
    let Some(window) = app.get_webview_window(window::MAIN) else {
        return;
    };
    let told = window.with_webview(move |view| {
        if let Some(context) = view.inner().context() {
            let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
            context.set_spell_checking_languages(&languages);
            context.set_spell_checking_enabled(true);
        }
    });
    if let Err(error) = told {
        tracing::warn!(%error, "spelling is not checked");
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn spell(_app: &AppHandle, _languages: Vec<String>) {}

/// As POSIX has it: the first of these variables that is set.
fn system_locale() -> Option<String> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|locale| !locale.is_empty())
}

/// The dictionaries to ask for, in order: `es_PE` and `es` for Spanish in Peru.
fn languages(language: Language, locale: Option<&str>) -> Vec<String> {
    let of_system = locale
        .and_then(|locale| locale.split(['.', '@']).next())
        .map(|locale| locale.replace('-', "_"))
        .filter(|locale| Language::of_locale(locale) == Some(language) && locale.len() == 5);
    let usual = match language {
        Language::Es => "es",
        Language::PtBr => "pt_BR",
        Language::En => "en",
    };
    let mut languages: Vec<String> = of_system.into_iter().collect();
    if languages.iter().all(|known| known != usual) {
        languages.push(usual.to_owned());
    }
    languages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_windows_language_is_spelt_as_the_country_does_if_that_is_known() {
        for (language, locale, expected) in [
            (Language::Es, Some("es_PE.UTF-8"), &["es_PE", "es"][..]),
            (Language::Es, Some("es-MX"), &["es_MX", "es"]),
            (Language::Es, Some("en_US.UTF-8"), &["es"]),
            (Language::PtBr, Some("pt_BR.UTF-8@euro"), &["pt_BR"]),
            (Language::PtBr, Some("pt_PT"), &["pt_PT", "pt_BR"]),
            (Language::En, Some("en_GB"), &["en_GB", "en"]),
            (Language::En, Some("C"), &["en"]),
            (Language::En, Some("en/../../x"), &["en"]),
            (Language::Es, None, &["es"]),
        ] {
            assert_eq!(
                languages(language, locale),
                expected,
                "{language:?} on {locale:?}"
            );
        }
    }
}

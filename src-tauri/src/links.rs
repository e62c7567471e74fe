//! Which addresses of the outside the desktop may be asked to open, in a program of its own.
//!
//! The page shows the person where a link leads and asks first. What it then asks for is checked here once more, because an
//! address that reaches the desktop can start any program that has claimed its scheme: only the web, a letter and a telephone
//! are passed on, and of these only what names somewhere and nothing more.

use url::Url;

/// Longer ones are nobody's to type, and some desktops cut them.
const MAX_BYTES: usize = 2_048;

/// The address as it is passed on, if it may be.
pub fn openable(address: &str) -> Option<Url> {
    let plain = address.len() <= MAX_BYTES
        && !address
            .chars()
            .any(|sign| sign.is_control() || sign.is_whitespace() || is_unseen(sign));
    let url = Url::parse(address).ok().filter(|_| plain)?;
    let may = match url.scheme() {
        "http" | "https" => leads_to_a_host(&url),
        "mailto" => names_only(&url, is_of_an_address),
        "tel" => names_only(&url, is_of_a_number),
        _ => false,
    };
    may.then_some(url)
}

/// Signs that are not seen, or that turn the order of what is read.
pub(crate) fn is_unseen(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Unicode's explicit direction marks: embeddings, overrides and isolates.
pub(crate) fn turns_text(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `https://bank.example@evil.example` names another host than it seems to.
fn leads_to_a_host(url: &Url) -> bool {
    let named = url
        .host_str()
        .is_some_and(|host| !host.is_empty() && host.len() <= 253);
    named && url.username().is_empty() && url.password().is_none()
}

/// What a letter says, who else gets it and what goes with it is not an outsider's to fill in.
fn names_only(url: &Url, fits: fn(char) -> bool) -> bool {
    let name = url.path();
    !name.is_empty()
        && !name.starts_with('-')
        && name.chars().all(fits)
        && url.query().is_none()
        && url.fragment().is_none()
}

fn is_of_an_address(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '.' | '_' | '+' | '-' | '@')
}

fn is_of_a_number(sign: char) -> bool {
    sign.is_ascii_digit() || matches!(sign, '+' | '-' | '.' | '(' | ')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_a_letter_and_a_telephone_are_opened() {
        for address in [
            "https://shop.example/",
            "http://shop.example/menu?day=1#bread",
            "https://shop.example:8443/a",
            "https://xn--pan-8ma.example/",
            "https://ñandú.example/pan",
            "mailto:shop@shop.example",
            "mailto:shop+orders@shop.example",
            "tel:+51900000001",
            "tel:900-000-001",
        ] {
            assert!(openable(address).is_some(), "{address} leads somewhere");
        }
    }

    #[test]
    fn an_address_is_passed_on_as_it_will_be_read() {
        let url = openable("https://ñandú.example/pan y leche").map(String::from);
        assert_eq!(url, None, "a space ends an address");
        let url = openable("HTTPS://SHOP.example/%41").map(String::from);
        assert_eq!(
            url.as_deref(),
            Some("https://shop.example/%41"),
            "one spelling of it"
        );
    }

    #[test]
    fn nothing_else_is_opened() {
        let hostile = [
            "",
            " ",
            "shop.example",
            "/etc/passwd",
            "\\\\evil.example\\share",
            "//evil.example/",
            "C:\\Windows\\System32\\calc.exe",
            "c:/windows/system32/calc.exe",
            "file:///etc/passwd",
            "file://evil.example/share/a.exe",
            "FILE:///etc/passwd",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "vbscript:msgbox(1)",
            "data:text/html,<script>alert(1)</script>",
            "blob:https://shop.example/0b5e",
            "about:blank",
            "view-source:https://shop.example/",
            "ftp://shop.example/a",
            "sftp://shop.example/a",
            "ssh://shop.example",
            "ssh://-oProxyCommand=calc/x",
            "telnet://shop.example",
            "smb://evil.example/share",
            "nfs://evil.example/share",
            "ldap://evil.example/x",
            "gopher://evil.example/",
            "ws://shop.example/",
            "ms-msdt:/id PCWDiagnostic",
            "search-ms:query=x&crumb=location:\\\\evil.example",
            "ms-officecmd:%7B%7D",
            "ms-settings:privacy",
            "shell:startup",
            "steam://run/1",
            "vscode://file/etc/passwd",
            "intent://scan/#Intent;scheme=zxing;end",
            "sms:+51900000001",
            "skype:echo123?call",
            "whatsapp://send?text=x",
            "facetime:somebody",
            "help:x",
            "apt:evil",
            "mhtml:http://evil.example/a.mht",
            "jar:http://evil.example/a.jar!/",
            "tauri://localhost/",
            "ipc://localhost/app_status",
            "media://localhost/1",
            "http:",
            "http://",
            "https://",
            "https://bank.example@evil.example/",
            "https://bank.example:pw@evil.example/",
            "https://:pw@evil.example/",
            "https://shop.example\n.evil.example/",
            "https://shop.example/\u{202e}gpj.exe",
            "https://shop.exam\u{200b}ple/",
            "https://shop.example/\u{0}",
            "https://shop.example/\r\nHost: evil.example",
            " https://shop.example/",
            "https://shop.example/ --incognito",
            "\u{feff}https://shop.example/",
            "--version",
            "-https://shop.example/",
            "https://[::1",
            "https://exa mple/",
            "https://%00/",
            "mailto:",
            "mailto:?subject=x",
            "mailto:a@shop.example?attach=/etc/passwd",
            "mailto:a@shop.example?bcc=evil@evil.example",
            "mailto:a@shop.example,evil@evil.example",
            "mailto:a@shop.example%0abcc:evil@evil.example",
            "mailto:-a@shop.example",
            "mailto://evil.example/a",
            "mailto:a@shop.example#x",
            "tel:",
            "tel:*21*900000001%23",
            "tel:+51900000001;ext=1",
            "tel:call-me",
            "tel:-1",
            "tel://900000001",
        ];
        assert!(hostile.len() > 60, "a list that is worth the name");
        for address in hostile {
            assert_eq!(openable(address), None, "{address:?} must not reach the desktop");
        }
        let long = format!("https://shop.example/{}", "a".repeat(MAX_BYTES));
        assert_eq!(openable(&long), None, "nobody reads that far");
    }
}

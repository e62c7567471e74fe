//! Where a window may go, and what it may load by address.
//!
//! A content policy does not stop a page from being *replaced*: a link, a form or a refresh can still navigate. So every
//! navigation is held against the one origin that the window was made for, and all others are refused: the UI's own
//! (`tauri://localhost`, or `http://tauri.localhost` where schemes of one's own are not allowed), the development server's
//! while one is used, the practice phone's in its window.

use mostrador_domain::{MediaId, PictureId};
use url::{Origin, Url};

/// Our own scheme for files: `media://localhost/ID`, smaller for pictures: `media://localhost/small/ID`, and for people's
/// pictures: `media://localhost/picture/ID`.
pub const MEDIA_SCHEME: &str = "media";

/// The only place where a window may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// The UI that is built into the program.
    Ui,
    /// The UI as the development server gives it, or the practice phone.
    Server(Url),
}

impl Home {
    /// May the window go there?
    pub fn holds(&self, url: &Url) -> bool {
        match self {
            Self::Ui => is_ui(url),
            Self::Server(server) => same_origin(server, url),
        }
    }
}

/// The origin of the built-in UI, as the web view writes it. While developing it is the server's, which may not read files.
pub fn origin_of_ui() -> &'static str {
    if cfg!(windows) {
        "http://tauri.localhost"
    } else {
        "tauri://localhost"
    }
}

fn is_ui(url: &Url) -> bool {
    let host = match url.scheme() {
        "tauri" => "localhost",
        "http" | "https" => "tauri.localhost",
        _ => return false,
    };
    url.host_str() == Some(host) && url.port().is_none() && has_no_user(url)
}

fn same_origin(server: &Url, url: &Url) -> bool {
    matches!(server.origin(), Origin::Tuple(..)) && server.origin() == url.origin() && has_no_user(url)
}

/// `http://tauri.localhost@evil.example` names another host; its look-alike inverse is refused as well.
fn has_no_user(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

/// What an address of our own scheme names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A customer's file: `/12`.
    File(MediaId),
    /// The same, a picture that is shown small: `/small/12`.
    Small(MediaId),
    /// The small copy of somebody's picture: `/picture/12`.
    Picture(PictureId),
}

/// What a path names, by its id. Anything else names nothing; a path of a file least of all.
pub fn named(path: &str) -> Option<Named> {
    let path = path.strip_prefix('/')?;
    match path.split_once('/') {
        Some(("picture", id)) => whole(id).map(|id| Named::Picture(PictureId(id))),
        Some(("small", id)) => whole(id).map(|id| Named::Small(MediaId(id))),
        Some(_) => None,
        None => whole(path).map(|id| Named::File(MediaId(id))),
    }
}

fn whole(digits: &str) -> Option<i64> {
    let plain =
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
}

/// The practice phone's address with the language that its page should speak, and the number that it is about.
pub fn phone_in(phone: &str, language: &str, number: u64) -> Option<Url> {
    let mut url = Url::parse(phone).ok().filter(|url| url.scheme() == "http")?;
    url.query_pairs_mut()
        .clear()
        .append_pair("lang", language)
        .append_pair("device", &number.to_string());
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn the_window_stays_at_the_ui() {
        for own in [
            "tauri://localhost",
            "tauri://localhost/index.html#chats",
            "http://tauri.localhost/",
        ] {
            assert!(Home::Ui.holds(&url(own)), "{own} is the UI");
        }
    }

    #[test]
    fn the_window_goes_nowhere_else() {
        let elsewhere = [
            "https://shop.example/",
            "http://localhost/",
            "http://127.0.0.1:5173/",
            "http://tauri.localhost:8080/",
            "http://tauri.localhost.evil.example/",
            "http://tauri.localhost@evil.example/",
            "http://user@tauri.localhost/",
            "tauri://evil.example/",
            "tauri://localhost.evil.example/",
            "ipc://localhost/app_status",
            "media://localhost/1",
            "file:///etc/passwd",
            "data:text/html,<h1>hello</h1>",
            "javascript:alert(1)",
            "vbscript:msgbox(1)",
            "about:blank",
            "blob:tauri://localhost/0b5e",
        ];
        for address in elsewhere {
            assert!(
                !Home::Ui.holds(&url(address)),
                "{address} must not replace the UI"
            );
        }
    }

    #[test]
    fn a_window_of_a_server_stays_at_its_origin() {
        let home = Home::Server(url("http://127.0.0.1:4000/phone?lang=es"));
        assert!(
            home.holds(&url("http://127.0.0.1:4000/phone?lang=en")),
            "the same server"
        );
        for address in [
            "http://127.0.0.1:4001/phone",
            "http://localhost:4000/phone",
            "https://127.0.0.1:4000/phone",
            "http://user@127.0.0.1:4000/phone",
            "tauri://localhost/",
            "data:text/html,x",
            "about:blank",
        ] {
            assert!(!home.holds(&url(address)), "{address} is another place");
        }
    }

    #[test]
    fn an_address_without_an_origin_is_nobodys_home() {
        let opaque = Home::Server(url("data:text/html,x"));
        assert!(
            !opaque.holds(&url("data:text/html,x")),
            "every page of such an address would be at home"
        );
    }

    #[test]
    fn only_plain_numbers_name_a_file_or_a_picture() {
        assert_eq!(named("/12"), Some(Named::File(MediaId(12))), "a file's id");
        assert_eq!(
            named("/picture/12"),
            Some(Named::Picture(PictureId(12))),
            "a picture's id"
        );
        for path in [
            "",
            "/",
            "12",
            "/012",
            "/0",
            "/-1",
            "/+1",
            "/1/2",
            "/1.png",
            "/../1",
            "/%31",
            "/1 ",
            "/٣",
            "/99999999999999999999",
            "/picture",
            "/picture/",
            "/picture/../1",
            "/picture/1/2",
            "/picture/01",
            "/picture//1",
            "/pictures/1",
        ] {
            assert_eq!(named(path), None, "{path:?} names nothing");
        }
    }

    #[test]
    fn the_phone_speaks_the_windows_language() {
        let phone = phone_in("http://127.0.0.1:4000/phone", "pt-BR", 2).expect("an address");
        assert_eq!(
            phone.as_str(),
            "http://127.0.0.1:4000/phone?lang=pt-BR&device=2",
            "the page reads both there"
        );
        assert_eq!(
            phone_in("file:///phone", "es", 0),
            None,
            "only a page that was served is opened"
        );
        assert_eq!(
            phone_in("not an address", "es", 0),
            None,
            "nothing is opened for what is no address"
        );
    }
}

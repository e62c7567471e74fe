//! Where a gateway may be: https anywhere, plain http on this computer only.
//!
//! The token travels with every call, so plain http to another computer would hand it to the network. An address
//! with a user name, a query or a fragment is a slip of whoever typed it, and is refused rather than half used.
//!
//! What a gateway says of pictures leads elsewhere. It may lead to the internet, by https, and not into the shop's own network; a
//! gateway on this computer may also point at itself. Its pictures lie at WhatsApp's as everybody's do.

use url::{Host, Url};

use super::Path;
use crate::{FieldKey, OpenError};

/// A gateway's address that keeps the rules above; its path ends in a slash.
pub(crate) struct GatewayAddress(Url);

impl GatewayAddress {
    /// Checks an address.
    pub(crate) fn new(url: &Url) -> Result<Self, OpenError> {
        let plain_is_safe = is_loopback(url);
        let scheme_allowed = match url.scheme() {
            "https" => true,
            "http" => plain_is_safe,
            _ => false,
        };
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !scheme_allowed || !bare || url.host().is_none() {
            return Err(OpenError::Invalid(FieldKey::Url));
        }
        let mut url = url.clone();
        if !url.path().ends_with('/') {
            let with_slash = format!("{}/", url.path());
            url.set_path(&with_slash);
        }
        Ok(Self(url))
    }

    /// As it is written in front of a path.
    pub(crate) fn base(&self) -> String {
        self.0.as_str().trim_end_matches('/').to_owned()
    }

    /// Is it on this computer?
    pub(crate) fn is_local(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Does it need TLS?
    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// May a picture be fetched there, as this gateway says?
    pub(crate) fn may_point_at(&self, url: &Url) -> bool {
        let bare = url.username().is_empty() && url.password().is_none();
        let out = url.scheme() == "https" && url.port().is_none() && is_on_the_internet(url);
        bare && (out || self.is_itself(url))
    }

    /// Is it the gateway's own, and on this computer?
    pub(crate) fn is_itself(&self, url: &Url) -> bool {
        self.is_local() && url.scheme() == self.0.scheme() && url.origin() == self.0.origin()
    }

    /// The address of `path` below this one.
    pub(crate) fn of(&self, path: &Path) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.segments());
        }
        if !path.query_pairs().is_empty() {
            url.query_pairs_mut().extend_pairs(path.query_pairs());
        }
        url
    }
}

/// Names that only a network of one's own knows.
const AT_HOME: &[&str] = &[
    "local",
    "localhost",
    "internal",
    "lan",
    "home",
    "intranet",
    "arpa",
];

/// Has it a name as hosts on the internet have? No number passes: most numbers that somebody would slip in here are at home.
fn is_on_the_internet(url: &Url) -> bool {
    let Some(Host::Domain(name)) = url.host() else {
        return false;
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name.rsplit_once('.')
        .is_some_and(|(_, last)| !AT_HOME.contains(&last))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        // RFC 6761 keeps this one name for the computer itself.
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<GatewayAddress, OpenError> {
        GatewayAddress::new(&Url::parse(text).expect("the test's own address parses"))
    }

    #[test]
    fn plain_http_is_for_this_computer_only() {
        for good in [
            "https://gateway.example",
            "http://127.0.0.1:8000",
            "http://[::1]:8000/",
            "http://localhost:8000",
        ] {
            assert!(checked(good).is_ok(), "{good} keeps the token safe");
        }
        for bad in [
            "http://gateway.example",
            "http://192.0.2.7:8000",
            "http://localhost.example",
            "ftp://127.0.0.1",
        ] {
            assert_eq!(
                checked(bad).err(),
                Some(OpenError::Invalid(FieldKey::Url)),
                "{bad} would hand the token to the network"
            );
        }
    }

    #[test]
    fn an_address_with_more_than_a_place_is_refused() {
        for bad in [
            "https://u:p@gateway.example",
            "https://gateway.example/?token=x",
            "https://gateway.example/#x",
        ] {
            assert_eq!(
                checked(bad).err(),
                Some(OpenError::Invalid(FieldKey::Url)),
                "{bad} is more than a place"
            );
        }
    }

    #[test]
    fn paths_go_below_the_address_and_outside_values_stay_one_segment() {
        let path = Path::with("/messages/list/{ChatID}", "a/b?c#d%2e")
            .expect("a plain value")
            .query("count", 5);
        for base in ["https://gateway.example/api", "https://gateway.example/api/"] {
            let url = checked(base).expect("a good address").of(&path);
            assert_eq!(
                url.as_str(),
                "https://gateway.example/api/messages/list/a%2Fb%3Fc%23d%252e?count=5",
                "a value from outside must not change the path"
            );
        }
    }

    fn points_at(gateway: &str, url: &str) -> bool {
        let url = Url::parse(url).expect("the test's own address parses");
        checked(gateway).expect("a good address").may_point_at(&url)
    }

    #[test]
    fn a_picture_lies_on_the_internet_and_never_at_home() {
        let gateway = "https://gateway.example/api";
        assert!(
            points_at(gateway, "https://pps.pictures.example/v/1.jpg?oh=a&oe=b"),
            "where pictures lie"
        );
        for bad in [
            "http://pps.pictures.example/1.jpg",
            "https://pps.pictures.example:8443/1.jpg",
            "https://u:p@pps.pictures.example/1.jpg",
            "https://127.0.0.1/1.jpg",
            "https://192.168.1.1/1.jpg",
            "https://[::1]/1.jpg",
            "https://[fe80::1]/1.jpg",
            "https://router/1.jpg",
            "https://localhost/1.jpg",
            "https://printer.local/1.jpg",
            "https://printer.LAN./1.jpg",
            "ftp://pps.pictures.example/1.jpg",
            "file:///etc/passwd",
            "data:image/png;base64,AA",
        ] {
            assert!(!points_at(gateway, bad), "{bad} is no place for a picture");
        }
    }

    #[test]
    fn a_gateway_on_this_computer_points_at_itself_and_at_the_internet_and_never_at_home() {
        let gateway = "http://127.0.0.1:8000/api";
        for good in [
            "http://127.0.0.1:8000/pictures/1",
            "https://pps.pictures.example/1.jpg",
        ] {
            assert!(points_at(gateway, good), "{good}: itself, or where pictures lie");
        }
        for bad in [
            "http://127.0.0.1:8001/pictures/1",
            "https://127.0.0.1:8000/pictures/1",
            "http://localhost:8000/pictures/1",
            "http://pps.pictures.example/1.jpg",
            "https://192.168.1.1/1.jpg",
            "https://[fe80::1]/1.jpg",
            "https://localhost/1.jpg",
            "https://printer.local/1.jpg",
        ] {
            assert!(!points_at(gateway, bad), "{bad} is somewhere else");
        }
    }

    #[test]
    fn only_loopback_is_local() {
        assert!(
            checked("http://127.0.0.1:1").expect("good").is_local(),
            "127.0.0.1 is this computer"
        );
        assert!(
            !checked("https://gateway.example").expect("good").is_local(),
            "another computer is not"
        );
    }
}

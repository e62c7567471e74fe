//! Where a gateway may be: https anywhere, plain http on this computer only.
//!
//! The token travels with every call, so plain http to another computer would hand it to the network. An address
//! with a user name, a query or a fragment is a slip of whoever typed it, and is refused rather than half used.

use url::{Host, Url};

use super::Path;
use crate::OpenError;

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
            return Err(OpenError::UrlInvalid);
        }
        let mut url = url.clone();
        if !url.path().ends_with('/') {
            let with_slash = format!("{}/", url.path());
            url.set_path(&with_slash);
        }
        Ok(Self(url))
    }

    /// Is it on this computer?
    pub(crate) fn is_local(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Does it need TLS?
    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
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
                Some(OpenError::UrlInvalid),
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
                Some(OpenError::UrlInvalid),
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

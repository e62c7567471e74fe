//! Where a tunnel begins that the shop brings: an address on the internet, from which calls reach our listener.
//!
//! It is a place and no more: `https`, a host, and if the tunnel shares that host with others, the beginning of a path. Plain
//! `http` is for this computer alone (a tunnel that ends here and begins here too, as in tests): anywhere else customers' messages
//! would be read on the way. People paste what their tunnel prints, so a missing `https://` and a slash at the end do no harm.

use mostrador_gateways::WebhookTarget;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::{Mark, PREFIX};

/// No tunnel's address is longer.
const LONGEST: usize = 300;

/// An address at which we can be called from the internet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicAddress(Url);

/// Why something is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressProblem {
    /// It cannot be read as an address, or it has no host.
    #[error("not an address")]
    NotAnAddress,
    /// Whoever listens on the way would read along.
    #[error("not https")]
    NotHttps,
    /// There is a user name or a password in it.
    #[error("with a user name")]
    UserInfo,
    /// It has a `?` and what follows.
    #[error("with a query")]
    Query,
    /// It has a `#` and what follows.
    #[error("with a fragment")]
    Fragment,
    /// It is longer than any.
    #[error("too long")]
    TooLong,
}

impl PublicAddress {
    /// What somebody typed, as an address.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(typed: &str) -> Result<Self, AddressProblem> {
        let typed = typed.trim();
        if typed.len() > LONGEST {
            return Err(AddressProblem::TooLong);
        }
        let whole = if typed.contains("://") {
            typed.to_owned()
        } else {
            format!("https://{typed}")
        };
        let mut url = Url::parse(&whole).map_err(|_| AddressProblem::NotAnAddress)?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(AddressProblem::NotAnAddress);
        }
        let safe = url.scheme() == "https" || (url.scheme() == "http" && is_this_computer(&url));
        let faults = [
            (!safe, AddressProblem::NotHttps),
            (
                !url.username().is_empty() || url.password().is_some(),
                AddressProblem::UserInfo,
            ),
            (url.query().is_some(), AddressProblem::Query),
            (url.fragment().is_some(), AddressProblem::Fragment),
        ];
        if let Some((_, problem)) = faults.into_iter().find(|(wrong, _)| *wrong) {
            return Err(problem);
        }
        let beginning = url.path().trim_end_matches('/').to_owned();
        url.set_path(&beginning);
        Ok(Self(url))
    }

    /// As it is stored and shown: without a slash at its end.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The host, as a call names it.
    pub(super) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Where its own path ends and ours begins: empty, or `/caja`.
    pub(super) fn beginning(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    /// The first part of our paths there, by which a registration of ours is known.
    pub(crate) fn prefix(&self, mark: &Mark) -> String {
        format!("{}{}", self.beginning(), mark.prefix())
    }

    /// The whole address of a call whose secret is this.
    pub(super) fn of(&self, secret: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{PREFIX}{secret}", self.beginning()));
        url
    }

    /// Where a gateway is to call.
    pub(super) fn target(&self, secret: &SecretString, header: (String, SecretString)) -> WebhookTarget {
        WebhookTarget {
            url: self.of(secret.expose_secret()),
            header: Some(header),
        }
    }
}

fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SeededChance;

    fn parsed(typed: &str) -> PublicAddress {
        PublicAddress::parse(typed).unwrap_or_else(|problem| panic!("{typed}: {problem}"))
    }

    #[test]
    fn what_a_tunnel_prints_is_taken_as_it_is_pasted() {
        for (typed, stored) in [
            ("https://shop.example", "https://shop.example"),
            ("  https://shop.example/ ", "https://shop.example"),
            ("shop.example", "https://shop.example"),
            ("SHOP.example:8443", "https://shop.example:8443"),
            ("https://shop.example/caja/1/", "https://shop.example/caja/1"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost:8080/t", "http://localhost:8080/t"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(parsed(typed).as_str(), stored, "{typed:?}");
            assert_eq!(
                parsed(stored).as_str(),
                stored,
                "what is stored can be read again"
            );
        }
    }

    #[test]
    fn what_is_more_or_less_than_a_place_is_refused() {
        for (typed, problem) in [
            ("", AddressProblem::NotAnAddress),
            ("https://", AddressProblem::NotAnAddress),
            ("dos palabras", AddressProblem::NotAnAddress),
            ("http://shop.example", AddressProblem::NotHttps),
            ("http://192.0.2.7", AddressProblem::NotHttps),
            ("http://localhost.example", AddressProblem::NotHttps),
            ("ftp://shop.example", AddressProblem::NotHttps),
            ("https://ana@shop.example", AddressProblem::UserInfo),
            ("https://:x@shop.example", AddressProblem::UserInfo),
            ("https://shop.example/?a=1", AddressProblem::Query),
            ("https://shop.example/#a", AddressProblem::Fragment),
        ] {
            assert_eq!(PublicAddress::parse(typed), Err(problem), "{typed:?}");
        }
        let long = format!("https://shop.example/{}", "a".repeat(LONGEST));
        assert_eq!(PublicAddress::parse(&long), Err(AddressProblem::TooLong));
    }

    #[test]
    fn our_path_follows_its_own() {
        let address = parsed("https://shop.example/caja/");
        let mark = Mark::new(&SeededChance::new(1));
        assert_eq!(
            address.prefix(&mark),
            format!("/caja/mostrador-hook/{}", mark.word())
        );
        assert_eq!(
            address.of("abc").as_str(),
            "https://shop.example/caja/mostrador-hook/abc"
        );
        assert_eq!(parsed("https://shop.example").prefix(&mark), mark.prefix());
    }
}

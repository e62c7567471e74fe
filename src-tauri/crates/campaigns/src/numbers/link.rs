//! Numbers inside links and WhatsApp addresses.
//!
//! | Written | Read |
//! |---|---|
//! | `tel:+51…`, `callto:`, `sms:` | what follows, up to `;` or `?` |
//! | `https://wa.me/51…`, `wa.me/51…` | the path: always with its country's code |
//! | `https://api.whatsapp.com/send?phone=51…`, `whatsapp://send?phone=51…` | the value of `phone`, the same |
//! | `51…@s.whatsapp.net`, `51…@c.us` | the number of the address |
//! | `…@lid`, `…@g.us`, `…@broadcast`, `…@newsletter` | none |

use mostrador_domain::{Address, AddressKind};

use super::{Country, NotANumber, Reading, Repair, plan, several};

/// `None`: the cell is neither a link nor an address.
pub(super) fn read(text: &str, country: Option<Country>) -> Option<Reading> {
    let lower = text.to_ascii_lowercase();
    if let Some(reading) = address(&lower) {
        return Some(reading);
    }
    for scheme in ["tel:", "callto:", "sms:"] {
        if let Some(rest) = lower
            .strip_prefix(scheme)
            .filter(|rest| !rest.starts_with([' ', '\n']))
        {
            let number = rest.split([';', '?']).next().unwrap_or_default();
            return Some(several::read(number.trim_start_matches('/'), country).after(Repair::Link));
        }
    }
    whatsapp(&lower).map(|number| {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        plan::international(&digits).after(Repair::Link)
    })
}

/// The number of a link to WhatsApp.
fn whatsapp(lower: &str) -> Option<&str> {
    let bare = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"))
        .unwrap_or(lower);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    if let Some(path) = bare.strip_prefix("wa.me/") {
        return path.split(['?', '/', '#']).next();
    }
    let hosts = [
        "api.whatsapp.com/send",
        "web.whatsapp.com/send",
        "whatsapp://send",
    ];
    let query = hosts.iter().find_map(|host| bare.strip_prefix(host))?;
    let value = query
        .trim_start_matches(['/', '?'])
        .split('&')
        .find_map(|pair| pair.strip_prefix("phone="))?;
    Some(value.strip_prefix("%2b").unwrap_or(value))
}

fn address(lower: &str) -> Option<Reading> {
    if lower.contains(char::is_whitespace) {
        return None;
    }
    let address = Address::parse(lower);
    match address.kind() {
        AddressKind::Lid => Some(Reading::NotANumber(NotANumber::HiddenNumber)),
        AddressKind::Group | AddressKind::Channel | AddressKind::Broadcast => {
            Some(Reading::NotANumber(NotANumber::NotAPerson))
        }
        // Bare digits are no address yet: the country may be missing.
        AddressKind::Phone if lower.contains('@') => {
            // `51…:12@s.whatsapp.net` is one of the number's linked devices.
            let digits = address.phone_digits()?.split(':').next()?;
            Some(match digits.bytes().all(|b| b.is_ascii_digit()) {
                true => plan::international(digits),
                false => Reading::NotANumber(NotANumber::Words),
            })
        }
        AddressKind::Phone | AddressKind::Other => None,
    }
}

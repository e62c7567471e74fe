//! Other spellings of one telephone number.
//!
//! Three countries have changed how a mobile number is written, and WhatsApp keeps accounts under both spellings:
//!
//! | country | shorter | longer | source |
//! |---|---|---|---|
//! | Brazil, 55 | area, 8 digits that begin with 6 to 9 | area, 9, the same 8 digits | Anatel, resolution 553/2010: the ninth digit |
//! | Mexico, 52 | 10 digits | 1, the same 10 digits | IFT numbering plan: the 1 was dropped on 2019-08-03 |
//! | Argentina, 54 | 10 digits | 9, the same 10 digits | ENACOM numbering plan: 9 marks a mobile called from abroad |
//!
//! A spelling is never corrected: it only widens the look-up.

use super::Address;

impl Address {
    /// The other spellings of this number; none for what is not a telephone number or has only one.
    ///
    /// If `b` is a variant of `a`, then `a` is one of `b`, and both are of one country.
    pub fn variants(&self) -> Vec<Self> {
        let Some(digits) = self.phone_digits() else {
            return Vec::new();
        };
        let other = brazil(digits)
            .or_else(|| mexico(digits))
            .or_else(|| argentina(digits));
        other.into_iter().map(|digits| Self::parse(&digits)).collect()
    }
}

/// The subscriber's eight digits, if they are a mobile's: landlines begin with 2 to 5 and have no ninth digit.
fn is_brazilian_mobile(eight: &str) -> bool {
    eight.len() == 8 && matches!(eight.as_bytes().first(), Some(b'6'..=b'9'))
}

/// Two digits, neither of them 0.
fn is_brazilian_area(area: &str) -> bool {
    area.len() == 2 && !area.contains('0')
}

fn brazil(digits: &str) -> Option<String> {
    let (area, local) = digits.strip_prefix("55")?.split_at_checked(2)?;
    if !is_brazilian_area(area) {
        return None;
    }
    match local.strip_prefix('9').filter(|rest| rest.len() == 8) {
        Some(eight) => is_brazilian_mobile(eight).then(|| format!("55{area}{eight}")),
        None => is_brazilian_mobile(local).then(|| format!("55{area}9{local}")),
    }
}

fn mexico(digits: &str) -> Option<String> {
    let is_national = |ten: &str| ten.len() == 10 && matches!(ten.as_bytes().first(), Some(b'2'..=b'9'));
    with_or_without("52", "1", digits, is_national)
}

fn argentina(digits: &str) -> Option<String> {
    let is_national = |ten: &str| ten.len() == 10 && matches!(ten.as_bytes().first(), Some(b'1'..=b'3'));
    with_or_without("54", "9", digits, is_national)
}

/// The number with `mark` after its country if it has none, without it if it has one.
fn with_or_without(
    country: &str,
    mark: &str,
    digits: &str,
    is_national: impl Fn(&str) -> bool,
) -> Option<String> {
    let national = digits.strip_prefix(country)?;
    if is_national(national) {
        return Some(format!("{country}{mark}{national}"));
    }
    let unmarked = national.strip_prefix(mark).filter(|rest| is_national(rest))?;
    Some(format!("{country}{unmarked}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn other(digits: &str) -> Option<String> {
        let variants = Address::parse(digits).variants();
        assert!(variants.len() <= 1, "{digits} has one other spelling at the most");
        variants
            .first()
            .and_then(Address::phone_digits)
            .map(str::to_owned)
    }

    #[test]
    fn both_spellings_of_each_country_lead_to_each_other() {
        for (short, long) in [
            ("551187654321", "5511987654321"),
            ("552161234567", "5521961234567"),
            ("559991234567", "5599991234567"),
            ("525512345678", "5215512345678"),
            ("529991234567", "5219991234567"),
            ("541112345678", "5491112345678"),
            ("543511234567", "5493511234567"),
            ("542901123456", "5492901123456"),
        ] {
            assert_eq!(other(short).as_deref(), Some(long), "the longer of {short}");
            assert_eq!(other(long).as_deref(), Some(short), "the shorter of {long}");
        }
    }

    #[test]
    fn what_is_written_in_one_way_only_has_no_other() {
        for digits in [
            "51900000011",
            "551131234567",
            "5511931234567",
            "551012345678",
            "550187654321",
            "55119876543210",
            "5255123456",
            "521551234567",
            "521123456789",
            "54911234567",
            "544112345678",
            "5491112345678901",
            "12025550123",
            "55",
            "",
        ] {
            assert_eq!(other(digits), None, "{digits:?} is left alone");
        }
        for text in [
            "99000000000011@lid",
            "120363000000000001@g.us",
            "551187654321@newsletter",
        ] {
            assert!(
                Address::parse(text).variants().is_empty(),
                "{text} is no telephone number"
            );
        }
    }

    proptest! {
        #[test]
        fn variants_are_mutual_and_stay_in_their_country(digits in "(55|52|54|51|1|598)[0-9]{8,12}") {
            let address = Address::parse(&digits);
            for variant in address.variants() {
                prop_assert_ne!(&variant, &address, "another spelling");
                prop_assert!(variant.variants().contains(&address), "the way back");
                let there = variant.phone_digits().unwrap_or_default().to_owned();
                prop_assert_eq!(there.get(..2), digits.get(..2), "the same country");
                prop_assert_eq!(there.len().abs_diff(digits.len()), 1, "one digit more or less");
                prop_assert_eq!(there.get(there.len() - 8..), digits.get(digits.len() - 8..), "the same subscriber");
            }
        }
    }
}

//! Digits against the numbering plans of the world.
//!
//! A spelling that WhatsApp knows and today's plan does not (Brazil without the ninth digit, Mexico with the 1) is
//! valid if its other spelling is. What was written stays, unless a prefix that is dialled only inside the country has
//! to go.

use mostrador_domain::Address;
use phonenumber::Mode;
use phonenumber::country::Source;
use phonenumber::metadata::{DATABASE, Metadata};

use super::{Country, NotANumber, Number, Reading, Repair};

/// E.164: no number has more.
const LONGEST: usize = 15;

/// `digits` begin with a country's code.
pub(super) fn international(digits: &str) -> Reading {
    if digits.len() > LONGEST + 2 {
        return Reading::NotANumber(NotANumber::TooLong);
    }
    if let Some(country) = valid(digits) {
        return rounded(Number::new(digits, Some(country)), Vec::new());
    }
    match phonenumber::parse(None, format!("+{digits}")) {
        Ok(parsed) if parsed.is_valid() && e164(&parsed) != digits => {
            let number = Number::new(&e164(&parsed), country_of(&parsed));
            Reading::of(number, vec![Repair::TrunkPrefix])
        }
        Ok(parsed) => of_unknown_range(digits, parsed.code().value()),
        Err(phonenumber::ParseError::InvalidCountryCode) => Reading::NotANumber(NotANumber::NoSuchCountry),
        Err(phonenumber::ParseError::TooLong) => Reading::NotANumber(NotANumber::TooLong),
        Err(_) => Reading::NotANumber(NotANumber::TooShort),
    }
}

/// `digits` were written without `+`: a number of `country`, with or without its code, or else another country's.
pub(super) fn national(digits: &str, country: Option<Country>) -> Reading {
    if digits.len() > LONGEST + 4 {
        return Reading::NotANumber(NotANumber::TooLong);
    }
    let Some(country) = country else {
        return match digits.len() < 6 {
            true => Reading::NotANumber(NotANumber::TooShort),
            false => Reading::NeedsCountry,
        };
    };
    if !may_lack_a_plus(digits, country)
        && let Some(reading) = complete(digits, country).or_else(|| completed(digits, country))
    {
        return reading;
    }
    match international(digits) {
        Reading::Good(number) => Reading::of(number, vec![Repair::PlusAdded]),
        _ => of_unknown_length(digits, country),
    }
}

/// With the code of Mexico before it, a number of the United States or Canada is one with the 1 of Mexico's old mobiles, which hardly anybody
/// writes without the 52 before it.
fn may_lack_a_plus(digits: &str, country: Country) -> bool {
    country.iso() == "MX" && digits.len() == 11 && digits.starts_with('1') && valid(digits).is_some()
}

/// The code of `country` is written already.
fn complete(digits: &str, country: Country) -> Option<Reading> {
    let code = country.calling_code().to_string();
    let is_own = digits.starts_with(&code) && valid(digits).is_some();
    is_own.then(|| rounded(Number::new(digits, Some(country)), Vec::new()))
}

/// The number with the code of `country` before it, and without what is dialled only inside.
fn completed(digits: &str, country: Country) -> Option<Reading> {
    let written = format!("{}{digits}", country.calling_code());
    if let Some(found) = valid(&written) {
        return Some(rounded(
            Number::new(&written, Some(found)),
            vec![Repair::CountryAdded],
        ));
    }
    if let Some(ten) = mexican_of_old(digits, country) {
        return completed(ten, country).map(|reading| reading.after(Repair::TrunkPrefix));
    }
    let parsed = phonenumber::parse(Some(country.0), digits).ok()?;
    let full = e164(&parsed);
    // The plan may know only the longer spelling of what remains without the prefix.
    valid(&full)?;
    let mut repairs = Vec::new();
    if digits.starts_with('0') {
        repairs.push(Repair::TrunkPrefix);
    }
    if is_argentine_local_mobile(&full, digits) {
        repairs.push(Repair::LocalMobile);
    }
    if repairs.is_empty() {
        repairs.push(Repair::TrunkPrefix);
    }
    if parsed.code().source() == Source::Default {
        repairs.push(Repair::CountryAdded);
    }
    Some(rounded(Number::new(&full, country_of(&parsed)), repairs))
}

/// Mexico's prefixes 01, 044 and 045 went on 2019-08-03 (IFT), so today's plan does not know them; address books do.
fn mexican_of_old(digits: &str, country: Country) -> Option<&str> {
    let ten = ["01", "044", "045"]
        .iter()
        .find_map(|prefix| digits.strip_prefix(prefix))?;
    (country.iso() == "MX" && ten.len() == 10).then_some(ten)
}

fn is_argentine_local_mobile(full: &str, digits: &str) -> bool {
    full.starts_with("549") && !digits.trim_start_matches('0').starts_with('9') && digits.contains("15")
}

/// The country, if the plan knows the number or its other spelling exactly as written.
fn valid(digits: &str) -> Option<Country> {
    if digits.len() > LONGEST {
        return None;
    }
    let other = Address::parse(digits).variants();
    let spellings = std::iter::once(digits).chain(other.iter().filter_map(Address::phone_digits));
    spellings.into_iter().find_map(|spelling| {
        let parsed = phonenumber::parse(None, format!("+{spelling}")).ok()?;
        (parsed.is_valid() && e164(&parsed) == spelling)
            .then(|| country_of(&parsed))
            .flatten()
    })
}

fn e164(parsed: &phonenumber::PhoneNumber) -> String {
    let written = parsed.format().mode(Mode::E164).to_string();
    written.trim_start_matches('+').to_owned()
}

fn country_of(parsed: &phonenumber::PhoneNumber) -> Option<Country> {
    parsed.country().id().map(Country)
}

/// Six zeros at the end are what a spreadsheet leaves of a number that it has rounded.
fn rounded(number: Number, mut repairs: Vec<Repair>) -> Reading {
    let digits = number.address().phone_digits().unwrap_or_default();
    if digits.ends_with("000000") {
        repairs.push(Repair::PerhapsRounded);
    }
    Reading::of(number, repairs)
}

/// A complete number that the plan does not know, judged by its length.
fn of_unknown_range(digits: &str, code: u16) -> Reading {
    let national = digits.strip_prefix(&code.to_string()).unwrap_or(digits);
    let plans = DATABASE.by_code(&code).unwrap_or_default();
    if plans.iter().any(|plan| has_length(plan, national.len())) {
        let number = Number::new(digits, None);
        return Reading::of(number, vec![Repair::UnknownRange]);
    }
    Reading::NotANumber(wrong_length(&plans, national.len()))
}

/// A national number that the plan of `country` does not know, judged by its length.
fn of_unknown_length(digits: &str, country: Country) -> Reading {
    let Some(plan) = DATABASE.by_id(country.iso()) else {
        return Reading::NotANumber(NotANumber::WrongLength);
    };
    let code = country.calling_code().to_string();
    if let Some(national) = digits
        .strip_prefix(&code)
        .filter(|rest| has_length(plan, rest.len()))
    {
        let number = Number::new(&format!("{code}{national}"), None);
        return Reading::of(number, vec![Repair::UnknownRange]);
    }
    if has_length(plan, digits.len()) && !digits.starts_with('0') {
        let number = Number::new(&format!("{code}{digits}"), None);
        return Reading::of(number, vec![Repair::CountryAdded, Repair::UnknownRange]);
    }
    Reading::NotANumber(wrong_length(&[plan], digits.len()))
}

/// How long mobile numbers are, without the country's code. A landline's length would let a mobile pass that lacks a digit.
fn lengths(plan: &Metadata) -> impl Iterator<Item = usize> {
    let possible = plan
        .descriptors()
        .mobile()
        .into_iter()
        .flat_map(|kind| kind.possible_length());
    possible.map(|length| usize::from(*length))
}

fn has_length(plan: &Metadata, length: usize) -> bool {
    lengths(plan).any(|possible| possible == length)
}

fn wrong_length(plans: &[&Metadata], length: usize) -> NotANumber {
    let all = || plans.iter().flat_map(|plan| lengths(plan));
    match (all().min(), all().max()) {
        (Some(shortest), _) if length < shortest => NotANumber::TooShort,
        (_, Some(longest)) if length > longest => NotANumber::TooLong,
        _ => NotANumber::WrongLength,
    }
}

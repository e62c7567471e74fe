//! What people write as a telephone number, behind the two letters of a country: `PE900 000 010`.

use mostrador_campaigns::numbers::{Country, Number, Reading, read};

pub(crate) fn run(bytes: &[u8]) {
    let Ok(input) = str::from_utf8(bytes) else { return };
    let (iso, text) = input.split_at_checked(2).unwrap_or(("", input));
    let country = Country::of_iso(iso);
    let reading = read(text, country);
    let numbers: Vec<&Number> = match &reading {
        Reading::Several(numbers) => numbers.iter().collect(),
        other => other.number().into_iter().collect(),
    };
    for number in numbers {
        let digits = number.address().phone_digits().unwrap_or_default();
        assert!((7..=15).contains(&digits.len()), "an E.164 number");
        let again = read(&format!("+{digits}"), None);
        assert_eq!(
            again.number().map(Number::address),
            Some(number.address()),
            "what was read is read the same again"
        );
    }
}

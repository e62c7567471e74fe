//! Addresses and telephone numbers, as gateways and people write them.

use mostrador_domain::Address;

pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let address = Address::parse(text);
    assert_eq!(
        Address::parse(address.as_str()),
        address,
        "its full form is read as itself"
    );
    if let Some(digits) = address.phone_digits() {
        assert!(address.as_str().starts_with(digits), "the digits are its own");
    }
    let digits: Vec<usize> = format!("{address:?}")
        .split(|character: char| !character.is_ascii_digit())
        .map(str::len)
        .collect();
    assert!(digits.iter().all(|run| *run < 6), "no number is printed");
}

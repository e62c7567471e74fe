//! Hand-made tables of what people write; each number in them is invented.

use proptest::prelude::*;

use super::*;

/// A verdict in short: `51900000010`, `51900000010 CountryAdded`, `NeedsCountry`, `[a, b]`, `not: TooShort`.
fn short(text: &str, country: &str) -> String {
    let digits = |number: &Number| number.address().phone_digits().unwrap_or_default().to_owned();
    match read(text, Country::of_iso(country)) {
        Reading::Good(number) => digits(&number),
        Reading::Repaired { number, repairs } => {
            let named: Vec<String> = repairs.iter().map(|repair| format!("{repair:?}")).collect();
            format!("{} {}", digits(&number), named.join(" "))
        }
        Reading::NeedsCountry => "NeedsCountry".into(),
        Reading::Several(numbers) => format!("{:?}", numbers.iter().map(digits).collect::<Vec<_>>()),
        Reading::NotANumber(why) => format!("not: {why:?}"),
    }
}

fn holds(country: &str, table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter(|(text, expected)| short(text, country) != *expected)
        .map(|(text, expected)| {
            format!(
                "{text:?} in {country}: expected {expected}, read {}",
                short(text, country)
            )
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn numbers_of_peru() {
    holds(
        "PE",
        &[
            ("51900000010", "51900000010"),
            ("+51 900-000-010", "51900000010"),
            ("(+51) 900.000.010", "51900000010"),
            ("900000010", "51900000010 CountryAdded"),
            ("900 000 010", "51900000010 CountryAdded"),
            ("0051900000010", "51900000010 InternationalPrefix"),
            ("01 234 5678", "5112345678 TrunkPrefix CountryAdded"),
            ("34612345678", "34612345678 PlusAdded"),
            ("90000001", "not: TooShort"),
            ("9000000101", "not: TooLong"),
            ("900000010123456", "not: TooLong"),
        ],
    );
}

#[test]
fn numbers_of_brazil_keep_or_lack_their_ninth_digit_as_written() {
    holds(
        "BR",
        &[
            ("+55 11 98765-4321", "5511987654321"),
            ("5511987654321", "5511987654321"),
            ("+55 11 8765-4321", "551187654321"),
            ("551187654321", "551187654321"),
            ("(11) 98765-4321", "5511987654321 CountryAdded"),
            ("11 8765-4321", "551187654321 CountryAdded"),
            ("(55) 99876-5432", "5555998765432 CountryAdded"),
            ("011 98765-4321", "5511987654321 TrunkPrefix CountryAdded"),
            ("0 15 11 98765-4321", "5511987654321 TrunkPrefix CountryAdded"),
            ("11 3123-4567", "551131234567 CountryAdded"),
            ("34987654321", "5534987654321 CountryAdded"),
            ("98765-4321", "not: TooShort"),
        ],
    );
}

#[test]
fn numbers_of_mexico_keep_or_lack_their_one_as_written() {
    holds(
        "MX",
        &[
            ("+52 55 1234 5678", "525512345678"),
            ("+52 1 55 1234 5678", "5215512345678"),
            ("5215512345678", "5215512345678"),
            ("55 1234 5678", "525512345678 CountryAdded"),
            ("044 55 1234 5678", "525512345678 TrunkPrefix CountryAdded"),
            ("01 55 1234 5678", "525512345678 TrunkPrefix CountryAdded"),
            // Eleven digits from the 1 on may be the United States' as well: somebody has to agree.
            ("14155550123", "14155550123 PlusAdded"),
            ("1 (212) 555-0123", "12125550123 PlusAdded"),
            ("1 951 123 4567", "5219511234567 CountryAdded"),
        ],
    );
}

#[test]
fn numbers_of_argentina_keep_or_lack_their_nine_as_written() {
    holds(
        "AR",
        &[
            ("+54 9 11 2345-6789", "5491123456789"),
            ("+54 11 2345-6789", "541123456789"),
            ("5491123456789", "5491123456789"),
            ("11 2345-6789", "541123456789 CountryAdded"),
            ("011 2345-6789", "541123456789 TrunkPrefix CountryAdded"),
            (
                "011 15 2345-6789",
                "5491123456789 TrunkPrefix LocalMobile CountryAdded",
            ),
            ("11 15 2345-6789", "5491123456789 LocalMobile CountryAdded"),
            ("9 11 2345-6789", "5491123456789 CountryAdded"),
        ],
    );
}

#[test]
fn numbers_of_colombia_chile_spain_portugal_and_the_united_states() {
    holds(
        "CO",
        &[
            ("+57 300 123 4567", "573001234567"),
            ("573001234567", "573001234567"),
            ("300 1234567", "573001234567 CountryAdded"),
            ("03 300 1234567", "573001234567 TrunkPrefix CountryAdded"),
            ("601 234 5678", "576012345678 CountryAdded"),
        ],
    );
    holds(
        "CL",
        &[
            ("+56 9 8765 4321", "56987654321"),
            ("56987654321", "56987654321"),
            ("9 8765 4321", "56987654321 CountryAdded"),
            ("22 345 6789", "56223456789 CountryAdded"),
            ("8765 4321", "not: TooShort"),
        ],
    );
    holds(
        "ES",
        &[
            ("+34 612 34 56 78", "34612345678"),
            ("612345678", "34612345678 CountryAdded"),
            ("0034 612345678", "34612345678 InternationalPrefix"),
            ("912 345 678", "34912345678 CountryAdded"),
            ("61234567", "not: TooShort"),
        ],
    );
    holds(
        "PT",
        &[
            ("+351 912 345 678", "351912345678"),
            ("912345678", "351912345678 CountryAdded"),
            ("351912345678", "351912345678"),
            ("21 234 5678", "351212345678 CountryAdded"),
        ],
    );
    holds(
        "US",
        &[
            ("+1 (202) 555-0123", "12025550123"),
            ("12025550123", "12025550123"),
            ("(202) 555-0123", "12025550123 CountryAdded"),
            ("202.555.0123 x45", "12025550123 ExtensionDropped CountryAdded"),
            ("555-0123", "not: TooShort"),
        ],
    );
}

#[test]
fn marks_links_and_other_digits_are_read_as_what_they_stand_for() {
    holds(
        "PE",
        &[
            ("'51900000010", "51900000010 Marks"),
            ("'+51900000010", "51900000010 Marks"),
            ("=\"51900000010\"", "51900000010 Marks"),
            ("\u{a0}51 900\u{a0}000\u{202f}010\u{a0}", "51900000010"),
            ("\u{202a}+51 900 000 010\u{202c}", "51900000010 Marks"),
            ("51900\u{200b}000010", "51900000010 Marks"),
            ("\u{feff}51900000010", "51900000010 Marks"),
            (
                "\u{665}\u{661}\u{669}\u{660}\u{660}\u{660}\u{660}\u{660}\u{660}\u{661}\u{660}",
                "51900000010 Marks",
            ),
            ("５１９００００００１０", "51900000010 Marks"),
            ("+51\u{2013}900\u{2011}000\u{2212}010", "51900000010 Marks"),
            ("tel:+51-900-000-010", "51900000010 Link"),
            ("tel:900000010;ext=4", "51900000010 Link CountryAdded"),
            ("https://wa.me/51900000010?text=hola", "51900000010 Link"),
            ("wa.me/51900000010", "51900000010 Link"),
            (
                "https://api.whatsapp.com/send?phone=%2B51900000010&text=x",
                "51900000010 Link",
            ),
            ("whatsapp://send?phone=51900000010", "51900000010 Link"),
            ("51900000010@s.whatsapp.net", "51900000010"),
            ("51900000010:12@s.whatsapp.net", "51900000010"),
            ("51900000010@c.us", "51900000010"),
            ("99000000000011@lid", "not: HiddenNumber"),
            ("120363000000000001@g.us", "not: NotAPerson"),
            ("ana@example.com", "not: Words"),
        ],
    );
}

#[test]
fn a_number_that_a_spreadsheet_has_shortened_is_repaired_only_from_its_own_digits() {
    holds(
        "BR",
        &[
            ("5.51199E+12", "not: Ruined"),
            ("5,51199E+12", "not: Ruined"),
            ("5.5e12", "not: Ruined"),
            ("5.511987654321E+12", "5511987654321 Exponent"),
            ("5,511987654321e12", "5511987654321 Exponent"),
            ("5511987654321.0", "5511987654321 DecimalTail"),
            ("5511987654321,00", "5511987654321 DecimalTail"),
            ("5511990000000", "5511990000000 PerhapsRounded"),
            ("5.51199E+11", "not: Ruined"),
        ],
    );
}

#[test]
fn two_numbers_in_one_cell_are_told_apart_and_a_repeated_one_is_one() {
    holds(
        "PE",
        &[
            ("900000010 / 900000011", r#"["51900000010", "51900000011"]"#),
            ("900000010, 900000011", r#"["51900000010", "51900000011"]"#),
            ("900000010 y 900000011", r#"["51900000010", "51900000011"]"#),
            ("900000010 900000011", r#"["51900000010", "51900000011"]"#),
            ("900 000 010 900 000 011", r#"["51900000010", "51900000011"]"#),
            ("900000010\n+51900000011", r#"["51900000010", "51900000011"]"#),
            ("900000010; 51900000010", "51900000010 WrittenTwice CountryAdded"),
            ("900000010 / casa 12", "51900000010 RestDropped CountryAdded"),
            ("+51 900,000,010", "51900000010"),
        ],
    );
    holds(
        "BR",
        &[(
            "11 98765-4321 ou 11 8765-4321",
            "5511987654321 WrittenTwice CountryAdded",
        )],
    );
}

#[test]
fn words_beside_a_number_are_dropped_only_with_consent() {
    holds(
        "PE",
        &[
            ("Cel: 900 000 010", "51900000010 WordsDropped CountryAdded"),
            ("900000010 (Ana)", "51900000010 WordsDropped CountryAdded"),
            ("900000010 anexo 12", "51900000010 ExtensionDropped CountryAdded"),
            ("pedido 12 de 2026", "not: Words"),
            ("no tiene", "not: Words"),
            ("---", "not: Words"),
            ("", "not: Empty"),
            (" \u{a0}\u{200b}", "not: Empty"),
        ],
    );
}

#[test]
fn a_range_that_the_numbering_plan_does_not_know_is_proposed_and_not_taken() {
    holds(
        "BR",
        &[
            ("+55 20 98765-4321", "5520987654321 UnknownRange"),
            ("20 98765-4321", "5520987654321 CountryAdded UnknownRange"),
        ],
    );
    let reading = read("+55 20 98765-4321", None);
    assert_eq!(
        reading.guesses().collect::<Vec<_>>(),
        [Repair::UnknownRange],
        "somebody has to agree"
    );
}

#[test]
fn a_long_text_is_not_searched_for_numbers() {
    let padded = format!("51900000010{}", " ".repeat(30_000));
    assert_eq!(
        short(&padded, "PE"),
        "51900000010",
        "blanks at the end do not count"
    );
    let many = "51900000010 ".repeat(2_000);
    assert_eq!(
        short(&many, "PE"),
        "not: Words",
        "a list of numbers is no cell of one"
    );
}

#[test]
fn without_a_country_only_complete_numbers_are_read() {
    holds(
        "",
        &[
            ("900000010", "NeedsCountry"),
            ("51900000010", "NeedsCountry"),
            ("900000010 / 900000011", "NeedsCountry"),
            ("+51900000010", "51900000010"),
            ("0051900000010", "51900000010 InternationalPrefix"),
            ("12345", "not: TooShort"),
            ("+51", "not: TooShort"),
            ("+999900000010", "not: NoSuchCountry"),
            ("+5190000001012345678", "not: TooLong"),
            ("+44 (0)20 7946 0018", "442079460018 TrunkPrefix"),
        ],
    );
}

#[test]
fn each_spelling_of_a_person_is_the_same_person_and_others_are_not() {
    let person = |text: &str| read(text, None).number().map(Number::person);
    for (one, other) in [
        ("+5511987654321", "+551187654321"),
        ("+525512345678", "+5215512345678"),
        ("+541123456789", "+5491123456789"),
    ] {
        assert!(person(one).is_some(), "{one} is a number");
        assert_eq!(person(one), person(other), "{one} and {other} are one person");
    }
    assert_ne!(
        person("+5511987654321"),
        person("+5511987654322"),
        "another subscriber"
    );
    assert_ne!(person("+5511987654321"), person("+5521987654321"), "another area");
}

#[test]
fn nothing_of_a_number_is_shown_by_debug() {
    let shown = format!(
        "{:?} {:?}",
        read("+51900000010", None),
        read("+51900000010", None).number().map(Number::person)
    );
    assert!(
        !shown.contains("900000"),
        "only the last two digits may reach a log: {shown}"
    );
}

proptest! {
    #[test]
    fn any_text_gets_a_verdict_and_a_number_has_at_most_fifteen_digits(
        text in r"[0-9+ ()./,;'eExX\-a-c@\u{a0}\u{200b}\u{661}:\n]{0,40}|\PC{0,30}",
        country in prop::sample::select(vec!["", "PE", "BR", "AR", "MX", "US"]),
    ) {
        let reading = read(&text, Country::of_iso(country));
        let numbers: Vec<&Number> = match &reading {
            Reading::Several(numbers) => numbers.iter().collect(),
            other => other.number().into_iter().collect(),
        };
        for number in numbers {
            let digits = number.address().phone_digits().unwrap_or_default();
            prop_assert!((7..=15).contains(&digits.len()), "an E.164 number: {digits} of {text:?}");
        }
        if let Reading::Several(numbers) = &reading {
            prop_assert!(numbers.len() > 1, "several are more than one");
        }
        if let Reading::Repaired { repairs, .. } = &reading {
            prop_assert!(!repairs.is_empty(), "a repair is named");
        }
    }

    #[test]
    fn a_complete_number_is_read_as_it_was_written_under_any_punctuation(
        subscriber in "9[0-9]{7}[1-9]",
        gaps in prop::collection::vec(prop::sample::select(vec!["", " ", "-", ".", "\u{a0}", "  "]), 11),
    ) {
        let digits = format!("51{subscriber}");
        let text: String = digits.chars().zip(&gaps).map(|(digit, gap)| format!("{digit}{gap}")).collect();
        let reading = read(&format!("+{text}"), None);
        prop_assert_eq!(&reading, &Reading::Good(Number::new(&digits, Country::of_iso("PE"))), "{:?}", text);
        prop_assert_eq!(reading.number().map(|number| number.spellings().len()), Some(1), "Peru has one spelling");
    }
}

//! The doctor on small lists, and on any list.

use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;
use crate::sheet::{self, DateOrder, Visitor};

/// What is known, by digits.
#[derive(Clone, Default)]
struct Book(BTreeMap<String, Standing>);

impl Book {
    fn of(entries: &[(&str, Standing)]) -> Self {
        Self(
            entries
                .iter()
                .map(|(digits, standing)| ((*digits).to_owned(), *standing))
                .collect(),
        )
    }
}

impl Known for Book {
    type Error = Infallible;

    fn standing(&mut self, address: &Address) -> Result<Standing, Infallible> {
        let digits = address.phone_digits().unwrap_or_default();
        Ok(self.0.get(digits).copied().unwrap_or(Standing::Clear))
    }
}

fn plan(country: &str) -> Plan {
    Plan {
        country: Country::of_iso(country),
        ..Plan::default()
    }
}

fn examine(cells: &[&str], plan: &Plan, book: &Book) -> (Vec<Diagnosis>, Counters) {
    let mut doctor = Doctor::new(plan, book.clone());
    let mut all = Vec::new();
    for (number, cell) in (1..).zip(cells) {
        let cells = [(*cell).to_owned()];
        let row = Row {
            number,
            cells: &cells,
        };
        let Ok(diagnosis) = doctor.examine(row);
        all.extend(diagnosis);
    }
    (all, doctor.counters().clone())
}

fn verdicts(cells: &[&str], plan: &Plan, book: &Book) -> Vec<Verdict> {
    examine(cells, plan, book)
        .0
        .into_iter()
        .map(|diagnosis| diagnosis.verdict)
        .collect()
}

#[test]
fn each_rule_gives_its_verdict() {
    let cells = [
        "51900000010",
        "900000011",
        "Cel: 900000012",
        "900000013 / 900000014",
        "no tiene",
        "",
        "5.19E+10",
        "900000010",
        "900000015",
        "900000016",
        "900000017",
    ];
    let book = Book::of(&[
        ("51900000015", Standing::OptedOut),
        ("51900000016", Standing::Blocked),
        ("51900000017", Standing::NotOnWhatsApp),
    ]);
    let expected = [
        Verdict::Good,
        Verdict::Repaired,
        Verdict::Proposed,
        Verdict::Several,
        Verdict::NotANumber(NotANumber::Words),
        Verdict::NotANumber(NotANumber::Empty),
        Verdict::NotANumber(NotANumber::Ruined),
        Verdict::Duplicate {
            of: 1,
            is_other_spelling: false,
        },
        Verdict::OptedOut,
        Verdict::Blocked,
        Verdict::NotOnWhatsApp,
    ];
    assert_eq!(
        verdicts(&cells, &plan("PE"), &book),
        expected,
        "in the order of the table"
    );
    let (_, counters) = examine(&cells, &plan("PE"), &book);
    assert_eq!(
        (counters.audience(), counters.waiting(), counters.left_out()),
        (2, 2, 7),
        "{counters:?}"
    );
    assert_eq!(
        counters.by_reason.values().sum::<u32>(),
        counters.not_a_number,
        "each has its reason"
    );
}

#[test]
fn without_a_country_national_numbers_wait_for_it() {
    let cells = ["900000010", "+51900000010"];
    assert_eq!(
        verdicts(&cells, &plan(""), &Book::default()),
        [Verdict::NeedsCountry, Verdict::Good],
        "asked once for the file"
    );
    let again = Verdict::Duplicate {
        of: 1,
        is_other_spelling: false,
    };
    assert_eq!(
        verdicts(&cells, &plan("PE"), &Book::default()),
        [Verdict::Repaired, again],
        "answered"
    );
}

#[test]
fn a_guess_is_used_only_when_accepted_by_row_or_by_kind() {
    let cells = ["Cel: 900000010", "Cel: 900000011"];
    let mut plan = plan("PE");
    let of = |plan: &Plan| verdicts(&cells, plan, &Book::default());
    assert_eq!(of(&plan), [Verdict::Proposed; 2], "nobody has decided");
    plan.decisions.decide_row(1, Some(RowAnswer::Accept));
    assert_eq!(of(&plan), [Verdict::Repaired, Verdict::Proposed], "one row");
    plan.decisions
        .decide_kind(Repair::WordsDropped, Some(Answer::Refuse));
    assert_eq!(
        of(&plan),
        [Verdict::Repaired, Verdict::Refused],
        "its own answer goes before the kind's"
    );
    plan.decisions.decide_row(1, None);
    plan.decisions
        .decide_kind(Repair::WordsDropped, Some(Answer::Accept));
    assert_eq!(of(&plan), [Verdict::Repaired; 2], "all of the kind");
}

#[test]
fn a_certain_repair_and_a_good_row_can_be_refused_too() {
    let mut plan = plan("PE");
    plan.decisions
        .decide_kind(Repair::CountryAdded, Some(Answer::Refuse));
    plan.decisions.decide_row(2, Some(RowAnswer::Refuse));
    assert_eq!(
        verdicts(
            &["900000010", "+51900000011", "+51900000010"],
            &plan,
            &Book::default()
        ),
        [Verdict::Refused, Verdict::Refused, Verdict::Good],
        "and a refused row makes no later one a duplicate"
    );
}

#[test]
fn one_of_several_numbers_is_chosen_and_the_choice_can_be_taken_back() {
    let cells = ["900000010 / 900000011"];
    let mut plan = plan("PE");
    let choose = |digits: &str| Some(RowAnswer::Choose(Address::parse(digits)));
    plan.decisions.decide_row(1, choose("51900000011"));
    let (all, _) = examine(&cells, &plan, &Book::default());
    assert_eq!(
        (all[0].verdict, all[0].repairs.as_slice()),
        (Verdict::Repaired, &[Repair::Chosen][..]),
        "by a person"
    );
    assert_eq!(
        all[0].numbers[0].address(),
        &Address::parse("51900000011"),
        "the second one"
    );
    plan.decisions.decide_row(1, choose("51900000012"));
    assert_eq!(
        verdicts(&cells, &plan, &Book::default()),
        [Verdict::Several],
        "there is no such number in it"
    );
    plan.decisions.decide_row(1, Some(RowAnswer::Refuse));
    assert_eq!(
        verdicts(&cells, &plan, &Book::default()),
        [Verdict::Refused],
        "nor is one needed"
    );
    plan.decisions.decide_row(1, None);
    assert_eq!(
        verdicts(&cells, &plan, &Book::default()),
        [Verdict::Several],
        "taken back, it is asked again"
    );
}

#[test]
fn a_choice_means_the_same_person_when_the_country_is_told_later() {
    let cells = ["900000013 / +51900000014 / +51900000015"];
    let mut plan = plan("");
    let (all, _) = examine(&cells, &plan, &Book::default());
    let first = all[0].numbers[0].address().clone();
    assert_eq!(first, Address::parse("51900000014"), "the first that can be read");
    plan.decisions
        .decide_row(1, Some(RowAnswer::Choose(first.clone())));
    plan.country = Country::of_iso("PE");
    let (all, _) = examine(&cells, &plan, &Book::default());
    assert_eq!(
        (all[0].verdict, all[0].numbers[0].address()),
        (Verdict::Repaired, &first),
        "not whoever stands at its place now"
    );
}

#[test]
fn opting_out_holds_under_each_spelling_and_before_any_question() {
    let book = Book::of(&[("551187654321", Standing::OptedOut)]);
    assert_eq!(
        verdicts(&["+55 11 98765-4321", "Ana 11 98765-4321"], &plan("BR"), &book),
        [Verdict::OptedOut, Verdict::OptedOut],
        "whoever opted out is not asked about"
    );
}

#[test]
fn a_number_is_not_on_whatsapp_only_if_none_of_its_spellings_is() {
    let one = Book::of(&[("5511987654321", Standing::NotOnWhatsApp)]);
    assert_eq!(
        verdicts(&["+5511987654321"], &plan("BR"), &one),
        [Verdict::Good],
        "the other may be"
    );
    let both = Book::of(&[
        ("5511987654321", Standing::NotOnWhatsApp),
        ("551187654321", Standing::NotOnWhatsApp),
    ]);
    assert_eq!(
        verdicts(&["+5511987654321"], &plan("BR"), &both),
        [Verdict::NotOnWhatsApp],
        "neither is"
    );
}

#[test]
fn the_header_is_no_customer() {
    let plan = Plan {
        has_header: true,
        ..plan("PE")
    };
    let (all, counters) = examine(&["Celular", "900000010"], &plan, &Book::default());
    assert_eq!((all.len(), counters.rows), (1, 1), "one row");
    assert_eq!(all[0].row, 2, "with its number in the file");
}

#[test]
fn what_stands_above_the_header_is_no_customer_unless_there_is_no_header() {
    let under = Plan {
        has_header: true,
        preamble: 1,
        ..plan("PE")
    };
    let cells = ["Lista de clientes", "Celular", "900000010"];
    let (all, counters) = examine(&cells, &under, &Book::default());
    assert_eq!((all.len(), counters.rows), (1, 1), "one row");
    assert_eq!(all[0].row, 3, "with its number in the file");
    let without = Plan {
        has_header: false,
        ..under
    };
    let (all, _) = examine(&cells, &without, &Book::default());
    assert_eq!(all.len(), 3, "each row is a customer's");
}

#[test]
fn a_row_that_could_not_be_looked_up_may_be_handed_in_again() {
    struct Failing(u32);
    impl Known for Failing {
        type Error = u32;
        fn standing(&mut self, _: &Address) -> Result<Standing, u32> {
            self.0 += 1;
            match self.0 {
                1 => Err(7),
                _ => Ok(Standing::Clear),
            }
        }
    }
    let plan = plan("PE");
    let mut doctor = Doctor::new(&plan, Failing(0));
    let cells = ["900000010".to_owned()];
    let row = Row {
        number: 1,
        cells: &cells,
    };
    assert_eq!(doctor.examine(row).err(), Some(7), "the look-up's own error");
    assert_eq!(doctor.counters().rows, 0, "not counted");
    let verdict = doctor
        .examine(row)
        .map(|diagnosis| diagnosis.map(|diagnosis| diagnosis.verdict));
    assert_eq!(verdict, Ok(Some(Verdict::Repaired)), "and no duplicate of itself");
    assert_eq!(doctor.counters().rows, 1, "once");
}

#[test]
fn a_file_goes_from_its_bytes_to_its_verdicts() {
    struct Desk<'a>(Doctor<'a, Book>, Vec<(u32, Verdict)>);
    impl Visitor for Desk<'_> {
        fn row(&mut self, row: Row<'_>) -> ControlFlow<()> {
            let Ok(diagnosis) = self.0.examine(row);
            self.1
                .extend(diagnosis.map(|diagnosis| (diagnosis.row, diagnosis.verdict)));
            ControlFlow::Continue(())
        }
    }
    let text = "Nombre;Celular\r\nAna;900 000 010\r\n\r\n\"Peña; Luis\";'51900000010\r\nEva;\r\n";
    let bytes = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let plan = Plan {
        has_header: true,
        number: 1,
        ..plan("PE")
    };
    let mut desk = Desk(Doctor::new(&plan, Book::default()), Vec::new());
    let form = sheet::look(std::io::Cursor::new(&bytes), &mut desk).expect("a form");
    sheet::read(
        std::io::Cursor::new(&bytes),
        &form,
        DateOrder::DayFirst,
        &mut desk,
    )
    .expect("readable");
    let again = Verdict::Duplicate {
        of: 2,
        is_other_spelling: false,
    };
    let empty = Verdict::NotANumber(NotANumber::Empty);
    assert_eq!(
        desk.1,
        [(2, Verdict::Repaired), (4, again), (5, empty)],
        "row by row"
    );
}

fn any_cell() -> impl Strategy<Value = String> {
    let last = 10..40_u32;
    prop_oneof![
        last.clone().prop_map(|n| format!("519000000{n}")),
        last.clone().prop_map(|n| format!("+51 900-000-0{n}")),
        last.clone().prop_map(|n| format!("9000000{n}")),
        last.clone().prop_map(|n| format!("Cel 9000000{n}")),
        last.clone().prop_map(|n| format!("+55 11 98765-43{n}")),
        last.clone().prop_map(|n| format!("+55 11 8765-43{n}")),
        last.clone().prop_map(|n| format!("+52 1 55 1234 56{n}")),
        last.clone().prop_map(|n| format!("+52 55 1234 56{n}")),
        last.clone().prop_map(|n| format!("+54 9 11 2345-67{n}")),
        last.clone().prop_map(|n| format!("+54 11 2345-67{n}")),
        (last.clone(), last).prop_map(|(a, b)| format!("9000000{a} / 9000000{b}")),
        "[a-z0-9 +]{0,8}",
    ]
}

fn any_standing() -> impl Strategy<Value = (String, Standing)> {
    let digits = prop_oneof![
        (10..40_u32).prop_map(|n| format!("519000000{n}")),
        (10..40_u32).prop_map(|n| format!("55119876543{n}")),
        (10..40_u32).prop_map(|n| format!("5511876543{n}")),
    ];
    let standing = prop::sample::select(vec![
        Standing::OptedOut,
        Standing::Blocked,
        Standing::NotOnWhatsApp,
    ]);
    (digits, standing)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn counters_add_up_and_nobody_is_in_the_audience_twice(
        cells in prop::collection::vec(any_cell(), 0..60),
        known in prop::collection::vec(any_standing(), 0..20),
        accepted in prop::collection::vec(1..60_u32, 0..10),
        refused in prop::collection::vec(1..60_u32, 0..10),
        country in prop::sample::select(vec!["", "PE", "BR"]),
        accepts_words in any::<bool>(),
    ) {
        let mut plan = plan(country);
        for row in accepted {
            plan.decisions.decide_row(row, Some(RowAnswer::Accept));
        }
        for row in refused {
            plan.decisions.decide_row(row, Some(RowAnswer::Refuse));
        }
        if accepts_words {
            plan.decisions.decide_kind(Repair::WordsDropped, Some(Answer::Accept));
        }
        let book = Book(known.into_iter().collect());
        let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
        let (all, counters) = examine(&texts, &plan, &book);

        prop_assert_eq!(counters.rows as usize, cells.len(), "each row is examined");
        prop_assert_eq!(counters.audience() + counters.waiting() + counters.left_out(), counters.rows, "{:?}", counters);
        let is_in = |diagnosis: &&Diagnosis| diagnosis.verdict.is_in();
        prop_assert_eq!(counters.audience() as usize, all.iter().filter(is_in).count(), "the audience");
        let waiting = all.iter().filter(|diagnosis| diagnosis.verdict.is_waiting()).count();
        prop_assert_eq!(counters.waiting() as usize, waiting, "those who wait");
        prop_assert_eq!(counters.by_reason.values().sum::<u32>(), counters.not_a_number, "reasons");

        let mut spellings = HashSet::new();
        for diagnosis in all.iter().filter(is_in) {
            let number = &diagnosis.numbers[0];
            prop_assert!(spellings.insert(number.address().clone()), "twice: row {}", diagnosis.row);
            for other in number.address().variants() {
                prop_assert!(!spellings.contains(&other), "twice under another spelling: row {}", diagnosis.row);
            }
            for spelling in number.spellings() {
                let standing = book.0.get(spelling.phone_digits().unwrap_or_default());
                prop_assert!(
                    !matches!(standing, Some(Standing::OptedOut | Standing::Blocked)),
                    "row {} does not want it",
                    diagnosis.row
                );
            }
        }
        for diagnosis in &all {
            if let Verdict::Duplicate { of, .. } = diagnosis.verdict {
                let first = all.iter().find(|other| other.row == of);
                let is_earlier = of < diagnosis.row && first.is_some_and(|first| first.verdict.is_in());
                prop_assert!(is_earlier, "row {} has its person in the audience", diagnosis.row);
                prop_assert_eq!(
                    first.map(|first| first.numbers[0].person()),
                    Some(diagnosis.numbers[0].person()),
                    "the same person"
                );
            }
        }
        prop_assert_eq!(examine(&texts, &plan, &book), (all, counters), "the same again");
    }
}

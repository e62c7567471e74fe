//! Which row is the header, and which columns hold the number and the name: by their titles in three languages, and by
//! what stands under them.
//!
//! | Column | Points |
//! |---|---|
//! | title says number: WhatsApp 4, mobile 3, telephone 2, "number" alone 1 | 40 each |
//! | title says something else: a document, an order, a date, a price | is not considered |
//! | what stands under it: a complete number 1, with a guess or without a country ½ | up to 100, by share of filled cells |
//!
//! The column with the most points holds the numbers, if it has 40 at least. The first row is the header if none of its
//! cells is a number, it names a known column, and what stands over the numbers is a title or has no digit. Else it may be a customer whose
//! number is wrong: who is taken for a title is in no list of those that are left out, so nobody is on a guess.
//!
//! The names stand where a title of the header says so most clearly: `Nombre` before `Nombre completo`, `Cliente`, `Nombre del producto`.
//!
//! Above the header may stand what a list is called, for whom and of when. A row is the header under such a preamble if the first row is
//! neither a customer nor a header with a title over the numbers, none of the rows above has a number or as many filled cells as it has, one of
//! its titles says number and nothing else, and a number stands under that; of the first [`FIRST`] the one with the most points.

use unicode_normalization::UnicodeNormalization;

use crate::numbers::{self, Country, Reading};
use crate::wording::OF_NAME;

/// What was found out about the columns; a person may change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The first row, or the one below the preamble, holds titles, not a customer.
    pub has_header: bool,
    /// So many rows stand above the header; 0 without one.
    pub preamble: usize,
    /// The column of the telephone number.
    pub number: Option<usize>,
    /// The column of the person's name.
    pub name: Option<usize>,
    /// A title for each column: the header's, or the letter that a spreadsheet shows; no two are equal.
    pub titles: Vec<String>,
}

/// Judges the first rows of a file; `rows` are those that are not blank, in order, some dozens of them.
pub fn recognise(rows: &[Vec<String>], country: Option<Country>) -> Columns {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let (columns, share) = judge(rows, width, country);
    let has_a_number = |row: &[String]| row.iter().any(|cell| share_of(cell, country) > 0);
    let over_the_number = columns.number.and_then(|column| rows.first()?.get(column));
    let has_title = over_the_number.is_some_and(|cell| !cell.trim().is_empty());
    if columns.has_header && has_title && share > 0 {
        return columns;
    }
    let above = rows.iter().take(FIRST - 1).take_while(|row| !has_a_number(row));
    let below = (1..=above.count()).filter(|at| {
        rows.get(*at)
            .is_some_and(|row| stands_out(row, &rows[..*at], width))
    });
    let judged = below.filter_map(|at| {
        let (mut below, share) = judge(&rows[at..], width, country);
        let says_number = below
            .number
            .and_then(|column| rows[at].get(column))
            .is_some_and(|cell| says_number_only(cell));
        below.preamble = at;
        (below.has_header && says_number && share > 0).then_some((below, share))
    });
    // Of two the upper one: the other may be somebody's row.
    let best = judged.reduce(|best, other| if other.1 > best.1 { other } else { best });
    best.map_or(columns, |(below, _)| below)
}

/// So many rows are looked at for the header.
const FIRST: usize = 10;

/// Has a row more in it than each one above it, or is there but one column?
fn stands_out(row: &[String], above: &[Vec<String>], width: usize) -> bool {
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    width == 1 || above.iter().all(|other| filled(other) < filled(row))
}

/// Judges rows of which the first may be the header; with it, how much what stands under the number's title is numbers, of 100.
fn judge(rows: &[Vec<String>], width: usize, country: Option<Country>) -> (Columns, u32) {
    let first = rows.first().map(Vec::as_slice).unwrap_or_default();
    let titled: Vec<Title> = first.iter().map(|cell| Title::of(cell)).collect();
    let may_be_header = !first.iter().any(|cell| share_of(cell, country) > 0);
    let title_of = |column: usize| match may_be_header {
        true => titled.get(column).copied().unwrap_or_default(),
        false => Title::Free,
    };
    let under = rows.get(usize::from(may_be_header)..).unwrap_or_default();
    let number = best(width, |column| {
        number_points(title_of(column), under, column, country)
    });
    let is_known = (0..width).any(|column| title_of(column) != Title::Free);
    let may_be_a_number = number.is_some_and(|column| {
        let cell = first.get(column).map(String::as_str).unwrap_or_default();
        !matches!(title_of(column), Title::Number(_)) && cell.contains(|c: char| c.is_numeric())
    });
    let has_header = may_be_header && is_known && !may_be_a_number;
    let headings = if has_header { first } else { &[] };
    let share = number.map_or(0, |column| number_share(under, column, country));
    let columns = Columns {
        has_header,
        preamble: 0,
        number,
        name: name_column(headings, number),
        titles: titles(headings, width),
    };
    (columns, share)
}

/// The column that its heading calls a person's name, besides that of the number.
pub fn name_column(headings: &[String], number: Option<usize>) -> Option<usize> {
    best(headings.len(), |column| match headings.get(column) {
        Some(heading) if Some(column) != number => match Title::of(heading) {
            Title::Name(rank) => rank * 40,
            _ => 0,
        },
        _ => 0,
    })
}

/// What a title says its column is; a higher rank says it more clearly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Title {
    Number(u32),
    Name(u32),
    /// Known, and neither: never taken for a number by what stands under it.
    Other,
    #[default]
    Free,
}

const WHATSAPP: [&str; 8] = ["whatsapp", "whats", "wsp", "wsap", "wpp", "zap", "wa", "wasap"];
const MOBILE: [&str; 8] = [
    "celular",
    "cel",
    "cell",
    "movil",
    "mobile",
    "telemovel",
    "cellphone",
    "celulares",
];
const TELEPHONE: [&str; 11] = [
    "telefono",
    "telefonos",
    "telefone",
    "telefones",
    "tel",
    "tlf",
    "fono",
    "fone",
    "phone",
    "telephone",
    "phones",
];
const NUMBER: [&str; 7] = ["numero", "number", "num", "nro", "n", "no", "numeros"];
const NAME: [&str; 7] = ["nombre", "nombres", "nome", "nomes", "name", "names", "fullname"];
const PERSON: [&str; 12] = [
    "cliente", "clientes", "client", "customer", "contacto", "contato", "contact", "persona", "pessoa",
    "alumno", "aluno", "paciente",
];
const OTHER: [&str; 47] = [
    "dni",
    "ruc",
    "cpf",
    "cnpj",
    "rut",
    "rfc",
    "curp",
    "nif",
    "nie",
    "cuit",
    "cedula",
    "documento",
    "document",
    "rg",
    "pedido",
    "order",
    "orden",
    "factura",
    "fatura",
    "invoice",
    "boleta",
    "id",
    "codigo",
    "code",
    "fecha",
    "data",
    "date",
    "hora",
    "monto",
    "valor",
    "precio",
    "preco",
    "price",
    "total",
    "saldo",
    "deuda",
    "edad",
    "idade",
    "age",
    "cp",
    "cep",
    "zip",
    "ano",
    "cuenta",
    "conta",
    "account",
    "cantidad",
];
/// Words that add nothing to a title.
const FILLERS: [&str; 16] = [
    "de",
    "del",
    "do",
    "da",
    "la",
    "el",
    "o",
    "the",
    "of",
    "completo",
    "full",
    "first",
    "1",
    "principal",
    "y",
    "e",
];

impl Title {
    fn of(cell: &str) -> Self {
        let words = words(cell);
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        // A title has few words; a sentence that happens to contain one of them is no title.
        if words.is_empty() || words.len() > 6 {
            return Self::Free;
        }
        let is_only = |lists: &[&[&str]]| {
            words
                .iter()
                .all(|word| lists.iter().any(|list| list.contains(&word.as_str())))
        };
        if has(&WHATSAPP) {
            return Self::Number(4);
        }
        if has(&MOBILE) {
            return Self::Number(3);
        }
        if has(&TELEPHONE) {
            return Self::Number(2);
        }
        if has(&OTHER) {
            return Self::Other;
        }
        if has(&NAME) {
            return Self::Name(match words.as_slice() {
                // As texts call it.
                [word] if OF_NAME.contains(&word.as_str()) => 4,
                _ if is_only(&[&NAME, &PERSON, &FILLERS]) => 3,
                _ => 1,
            });
        }
        if has(&NUMBER) && is_only(&[&NUMBER, &PERSON, &FILLERS]) {
            return Self::Number(1);
        }
        match is_only(&[&PERSON, &FILLERS]) && has(&PERSON) {
            true => Self::Name(2),
            false => Self::Free,
        }
    }
}

/// A title that says number, and nothing that a customer's cell would: `Celular`, not `sin celular`.
fn says_number_only(cell: &str) -> bool {
    const KINDS: [&str; 3] = ["fijo", "fixo", "personal"];
    let lists: [&[&str]; 7] = [&WHATSAPP, &MOBILE, &TELEPHONE, &NUMBER, &PERSON, &FILLERS, &KINDS];
    let words = words(cell);
    let is_known = |word: &String| lists.iter().any(|list| list.contains(&word.as_str()));
    matches!(Title::of(cell), Title::Number(_)) && words.iter().all(is_known)
}

/// Words in small letters without accents: `N° de teléfono` is `n`, `de`, `telefono`.
fn words(cell: &str) -> Vec<String> {
    let plain: String = cell
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.trim_end_matches(['º', 'ª']).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn number_points(title: Title, under: &[Vec<String>], column: usize, country: Option<Country>) -> u32 {
    let rank = match title {
        Title::Number(rank) => rank,
        Title::Free => 0,
        Title::Name(_) | Title::Other => return 0,
    };
    rank * 40 + number_share(under, column, country)
}

/// How much of what stands in a column is numbers, of 100.
fn number_share(under: &[Vec<String>], column: usize, country: Option<Country>) -> u32 {
    let filled = under
        .iter()
        .filter_map(|row| row.get(column))
        .filter(|cell| !cell.trim().is_empty());
    let shares: Vec<u32> = filled.map(|cell| share_of(cell, country)).collect();
    let sum: u32 = shares.iter().sum();
    sum / (shares.len().max(1) as u32)
}

/// How much a cell is a number, of 100.
fn share_of(cell: &str, country: Option<Country>) -> u32 {
    let reading = numbers::read(cell, country);
    let is_guess = reading.guesses().next().is_some();
    match reading {
        Reading::Repaired { .. } if is_guess => 50,
        Reading::Good(_) | Reading::Repaired { .. } | Reading::Several(_) => 100,
        Reading::NotANumber(numbers::NotANumber::Ruined | numbers::NotANumber::HiddenNumber) => 50,
        // Seven digits may be an amount; a telephone number without its country has more in most of the world.
        Reading::NeedsCountry => match cell.bytes().filter(u8::is_ascii_digit).count() >= 8 {
            true => 50,
            false => 0,
        },
        Reading::NotANumber(_) => 0,
    }
}

/// The first of the columns with the most points, of 40 at least.
fn best(width: usize, points: impl Fn(usize) -> u32) -> Option<usize> {
    let rated = (0..width).rev().map(|column| (points(column), column));
    let (points, column) = rated.max_by_key(|(points, _)| *points)?;
    (points >= 40).then_some(column)
}

/// A title for each of `width` columns: the header's, or the letter that a spreadsheet shows; no two are equal.
pub fn titles(header: &[String], width: usize) -> Vec<String> {
    let mut titles: Vec<String> = Vec::with_capacity(width);
    for column in 0..width {
        let written = header
            .get(column)
            .map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "));
        let wanted = written
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| letters(column));
        let is_taken = |title: &str| titles.iter().any(|taken| taken.eq_ignore_ascii_case(title));
        let mut title = wanted.clone();
        let mut copy = 2;
        while is_taken(&title) {
            title = format!("{wanted} {copy}");
            copy += 1;
        }
        titles.push(title);
    }
    titles
}

/// `A` for the first column, `AA` for the 27th.
fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(rows: &[&str]) -> Columns {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.split(';').map(str::to_owned).collect())
            .collect();
        recognise(&rows, Country::of_iso("PE"))
    }

    #[test]
    fn titles_are_known_in_three_languages() {
        for (header, number, name) in [
            ("Nombre;Celular;Ciudad", Some(1), Some(0)),
            ("Nome completo;Telefone;Cidade", Some(1), Some(0)),
            ("Customer name;Phone number;City", Some(1), Some(0)),
            ("N° de teléfono;Cliente", Some(0), Some(1)),
            ("TELÉFONO FIJO;WhatsApp;NOMBRES", Some(1), Some(2)),
            ("DNI;Número;Nombre del producto;Nombre", Some(1), Some(3)),
            ("Número de pedido;Móvil", Some(1), None),
            ("Contato;Celular", Some(1), Some(0)),
            ("Nombre completo;Nombre;Celular", Some(2), Some(1)),
            ("Nombre comercial;Cliente;Celular", Some(2), Some(1)),
            ("Quién;Celular", Some(1), None),
        ] {
            let columns = of(&[header]);
            assert!(columns.has_header, "{header} is a header");
            assert_eq!((columns.number, columns.name), (number, name), "{header}");
        }
    }

    #[test]
    fn a_first_row_with_a_number_is_a_customer() {
        let columns = of(&["Ana;900000010;Lima", "Luis;900000011;Cusco"]);
        assert!(!columns.has_header, "the first row is Ana's");
        assert_eq!(columns.number, Some(1), "by what stands in it");
        assert_eq!(
            columns.titles,
            ["A", "B", "C"],
            "columns are called by their letters"
        );
    }

    #[test]
    fn a_first_row_without_a_known_title_is_a_customer_whose_number_is_shown_as_wrong() {
        for first in [
            "Ana;9000000",
            "Ana;sin número",
            "Cliente;9000000",
            "Quién;Dónde llamar",
        ] {
            let columns = of(&[first, "Luis;900000041", "Eva;900000051"]);
            assert!(
                !columns.has_header,
                "{first} may be a customer, who must not vanish"
            );
            assert_eq!(
                columns.number,
                Some(1),
                "{first}: the numbers are found all the same"
            );
        }
        let columns = of(&["Nombre;Celular 2", "Luis;900000041"]);
        assert!(columns.has_header, "a known title may have a digit");
    }

    #[test]
    fn without_a_header_no_column_is_taken_for_the_name() {
        let columns = of(&["Cliente;9000000", "Luis;900000041", "Eva;900000051"]);
        assert_eq!(
            (columns.has_header, columns.name),
            (false, None),
            "a guess at a title is none"
        );
        let row = ["Cliente", "9000000"].map(str::to_owned);
        assert_eq!(
            name_column(&row, Some(1)),
            Some(0),
            "once somebody says that it is one, it is"
        );
        assert_eq!(name_column(&row, Some(0)), None, "the numbers are no names");
    }

    #[test]
    fn a_document_is_not_taken_for_a_number() {
        let columns = of(&["DNI;Fono", "900000010;900000011", "900000012;900000013"]);
        assert_eq!(columns.number, Some(1), "a document may look like a number");
    }

    #[test]
    fn of_two_telephones_the_filled_one_is_taken() {
        let columns = of(&[
            "Teléfono;Celular;Otro",
            "900000010;;x",
            "900000011;no;x",
            "900000012;;x",
        ]);
        assert_eq!(columns.number, Some(0), "the column of mobiles is empty");
    }

    #[test]
    fn no_two_titles_are_equal() {
        let columns = of(&["Nombre;nombre;;Celular;", "Ana;Ana;x;900000010;y"]);
        assert_eq!(
            columns.titles,
            ["Nombre", "nombre 2", "C", "Celular", "E"],
            "they name variables"
        );
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        let columns = recognise(&[], None);
        assert_eq!(columns.number, None, "no rows");
        assert!(!columns.has_header && columns.titles.is_empty(), "no columns");
    }

    #[test]
    fn headings_are_found_below_what_a_list_is_called() {
        for (rows, preamble, number) in [
            (
                &[
                    "Lista de clientes",
                    "Nombre;Celular;Distrito",
                    "Ana;900000010;Lima",
                ][..],
                1,
                1,
            ),
            (&["Lista de celulares", "Nombre;Celular", "Ana;900000010"], 1, 1),
            (
                &[
                    "Ventas de marzo;;",
                    "Sucursal:;Centro;",
                    "Código;Cliente;N° de teléfono",
                    "1;Ana;900000010",
                ],
                2,
                2,
            ),
            (&["Clientes", "Ciudad;Teléfono fijo", "Lima;900000010"], 1, 1),
            (&["Mis clientes", "Celular", "900000010"], 1, 0),
        ] {
            let columns = of(rows);
            assert_eq!(
                (columns.has_header, columns.preamble, columns.number),
                (true, preamble, Some(number)),
                "{rows:?}"
            );
            let headings: Vec<&str> = rows[preamble].split(';').collect();
            assert_eq!(
                columns.titles, headings,
                "{rows:?}: its titles name the variables"
            );
        }
    }

    #[test]
    fn a_customer_whose_number_is_wrong_is_not_taken_for_what_a_list_is_called() {
        for rows in [
            &["Ana", "Luis;sin celular", "Eva;900000051"][..],
            &["Ana;9000000", "Nombre;Celular", "Eva;900000051"],
            &["Nombre;Celular", "Luis;no tiene celular", "Eva;900000051"],
            &["Ana;900000010", "Nombre;Celular;Ciudad", "Eva;900000051;Lima"],
            &["Lista", "Nombre;Celular", "Eva;no tiene"],
        ] {
            let columns = of(rows);
            assert_eq!(columns.preamble, 0, "{rows:?}");
        }
    }

    fn cell() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "",
            "Ana",
            "Lima",
            "Celular",
            "sin celular",
            "Lista de clientes",
            "Nombre",
            "12/03/2026",
            "Total: 3",
        ]);
        prop_oneof![3 => words.prop_map(str::to_owned), 1 => (900_000_010_u32..900_000_099).prop_map(|number| number.to_string())]
    }

    fn table(rows: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<String>>> {
        prop::collection::vec(prop::collection::vec(cell(), 3), rows)
    }

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    proptest! {
        #[test]
        fn a_list_that_begins_with_its_headings_or_with_a_customer_is_read_from_its_first_row(
            first in prop::sample::select(vec![["Nombre", "Celular", "Ciudad"], ["Celular", "", ""], ["Ana", "900000010", "Lima"], ["DNI", "N° de teléfono", "Cliente"]]),
            rest in table(0..14),
            customer in 0_usize..14,
        ) {
            let mut rows = vec![first.map(str::to_owned).to_vec()];
            rows.extend(rest);
            // A number stands under each of these headings.
            rows.insert(1 + customer.min(rows.len() - 1), row(["900000020", "900000021", "Cusco"]));
            let country = Country::of_iso("PE");
            let columns = recognise(&rows, country);
            prop_assert_eq!(&columns, &judge(&rows, 3, country).0, "as the first row says");
            prop_assert_eq!(columns.preamble, 0);
        }

        #[test]
        fn what_stands_above_the_headings_changes_nothing_else(
            called in prop::collection::vec(prop::sample::select(vec![["Lista de clientes", "", ""], ["Sucursal:", "Centro", ""], ["", "Marzo 2026", ""]]), 1..9),
            people in table(0..14),
        ) {
            let mut list = vec![row(["Nombre", "Celular", "Ciudad"]), row(["Ana", "900000010", "Lima"])];
            list.extend(people);
            let above = called.len();
            let rows: Vec<_> = called.into_iter().map(row).chain(list.clone()).collect();
            let country = Country::of_iso("PE");
            let expected = Columns { preamble: above, ..recognise(&list, country) };
            prop_assert_eq!(recognise(&rows, country), expected);
        }
    }
}

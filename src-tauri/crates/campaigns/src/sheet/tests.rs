//! Files in every spelling, and hostile ones.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

mod hostile;
mod workbooks;

/// Keeps what it is told; stops when asked to.
#[derive(Default)]
struct Kept {
    rows: Vec<(u32, Vec<String>)>,
    told: Vec<Progress>,
    stop_after_rows: Option<usize>,
    stop_at_progress: bool,
}

impl Visitor for Kept {
    fn row(&mut self, row: Row<'_>) -> ControlFlow<()> {
        self.rows.push((row.number, row.cells.to_vec()));
        match self.stop_after_rows == Some(self.rows.len()) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn progress(&mut self, progress: Progress) -> ControlFlow<()> {
        self.told.push(progress);
        match self.stop_at_progress {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

fn look_at(bytes: &[u8]) -> Result<Form, SheetError> {
    look(Cursor::new(bytes), &mut Kept::default())
}

fn rows_of(bytes: &[u8]) -> Result<Vec<(u32, Vec<String>)>, SheetError> {
    let form = look_at(bytes)?;
    let mut kept = Kept::default();
    read(Cursor::new(bytes), &form, DateOrder::DayFirst, &mut kept)?;
    let mut last = 0;
    for progress in &kept.told {
        assert!(
            progress.read >= last && progress.read <= progress.total,
            "progress goes on: {progress:?}"
        );
        last = progress.read;
    }
    Ok(kept.rows)
}

fn cells_of(bytes: &[u8]) -> Vec<Vec<String>> {
    rows_of(bytes)
        .expect("readable")
        .into_iter()
        .map(|(_, cells)| cells)
        .collect()
}

fn form_of(bytes: &[u8]) -> (&'static str, Delimiter) {
    match look_at(bytes).expect("a form") {
        Form::Text { encoding, delimiter } => (encoding.name(), delimiter),
        Form::Workbook { .. } => panic!("text, not a workbook"),
    }
}

/// The encodings of the table, as their programs write them.
#[derive(Debug, Clone, Copy)]
enum Written {
    Utf8,
    Utf8Marked,
    Windows1252,
    Utf16LeMarked,
    Utf16BeMarked,
    Utf16Le,
    Utf16Be,
}

impl Written {
    const ALL: [Self; 7] = [
        Self::Utf8,
        Self::Utf8Marked,
        Self::Windows1252,
        Self::Utf16LeMarked,
        Self::Utf16BeMarked,
        Self::Utf16Le,
        Self::Utf16Be,
    ];

    fn bytes(self, text: &str) -> Vec<u8> {
        let le = |text: &str| {
            text.encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<u8>>()
        };
        let be = |text: &str| {
            text.encode_utf16()
                .flat_map(u16::to_be_bytes)
                .collect::<Vec<u8>>()
        };
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8Marked => format!("\u{feff}{text}").into_bytes(),
            Self::Windows1252 => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
            Self::Utf16LeMarked => le(&format!("\u{feff}{text}")),
            Self::Utf16BeMarked => be(&format!("\u{feff}{text}")),
            Self::Utf16Le => le(text),
            Self::Utf16Be => be(text),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Utf8Marked => "UTF-8",
            Self::Windows1252 => "windows-1252",
            Self::Utf16Le | Self::Utf16LeMarked => "UTF-16LE",
            Self::Utf16Be | Self::Utf16BeMarked => "UTF-16BE",
        }
    }
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

fn written(rows: &[Vec<String>], delimiter: Delimiter, line_end: &str) -> String {
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        cells.join(&char::from(delimiter.byte()).to_string())
    };
    let lines: Vec<String> = rows.iter().map(line).collect();
    lines.join(line_end)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn each_encoding_delimiter_and_line_end_gives_back_what_was_written(
        rows in prop::collection::vec(prop::collection::vec("[a-zñáéíóúãçÑ0-9 ,;|\t\"'=+]{0,11}[a-z]", 3), 1..6),
        inner in prop::sample::select(vec!["", "\n", "\r\n"]),
        ends_with_line in any::<bool>(),
    ) {
        let mut rows = rows;
        rows.insert(0, ["Nombre", "Teléfono año", "Observación"].map(str::to_owned).to_vec());
        if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
            *cell = format!("{cell}{inner}fin");
        }
        for encoding in Written::ALL {
            for delimiter in Delimiter::ALL {
                for line_end in ["\n", "\r\n", "\r"] {
                    let mut text = written(&rows, delimiter, line_end);
                    if ends_with_line {
                        text.push_str(line_end);
                    }
                    let bytes = encoding.bytes(&text);
                    prop_assert_eq!(form_of(&bytes), (encoding.name(), delimiter), "{:?} {:?}", encoding, text);
                    let read = rows_of(&bytes).expect("readable");
                    let cells: Vec<Vec<String>> = read.iter().map(|(_, cells)| cells.clone()).collect();
                    prop_assert_eq!(&cells, &rows, "{:?} {:?} {:?}", encoding, delimiter, line_end);
                    let numbers: Vec<u32> = read.iter().map(|(number, _)| *number).collect();
                    prop_assert_eq!(numbers, (1..=rows.len() as u32).collect::<Vec<_>>(), "rows, not lines");
                }
            }
        }
    }

    #[test]
    fn any_bytes_end_in_rows_or_a_typed_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = rows_of(&bytes);
    }
}

#[test]
fn blank_rows_are_left_out_and_counted() {
    for line_end in ["\n", "\r\n"] {
        let text = ["a;b", "", ";", "", "\"c\nd\";e", "  ; ", "f;g"].join(line_end);
        let numbers: Vec<u32> = rows_of(text.as_bytes())
            .expect("readable")
            .iter()
            .map(|(number, _)| *number)
            .collect();
        assert_eq!(
            numbers,
            [1, 5, 7],
            "as a spreadsheet numbers them, with {line_end:?}"
        );
    }
}

#[test]
fn one_letter_in_the_last_row_decides_the_encoding() {
    let mut text = "nombre;celular\n".to_owned();
    text.push_str(&"ana;51900000010\n".repeat(20_000));
    let utf8 = format!("{text}peña;51900000011\n");
    assert_eq!(form_of(utf8.as_bytes()).0, "UTF-8", "a letter of two bytes");
    let western = Written::Windows1252.bytes(&utf8);
    assert_eq!(form_of(&western).0, "windows-1252", "a letter of one byte");
    assert!(
        cells_of(&western).last().is_some_and(|row| row[0] == "peña"),
        "and it is read"
    );
}

#[test]
fn a_few_broken_letters_leave_a_file_utf8() {
    let mut bytes = "niño;año;mañana;peña;cañón\n".repeat(40).into_bytes();
    bytes.extend_from_slice(b"ma\xf1ana;x\n");
    assert_eq!(form_of(&bytes).0, "UTF-8", "one in hundreds");
}

#[test]
fn the_delimiter_is_the_one_that_cuts_the_rows_alike() {
    for (text, expected) in [
        (
            "a;b;c\n1;Av. Sol, 12;3\n2;Jr. Luna, 5, int. 2;4\n",
            Delimiter::Semicolon,
        ),
        ("a,b\n1,\"x; y\"\n2,\"z; w; v\"\n", Delimiter::Comma),
        ("a\tb\n1,5\t2,5\n", Delimiter::Tab),
        ("sep=|\na|b;c;d\n1|2;3;4\n", Delimiter::Bar),
        ("51900000010\n51900000011\n", Delimiter::Semicolon),
        (
            "51900000010; 51900000011\n51900000012\n51900000013\n",
            Delimiter::Comma,
        ),
    ] {
        assert_eq!(form_of(text.as_bytes()).1, expected, "{text:?}");
    }
}

#[test]
fn a_line_that_names_the_delimiter_is_no_row() {
    for text in ["sep=;\na;b\n", "SEP=;\r\na;b\r\n", "\u{feff}sep=;\na;b\n"] {
        let rows = rows_of(text.as_bytes()).expect("readable");
        assert_eq!(rows, [(2, vec!["a".to_owned(), "b".to_owned()])], "{text:?}");
    }
}

#[test]
fn reading_stops_between_two_rows() {
    let text = "a;b\nc;d\ne;f\n";
    let form = look_at(text.as_bytes()).expect("a form");
    let mut kept = Kept {
        stop_after_rows: Some(2),
        ..Kept::default()
    };
    let end = read(Cursor::new(text), &form, DateOrder::DayFirst, &mut kept);
    assert_eq!(end, Err(SheetError::Stopped), "it was asked to");
    assert_eq!(kept.rows.len(), 2, "and no row came after");
    let mut kept = Kept {
        stop_at_progress: true,
        ..Kept::default()
    };
    assert_eq!(
        look(Cursor::new(text), &mut kept),
        Err(SheetError::Stopped),
        "while it looks, too"
    );
}

#[test]
fn a_choice_of_the_operator_is_followed() {
    let bytes = Written::Windows1252.bytes("a,b;peña\n");
    let encoding = Encoding::named("windows-1252").expect("a known name");
    let form = Form::Text {
        encoding,
        delimiter: Delimiter::Semicolon,
    };
    let mut kept = Kept::default();
    read(Cursor::new(&bytes), &form, DateOrder::DayFirst, &mut kept).expect("readable");
    assert_eq!(
        kept.rows,
        [(1, vec!["a,b".to_owned(), "peña".to_owned()])],
        "as chosen"
    );
}

#[test]
fn files_that_are_no_tables_are_told_apart() {
    for (bytes, expected) in [
        (&b""[..], SheetError::Empty),
        (b"\n\n ; \n", SheetError::Empty),
        (b"\xef\xbb\xbf", SheetError::Empty),
        (b"%PDF-1.7 ...", SheetError::NotATable),
        (b"\x89PNG\r\n\x1a\n....", SheetError::NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", SheetError::OldOrLocked),
        (b"a;b\nc\0;d\n", SheetError::NotATable),
        (b"PK\x03\x04 and nothing that follows", SheetError::Damaged),
    ] {
        assert_eq!(
            rows_of(bytes),
            Err(expected.clone()),
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
    let zero_in_utf16 = Written::Utf16LeMarked.bytes("a;b\nc\0;d\n");
    assert_eq!(
        rows_of(&zero_in_utf16),
        Err(SheetError::NotATable),
        "a zero character"
    );
}

//! Files that want memory.

use super::workbooks::{Book, sheet_of};
use super::*;

#[test]
fn a_cell_of_a_hundred_megabytes_is_refused_without_being_held() {
    let mut text = b"a;b\n1;".to_vec();
    text.resize(100 << 20, b'x');
    assert_eq!(
        rows_of(&text),
        Err(SheetError::RowTooLarge {
            row: 2,
            limit: limits::ROW_BYTES
        }),
        "the record is cut off at its allowance"
    );
}

#[test]
fn a_cell_longer_than_a_spreadsheets_is_refused() {
    let long = "x".repeat(limits::CELL_CHARACTERS + 1);
    let expected = Err(SheetError::CellTooLong {
        row: 2,
        limit: limits::CELL_CHARACTERS,
    });
    assert_eq!(
        rows_of(format!("a;b\n1;{long}\n").as_bytes()),
        expected,
        "in text"
    );
    let rows = format!(r#"<row r="2"><c t="inlineStr"><is><t>{long}</t></is></c></row>"#);
    assert_eq!(rows_of(&Book::of(&rows).bytes()), expected, "in a workbook");
    let fits = "ñ".repeat(limits::CELL_CHARACTERS);
    assert_eq!(
        rows_of(format!("a;b\n1;{fits}\n").as_bytes()).map(|rows| rows.len()),
        Ok(2),
        "letters are counted"
    );
}

#[test]
fn a_million_columns_are_refused() {
    let expected = Err(SheetError::TooManyColumns {
        row: 1,
        limit: limits::COLUMNS,
    });
    assert_eq!(rows_of("x;".repeat(1_000_000).as_bytes()), expected, "in text");
    let cells = r#"<c t="str"><v>x</v></c>"#.repeat(limits::COLUMNS + 1);
    assert_eq!(
        rows_of(&Book::of(&format!("<row>{cells}</row>")).bytes()),
        expected,
        "in a workbook"
    );
    let blanks = ";".repeat(20_000);
    assert_eq!(
        rows_of(format!("a;b{blanks}\nc;d\n").as_bytes()).map(|rows| rows.len()),
        Ok(2),
        "blank ones count for nothing"
    );
}

#[test]
fn more_rows_than_a_spreadsheet_has_are_refused() {
    let expected = Err(SheetError::TooManyRows { limit: limits::ROWS });
    assert_eq!(
        rows_of("x\n".repeat(limits::ROWS as usize + 1).as_bytes()),
        expected,
        "in text"
    );
    let rows = r#"<row r="4000000000"><c t="str"><v>x</v></c></row>"#;
    assert_eq!(rows_of(&Book::of(rows).bytes()), expected, "in a workbook");
}

#[test]
fn a_quotation_mark_that_is_never_closed_loses_nobody() {
    for text in ["a;b\nc;\"d\ne;f\n", "a;b\nc;\"", "a;b\nc;\"d"] {
        assert_eq!(
            rows_of(text.as_bytes()),
            Err(SheetError::UnclosedQuote { row: 2 }),
            "{text:?}"
        );
    }
    for text in ["a;b\nc;\"d\n\"\n", "a;b\nc;\"d\"", "a;b\nc;12\" TV\n"] {
        assert_eq!(
            rows_of(text.as_bytes()).map(|rows| rows.len()),
            Ok(2),
            "{text:?} is closed"
        );
    }
}

#[test]
fn an_archive_that_unpacks_to_far_more_than_it_weighs_ends_at_its_limit() {
    let mut book = Book::of(r#"<row r="1"><c t="s"><v>0</v></c></row>"#);
    book.fill_shared = 4 << 20;
    assert!(book.bytes().len() < 100 << 10, "a small file");
    let error = rows_of(&book.bytes());
    assert!(
        matches!(error, Err(SheetError::UnpackedTooLarge { .. })),
        "an event of blanks: {error:?}"
    );
}

#[test]
fn one_tag_or_remark_cannot_be_as_large_as_memory() {
    let blank = " ".repeat(2 << 20);
    for rows in [
        format!("<row{blank}></row>"),
        format!("<!--{blank}-->"),
        format!("<row><c><v>{blank}</v></c></row>"),
        format!(
            "<row><c><is>{}</is></c></row>",
            "<r><t>xxxxxxxxxxxxxxxx</t></r>".repeat(100_000)
        ),
    ] {
        let error = rows_of(&Book::of(&rows).bytes());
        assert!(
            matches!(
                error,
                Err(SheetError::UnpackedTooLarge { .. } | SheetError::CellTooLong { .. })
            ),
            "{}…: {error:?}",
            &rows[..20]
        );
    }
}

#[test]
fn what_a_workbook_says_of_its_own_size_is_not_believed() {
    let mut book = Book::of(r#"<row r="1"><c t="s"><v>0</v></c></row>"#);
    book.shared =
        r#"<sst count="99999999999999999" uniqueCount="99999999999999999"><si><t>x</t></si></sst>"#.into();
    assert_eq!(cells_of(&book.bytes()), [["x"]], "a count is only a claim");
    let dimension = r#"<worksheet><dimension ref="B9:A1"/><sheetData><row><c t="str"><v>x</v></c></row></sheetData></worksheet>"#;
    assert_eq!(
        cells_of(&Book::with_sheet(dimension).bytes()),
        [["x"]],
        "so is a dimension"
    );
}

#[test]
fn a_damaged_workbook_is_said_to_be() {
    for sheet in [
        sheet_of(r#"<row r="5"><c t="str"><v>x</v></c></row><row r="4"></row>"#),
        sheet_of(r#"<row><c t="s"><v>7</v></c></row>"#),
        sheet_of(r#"<row><c t="s"><v>x</v></c></row>"#),
        sheet_of(r#"<row r="x"></row>"#),
        sheet_of(r#"<row><c t="str"><v>x</v></c></row><rew><c t="str"><v>y</v></c></rew>"#),
        sheet_of(r#"<row><c t="str"><v>x</v></c><row><c t="str"><v>y</v></c></row></row>"#),
        "<worksheet><sheetData><row><c t=\"str\"><v>x</v></c></row>".to_owned(),
        "<worksheet></worksheet>".to_owned(),
    ] {
        assert_eq!(
            rows_of(&Book::with_sheet(&sheet).bytes()),
            Err(SheetError::Damaged),
            "{sheet}"
        );
    }
    let whole = Book::of(r#"<row><c t="str"><v>x</v></c></row>"#).bytes();
    for cut in (4..whole.len()).step_by(7) {
        assert!(rows_of(&whole[..cut]).is_err(), "cut off at {cut}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn a_workbook_with_changed_bytes_ends_in_rows_or_a_typed_error(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        packed in any::<bool>(),
    ) {
        let mut book = Book::of(r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>46354</v></c></row>"#);
        book.shared = "<sst><si><t>x</t></si></sst>".into();
        book.packed = packed;
        let mut bytes = book.bytes();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = rows_of(&bytes);
    }
}

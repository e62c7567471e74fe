//! Workbooks as programs write them, made by hand part by part, and by another library.

use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// A workbook with the parts that are read.
pub(super) struct Book {
    sheet: String,
    pub(super) shared: String,
    /// Blanks before the table of texts.
    pub(super) fill_shared: u64,
    pub(super) packed: bool,
}

pub(super) fn sheet_of(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

impl Book {
    pub(super) fn of(rows: &str) -> Self {
        Self::with_sheet(&sheet_of(rows))
    }

    pub(super) fn with_sheet(sheet: &str) -> Self {
        Self {
            sheet: sheet.to_owned(),
            shared: String::new(),
            fill_shared: 0,
            packed: true,
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let relation = |id: &str, kind: &str, target: &str| {
            format!(r#"<Relationship Id="{id}" Type="{KIND}/{kind}" Target="{target}"/>"#)
        };
        let all = |relations: &[String]| format!("<Relationships>{}</Relationships>", relations.concat());
        let book = r#"<workbook xmlns:r="x"><sheets><sheet name="Secreta" sheetId="1" state="hidden" r:id="r9"/><sheet name="Clientes" sheetId="2" r:id="r1"/></sheets></workbook>"#;
        let styles = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
        let parts = [
            (
                "_rels/.rels",
                all(&[relation("a", "officeDocument", "/xl/libro.xml")]),
            ),
            (
                "xl/_rels/libro.xml.rels",
                all(&[
                    relation("r1", "worksheet", "worksheets/Hoja1.xml"),
                    relation("r2", "sharedStrings", "textos.xml"),
                    relation("r3", "styles", "estilos.xml"),
                    relation("r9", "worksheet", "worksheets/otra.xml"),
                ]),
            ),
            ("xl/libro.xml", book.to_owned()),
            ("xl/estilos.xml", styles.to_owned()),
            ("xl\\worksheets\\hoja1.XML", self.sheet.clone()),
            ("xl/textos.xml", self.shared.clone()),
        ];
        let method = if self.packed {
            zip::CompressionMethod::Deflated
        } else {
            zip::CompressionMethod::Stored
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .large_file(true);
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            archive.start_file(name, options).expect("a part");
            if name == "xl/textos.xml" {
                let blank = vec![b' '; 1 << 20];
                for _ in 0..self.fill_shared.div_ceil(1 << 20) {
                    archive.write_all(&blank).expect("blanks");
                }
            }
            archive.write_all(text.as_bytes()).expect("its text");
        }
        archive.finish().expect("an archive").into_inner()
    }
}

#[test]
fn cells_are_read_in_their_places_whatever_they_hold() {
    let rows = r#"
        <row r="2"><c r="A2" t="s"><v>1</v></c><c r="D2"><v>51900000010</v></c></row>
        <row r="3"/>
        <row r="7"><c t="inlineStr"><is><r><t>Ana </t></r><r><t>&amp; Jos&#233;</t></r><rPh><t>no</t></rPh></is></c><c s="1"><v>46354</v></c><c t="str"><f>A1&amp;"x"</f><v>de _x000D_fórmula</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c><c><v>5.1900000010E10</v></c></row>"#;
    let mut book = Book::of(rows);
    book.shared = r#"<sst><si><t>otro</t></si><si><r><t xml:space="preserve">Peña </t></r><r><t><![CDATA[<y>]]></t></r><rPh><t>no</t></rPh></si></sst>"#.into();
    let rows = rows_of(&book.bytes()).expect("readable");
    let expected = [
        (2, vec!["Peña <y>", "", "", "51900000010"]),
        (
            7,
            vec!["Ana & José", "28/11/2026", "de fórmula", "", "1", "51900000010"],
        ),
    ];
    let expected = expected.map(|(number, cells)| (number, cells.into_iter().map(str::to_owned).collect()));
    assert_eq!(
        rows, expected,
        "numbers with each digit, dates as dates, errors as nothing"
    );
}

#[test]
fn only_shown_sheets_are_offered() {
    let form = look_at(&Book::of("").bytes());
    let expected = Form::Workbook {
        sheets: vec!["Clientes".into()],
        chosen: 0,
    };
    assert_eq!(form, Ok(expected), "the hidden one is left out");
    assert_eq!(
        rows_of(&Book::of("").bytes()),
        Err(SheetError::Empty),
        "and this one is empty"
    );
}

#[test]
fn a_name_before_the_tags_changes_nothing() {
    let sheet = r#"<x:worksheet xmlns:x="y"><x:sheetData><x:row r="1"><x:c r="B1" t="str"><x:v>x</x:v></x:c></x:row></x:sheetData></x:worksheet>"#;
    assert_eq!(
        cells_of(&Book::with_sheet(sheet).bytes()),
        [["", "x"]],
        "some programs write them so"
    );
}

#[test]
fn a_workbook_of_another_library_is_read_and_progress_reaches_the_end() {
    let mut book = Workbook::new();
    let dates = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let sheet = book.add_worksheet();
    sheet.set_name("Año 2026").expect("a name");
    sheet.write(0, 0, "Nombre").expect("a cell");
    sheet.write(0, 1, "Celular").expect("a cell");
    sheet.write(0, 2, "Cita").expect("a cell");
    for row in 1..=3_000_u32 {
        sheet.write(row, 0, format!("Cliente {row}")).expect("a cell");
        sheet
            .write(row, 1, 51_900_000_000_f64 + f64::from(row))
            .expect("a cell");
        let day = ExcelDateTime::from_ymd(2026, 11, 28)
            .and_then(|day| day.and_hms(9, 30, 0))
            .expect("a day");
        sheet.write_with_format(row, 2, &day, &dates).expect("a cell");
    }
    let bytes = book.save_to_buffer().expect("a file");
    let form = look_at(&bytes).expect("a form");
    let mut kept = Kept::default();
    read(Cursor::new(&bytes), &form, DateOrder::DayFirst, &mut kept).expect("readable");
    assert_eq!(kept.rows.len(), 3_001, "all rows");
    let last = kept.rows.last().expect("a row");
    assert_eq!(
        last.1,
        ["Cliente 3000", "51900003000", "28/11/2026 09:30"],
        "with each digit"
    );
    let end = kept.told.last().expect("progress");
    assert_eq!(end.read, end.total, "the bar is full at the end");
}

#[test]
fn other_archives_are_told_apart() {
    let archive = |name: &str| {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive
            .start_file(name, SimpleFileOptions::default())
            .expect("a part");
        archive.finish().expect("an archive").into_inner()
    };
    assert_eq!(
        look_at(&archive("mimetype")),
        Err(SheetError::OtherProgram),
        "OpenDocument"
    );
    assert_eq!(
        look_at(&archive("word/document.xml")),
        Err(SheetError::NotATable),
        "a letter"
    );
    let mut crowded = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..=limits::ENTRIES {
        crowded
            .start_file(format!("{place}"), SimpleFileOptions::default())
            .expect("a part");
    }
    let crowded = crowded.finish().expect("an archive").into_inner();
    assert_eq!(
        look_at(&crowded),
        Err(SheetError::Damaged),
        "no workbook has so many parts"
    );
}

//! XLSX: a ZIP archive of XML parts (ECMA-376).
//!
//! The parts are found by the workbook's own relations, not by their usual names. Each is read as a stream of events that
//! may neither be too long by themselves nor too many bytes together ([`part`]), so that an archive that unpacks to far
//! more than it weighs ends in an error instead of memory. Counts that a file tells about itself are not believed.
//!
//! Read in this order: the relations, the workbook (names of sheets), the styles (which numbers are dates), the shared
//! texts, the sheet.

mod grid;
mod part;
mod shared;
mod styles;

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use self::part::{Part, attribute};
use super::{DateOrder, Form, SheetError, Visitor, limits, tell};

/// The sheets of the workbook.
pub(super) fn look<F: Read + Seek>(file: F, length: u64) -> Result<Form, SheetError> {
    let mut package = Package::open(file, length)?;
    let sheets: Vec<String> = package
        .book()?
        .sheets
        .into_iter()
        .map(|sheet| sheet.name)
        .collect();
    match sheets.is_empty() {
        true => Err(SheetError::Empty),
        false => Ok(Form::Workbook { sheets, chosen: 0 }),
    }
}

/// Hands out the rows of the sheet called `name`.
pub(super) fn read<F: Read + Seek>(
    file: F,
    length: u64,
    name: &str,
    dates: DateOrder,
    visitor: &mut dyn Visitor,
) -> Result<(), SheetError> {
    let mut package = Package::open(file, length)?;
    let book = package.book()?;
    let sheet = book
        .sheets
        .iter()
        .find(|sheet| sheet.name == name)
        .ok_or(SheetError::NoSuchSheet)?;
    let styles = match &book.styles {
        Some(path) => styles::read(package.part(path, limits::PART_BYTES)?)?,
        None => Vec::new(),
    };
    let shared_bytes = book.shared.as_ref().map_or(0, |path| package.unpacked(path));
    let mut meter = Meter {
        visitor,
        before: 0,
        told: 0,
        total: shared_bytes.saturating_add(package.unpacked(&sheet.path)),
    };
    let texts = match &book.shared {
        Some(path) => shared::read(package.part(path, limits::SHARED_BYTES)?, &mut meter)?,
        None => shared::Texts::default(),
    };
    meter.before = shared_bytes;
    let values = grid::Values {
        texts: &texts,
        styles: &styles,
        dates,
        is_1904: book.is_1904,
    };
    grid::read(
        package.part(&sheet.path, limits::SHEET_BYTES)?,
        &values,
        &mut meter,
    )
}

/// Progress through the two large parts.
struct Meter<'a> {
    visitor: &'a mut dyn Visitor,
    /// Bytes of the parts that are read already.
    before: u64,
    told: u64,
    total: u64,
}

impl Meter<'_> {
    /// Tells of `read` bytes of the part at hand, not at every call.
    fn tell(&mut self, read: u64) -> Result<(), SheetError> {
        let read = self.before.saturating_add(read);
        if read - self.told.min(read) < PROGRESS_BYTES {
            return Ok(());
        }
        self.told = read;
        tell(self.visitor, read, self.total)
    }

    fn tell_end(&mut self) -> Result<(), SheetError> {
        tell(self.visitor, self.total, self.total)
    }
}

const PROGRESS_BYTES: u64 = 64 << 10;

/// What the workbook says of itself.
#[derive(Default)]
struct Book {
    sheets: Vec<SheetPart>,
    shared: Option<String>,
    styles: Option<String>,
    is_1904: bool,
}

struct SheetPart {
    name: String,
    path: String,
}

/// An archive whose parts are found whatever the case and the slashes of their names.
struct Package<F> {
    archive: ZipArchive<F>,
    places: HashMap<String, usize>,
}

impl<F: Read + Seek> Package<F> {
    fn open(mut file: F, length: u64) -> Result<Self, SheetError> {
        refuse_many_entries(&mut file, length)?;
        let archive = ZipArchive::new(file).map_err(damaged)?;
        let places: HashMap<String, usize> = archive
            .file_names()
            .filter_map(Result::ok)
            .filter_map(|name| Some((key(&name), archive.index_for_name(&name)?)))
            .collect();
        // OpenDocument is a ZIP too, with its kind in a part called `mimetype`; Numbers has its own archive inside.
        if places.contains_key("mimetype") || places.contains_key("index/document.iwa") {
            return Err(SheetError::OtherProgram);
        }
        Ok(Self { archive, places })
    }

    fn part(&mut self, path: &str, limit: u64) -> Result<Part<impl Read>, SheetError> {
        let place = *self.places.get(path).ok_or(SheetError::Damaged)?;
        let entry = self.archive.by_index(place).map_err(damaged)?;
        Ok(Part::new(entry, limit))
    }

    /// The size that the archive claims: good for a progress bar only.
    fn unpacked(&mut self, path: &str) -> u64 {
        let place = self.places.get(path).copied();
        let entry = place.and_then(|place| self.archive.by_index_raw(place).ok());
        entry.map_or(0, |entry| entry.size())
    }

    fn book(&mut self) -> Result<Book, SheetError> {
        let top = self.relations("_rels/.rels", "")?;
        let main = top.values().find(|relation| relation.kind == "officedocument");
        let path = main.map_or_else(
            || "xl/workbook.xml".to_owned(),
            |relation| relation.target.clone(),
        );
        if !self.places.contains_key(&path) {
            return Err(SheetError::NotATable);
        }
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let folder = folder.to_owned();
        let relations = self.relations(&key(&format!("{folder}/_rels/{file}.rels")), &folder)?;
        let of_kind = |kind: &str| {
            let found = relations.values().find(|relation| relation.kind == kind)?;
            self.places
                .contains_key(&found.target)
                .then(|| found.target.clone())
        };
        let mut book = Book {
            shared: of_kind("sharedstrings"),
            styles: of_kind("styles"),
            ..Book::default()
        };
        fill_book(&mut book, &relations, self.part(&path, limits::PART_BYTES)?)?;
        Ok(book)
    }

    /// The relations in the part at `path`, with targets from the archive's root; none if there is no such part.
    fn relations(&mut self, path: &str, folder: &str) -> Result<HashMap<String, Relation>, SheetError> {
        let mut relations = HashMap::new();
        if !self.places.contains_key(path) {
            return Ok(relations);
        }
        let mut part = self.part(path, limits::PART_BYTES)?;
        while let Some(event) = part.event()? {
            let Event::Start(tag) = event else { continue };
            if tag.local_name().as_ref() != "Relationship" {
                continue;
            }
            let (Some(id), Some(kind), Some(target)) = (
                attribute(&tag, "Id"),
                attribute(&tag, "Type"),
                attribute(&tag, "Target"),
            ) else {
                continue;
            };
            let kind = kind.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
            let target = match target.strip_prefix('/') {
                Some(absolute) => key(absolute),
                None => key(&format!("{folder}/{target}")),
            };
            relations.insert(id, Relation { kind, target });
        }
        Ok(relations)
    }
}

struct Relation {
    /// The last word of its type, in small letters.
    kind: String,
    target: String,
}

fn fill_book(
    book: &mut Book,
    relations: &HashMap<String, Relation>,
    mut part: Part<impl Read>,
) -> Result<(), SheetError> {
    while let Some(event) = part.event()? {
        let Event::Start(tag) = event else { continue };
        match tag.local_name().as_ref() {
            "workbookPr" => {
                book.is_1904 = attribute(&tag, "date1904").is_some_and(|on| matches!(&*on, "1" | "true"))
            }
            "sheet" => {
                let is_hidden = attribute(&tag, "state").is_some_and(|state| state != "visible");
                // `r:id`, under whatever prefix; `sheetId` is another attribute.
                let relation = attribute(&tag, "id").and_then(|id| relations.get(&id));
                let name = attribute(&tag, "name");
                if let (Some(name), Some(relation), false) = (name, relation, is_hidden)
                    && relation.kind == "worksheet"
                {
                    let path = relation.target.clone();
                    book.sheets.push(SheetPart { name, path });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A part's name as it is looked up: small letters, plain slashes, `..` followed.
fn key(name: &str) -> String {
    let name = name.replace('\\', "/").to_lowercase();
    let mut steps: Vec<&str> = Vec::new();
    for step in name.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn damaged(error: ZipError) -> SheetError {
    match error {
        ZipError::Io(error) => SheetError::Io(error.kind()),
        // A password, or a packing that no spreadsheet program uses.
        ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword => SheetError::OldOrLocked,
        _ => SheetError::Damaged,
    }
}

/// The archive's list of files is held in memory, and half a gigabyte of file could list millions. Each entry of the list
/// begins with four bytes that are seldom found elsewhere.
fn refuse_many_entries<F: Read + Seek>(file: &mut F, length: u64) -> Result<(), SheetError> {
    const MARK: &[u8] = b"PK\x01\x02";
    // An entry has at least 46 bytes.
    if length / 46 <= limits::ENTRIES as u64 {
        return Ok(());
    }
    let mut piece = vec![0; 256 << 10];
    let (mut kept, mut marks) = (0, 0);
    loop {
        let read = file.read(piece.get_mut(kept..).unwrap_or_default())?;
        let bytes = piece.get(..kept + read).unwrap_or_default();
        marks += bytes.windows(MARK.len()).filter(|window| *window == MARK).count();
        if marks > limits::ENTRIES {
            return Err(SheetError::Damaged);
        }
        if read == 0 {
            break;
        }
        // A mark may lie across two pieces.
        let (end, tail) = (bytes.len(), bytes.len().min(MARK.len() - 1));
        piece.copy_within(end - tail..end, 0);
        kept = tail;
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(())
}

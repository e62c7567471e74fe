//! How much is read of one file. They are above what the large spreadsheet programs write for 200 000 customers, and
//! low enough that a hostile file costs time, not memory.

/// Of the file, as it lies on the disk.
pub const FILE_BYTES: u64 = 512 << 20;
/// The rows of a spreadsheet program's sheet.
pub const ROWS: u32 = 1_048_576;
/// Far more than a customer list has; a spreadsheet program would write 16 384.
pub const COLUMNS: usize = 512;
/// The characters of a spreadsheet program's cell.
pub const CELL_CHARACTERS: usize = 32_767;
/// All cells of one row, with their quotation marks and delimiters.
pub const ROW_BYTES: usize = 4 << 20;
/// Of an XLSX sheet when unpacked; it is read as a stream.
pub const SHEET_BYTES: u64 = 2 << 30;
/// Of the other parts of an XLSX when unpacked, each.
pub const PART_BYTES: u64 = 16 << 20;
/// Of the table of shared texts when unpacked, which is read as a stream.
pub const SHARED_BYTES: u64 = 512 << 20;
/// The shared texts themselves, which are held while the sheet is read.
pub const SHARED_TEXT_BYTES: usize = 64 << 20;
/// How many shared texts there may be.
pub const SHARED_TEXTS: usize = 4 << 20;
/// Files inside an XLSX; a workbook has a dozen, and some for each sheet.
pub const ENTRIES: usize = 5_000;

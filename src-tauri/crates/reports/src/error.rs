//! Why a report could not be written.

/// Why a report could not be written. None of it names a person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The people could not be read; what the caller's iterator gave.
    #[error("the people of the campaign could not be read")]
    People(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The file could not be written: a full disk, most often.
    #[error("the report could not be written")]
    Write(#[from] std::io::Error),
    /// The workbook could not be made.
    #[error("the workbook could not be made")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A sheet of a workbook ends at row 1 048 576.
    #[error("the campaign has more people than a sheet has rows")]
    TooManyPeople,
    /// The document could not be made.
    #[error("the document could not be made: {0}")]
    Document(&'static str),
}

impl From<csv::Error> for Error {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::Write(error),
            // Nothing else happens to a writer of rows that are equally long.
            other => Self::Write(std::io::Error::other(format!("{other:?}"))),
        }
    }
}

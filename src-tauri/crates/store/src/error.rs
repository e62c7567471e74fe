//! What can go wrong with the store, by what a person can do about it.

use rusqlite::ErrorCode;

/// A failed read or write. Nothing of a failed write is kept.
#[derive(Debug, thiserror::Error)]
#[error("store: {kind}")]
pub struct StoreError {
    /// What it means.
    pub kind: StoreErrorKind,
    /// SQLite's own word, for the log. It never holds row contents.
    #[source]
    source: Option<rusqlite::Error>,
}

/// What a failure of the store means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoreErrorKind {
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// Another program holds the file.
    #[error("the file is in use by another program")]
    Busy,
    /// The file may not be written.
    #[error("the file cannot be written")]
    ReadOnly,
    /// The file is damaged.
    #[error("the file is damaged")]
    Damaged,
    /// The file was written by a newer version of the program.
    #[error("the file is from a newer version")]
    NewerVersion,
    /// The row that was asked for is not there.
    #[error("not found")]
    NotFound,
    /// The row is not in the state that was expected: somebody else was faster.
    #[error("the state has changed")]
    StateChanged,
    /// Somebody of the audience has been written to, or may have been: it stays as it is.
    #[error("somebody of the audience may have been written to")]
    WrittenTo,
    /// The writer has stopped (the program is ending).
    #[error("the store is closed")]
    Closed,
    /// Anything else.
    #[error("the file cannot be used")]
    Other,
}

impl StoreError {
    /// An error of our own, without SQLite's.
    pub fn of(kind: StoreErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// The row that was asked for is not there.
    pub fn not_found() -> Self {
        Self::of(StoreErrorKind::NotFound)
    }

    /// Somebody else was faster.
    pub fn state_changed() -> Self {
        Self::of(StoreErrorKind::StateChanged)
    }

    /// Does it say something of what is in the file? Else only that it could not be read or written just now.
    pub(crate) fn is_of_contents(&self) -> bool {
        let of_a_statement = |error: &rusqlite::Error| match error.sqlite_error_code() {
            Some(code) => matches!(
                code,
                ErrorCode::Unknown
                    | ErrorCode::ConstraintViolation
                    | ErrorCode::TypeMismatch
                    | ErrorCode::TooBig
                    | ErrorCode::SchemaChanged
            ),
            None => true,
        };
        self.kind == StoreErrorKind::Damaged || self.source.as_ref().is_some_and(of_a_statement)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let kind = match (&error, error.sqlite_error_code()) {
            (rusqlite::Error::QueryReturnedNoRows, _) => StoreErrorKind::NotFound,
            (_, Some(ErrorCode::DiskFull)) => StoreErrorKind::Full,
            (_, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => StoreErrorKind::Busy,
            (_, Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied)) => {
                StoreErrorKind::ReadOnly
            }
            (_, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) => StoreErrorKind::Damaged,
            _ => StoreErrorKind::Other,
        };
        Self {
            kind,
            source: Some(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::of(match error.kind() {
            std::io::ErrorKind::StorageFull => StoreErrorKind::Full,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                StoreErrorKind::ReadOnly
            }
            _ => StoreErrorKind::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn what_fails_just_now_says_nothing_of_what_is_in_the_file() {
        let sqlite = |code| StoreError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        for code in [
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_NOTADB,
            ffi::SQLITE_ERROR,
            ffi::SQLITE_CONSTRAINT,
        ] {
            assert!(
                sqlite(code).is_of_contents(),
                "{code}: nothing better will come of it"
            );
        }
        for code in [
            ffi::SQLITE_IOERR,
            ffi::SQLITE_NOMEM,
            ffi::SQLITE_FULL,
            ffi::SQLITE_BUSY,
            ffi::SQLITE_CANTOPEN,
            ffi::SQLITE_READONLY,
        ] {
            assert!(
                !sqlite(code).is_of_contents(),
                "{code}: another start may do better"
            );
        }
        let disk = StoreError::from(std::io::Error::other("a read that failed"));
        assert!(!disk.is_of_contents(), "nor does the disk");
    }
}

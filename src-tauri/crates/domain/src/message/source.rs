//! The bytes of a file on its way out: read piece by piece, from the beginning, as often as a call is made.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

/// Something that can be read from its beginning, more than once.
pub trait FileSource: Send + Sync {
    /// How many bytes there are.
    fn length(&self) -> u64;

    /// Begins to read.
    ///
    /// # Errors
    /// It is not there any more, or not as long as it was.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;
}

/// The bytes of a file on its way out, wherever they are.
#[derive(Clone)]
pub struct OutgoingSource(Arc<dyn FileSource>);

impl OutgoingSource {
    /// Those of this source.
    pub fn new(source: impl FileSource + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// How many there are.
    pub fn length(&self) -> u64 {
        self.0.length()
    }

    /// Begins to read.
    ///
    /// # Errors
    /// They are not there any more, or not as many as there were.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        self.0.open()
    }
}

/// The same source; what is in it is not looked at.
impl PartialEq for OutgoingSource {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for OutgoingSource {}

/// For tests, and for whoever has a small file whole.
impl From<Vec<u8>> for OutgoingSource {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(InMemory(bytes.into()))
    }
}

struct InMemory(Arc<[u8]>);

impl FileSource for InMemory {
    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(Arc::clone(&self.0))))
    }
}

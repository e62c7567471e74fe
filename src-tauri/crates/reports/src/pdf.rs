//! The report as a document: one to three pages of A4, for whoever is not to see the people.
//!
//! First everything is laid out as marks on pages ([`paper`]), because a page's foot says how many pages there are; then the
//! marks are drawn. A sign that the embedded font lacks is drawn as its box.

mod bars;
mod face;
mod layout;
mod paper;
mod plot;
mod spans;
mod tone;

use krilla::Document;
use krilla::metadata::Metadata;

use crate::Error;
use crate::figures::Report;
use crate::words::Language;
use face::Faces;
use paper::Paper;

/// The report as a document.
///
/// # Errors
/// [`Error::Document`] where the document cannot be made; no report is known for which it cannot.
pub fn pdf(report: &Report, language: Language) -> Result<Vec<u8>, Error> {
    let words = language.words();
    let faces = Faces::embedded()?;
    let mut paper = Paper::new(&faces);
    layout::lay_out(&mut paper, report, language);
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(layout::name_of(report, words))
            .language(words.tag.to_owned())
            .creator("Mostrador".to_owned()),
    );
    paper.draw(&mut document, words, &layout::name_of(report, words))?;
    document
        .finish()
        .map_err(|_| Error::Document("it could not be put together"))
}

/// What the tests look at by itself.
#[cfg(test)]
pub(crate) mod testing {
    pub(crate) use super::face::{Faces, bold, plain};
    pub(crate) use super::layout::name_of;
    pub(crate) use super::paper::INNER;
    pub(crate) use super::spans::{Grain, spans};
}

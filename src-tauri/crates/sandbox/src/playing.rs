//! Playing the people of the simulated world, in-process: what the phone panel does over HTTP.
//!
//! [`Sandbox`] plays them towards the first device of the shop; [`Sandbox::on`] gives the same for another one. What
//! a person does needs their number; what is done to a message needs its id, as the ledger or a gateway gives it.

use crate::{
    at_device::OnDevice,
    sandbox::Sandbox,
    world::{ActRefused, Doing, FileKind, MediaRefused},
};

/// Why nobody could be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unplayable {
    /// There is no such person in this world.
    #[error("there is no such person in the practice shop's world")]
    NoSuchPerson,
    /// What was to be sent is no picture.
    #[error("that is no picture")]
    NotAPicture,
    /// The file is not of the kind that it was to be sent as.
    #[error("that file cannot be sent so")]
    WrongFile,
    /// There is no such message, or that person may not do it.
    #[error("that cannot be done to that message")]
    NotDone,
}

impl From<MediaRefused> for Unplayable {
    fn from(_: MediaRefused) -> Self {
        Self::NotAPicture
    }
}

impl From<ActRefused> for Unplayable {
    fn from(_: ActRefused) -> Self {
        Self::NotDone
    }
}

/// A person who can be played.
#[derive(Clone, PartialEq, Eq)]
pub struct Customer {
    /// Their number, digits only.
    pub number: String,
    /// The name they gave themselves.
    pub name: String,
    /// WhatsApp's hidden number for them, digits only.
    pub lid: String,
    /// Whether they stand in the shop's own address book.
    pub saved: bool,
}

/// Shows neither the number nor the name.
impl std::fmt::Debug for Customer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Customer")
    }
}

/// As which kind of message a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    /// A picture.
    Image,
    /// A video.
    Video,
    /// An audio file.
    Audio,
    /// Words that were spoken into the phone.
    Voice,
    /// Any file.
    Document,
    /// A sticker.
    Sticker,
}

impl From<Attached> for FileKind {
    fn from(kind: Attached) -> Self {
        match kind {
            Attached::Image => Self::Image,
            Attached::Video => Self::Video,
            Attached::Audio => Self::Audio,
            Attached::Voice => Self::Voice,
            Attached::Document => Self::Document,
            Attached::Sticker => Self::Sticker,
        }
    }
}

/// What a person does at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Looks at WhatsApp.
    Online,
    /// Does not.
    Offline,
    /// Writes.
    Typing,
    /// Speaks into the phone.
    Recording,
}

impl From<Presence> for Doing {
    fn from(presence: Presence) -> Self {
        match presence {
            Presence::Online => Self::Online,
            Presence::Offline => Self::Offline,
            Presence::Typing => Self::Typing,
            Presence::Recording => Self::Recording,
        }
    }
}

impl Sandbox {
    fn here(&self) -> OnDevice<'_> {
        OnDevice { branch: self.first() }
    }

    /// The people who can be played, in the order of their numbers.
    #[must_use]
    pub fn customers(&self) -> Vec<Customer> {
        self.here().customers()
    }

    /// A customer writes a text to the shop. Gives the message's id.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn write_as(&self, customer: &str, text: &str) -> Result<String, Unplayable> {
        self.here().write_as(customer, text)
    }

    /// A customer sends the shop a picture. Gives the message's id.
    ///
    /// # Errors
    /// When there is no such person, or the bytes are no picture.
    pub fn write_image_as(
        &self,
        customer: &str,
        image: Vec<u8>,
        caption: Option<&str>,
    ) -> Result<String, Unplayable> {
        self.here()
            .write_file_as(customer, Attached::Image, image, None, caption)
    }

    /// A customer opens the chat with the shop: all that the shop wrote becomes read.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn read_as(&self, customer: &str) -> Result<(), Unplayable> {
        self.here().read_as(customer)
    }

    /// The shop writes to a customer on its own phone, past the gateway. Gives the message's id.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn write_on_phone(&self, customer: &str, text: &str) -> Result<String, Unplayable> {
        self.here().write_on_phone(customer, text)
    }
}

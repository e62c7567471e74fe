//! Playing the people of the simulated world, in-process: what the phone panel does over HTTP.

use crate::{
    clock::Millis,
    sandbox::Sandbox,
    world::{ChatId, Content, MediaRefused, Number, SendRefused, World},
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
}

impl From<MediaRefused> for Unplayable {
    fn from(_: MediaRefused) -> Self {
        Self::NotAPicture
    }
}

/// A person who can be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Their number, digits only.
    pub number: String,
    /// The name they gave themselves.
    pub name: String,
}

impl Sandbox {
    /// The people who can be played, in the order of their numbers.
    #[must_use]
    pub fn customers(&self) -> Vec<Customer> {
        self.premises.look(|world, _| {
            let played = world.people().filter(|person| person.played);
            played
                .map(|person| Customer {
                    number: person.number.to_string(),
                    name: person.name.clone(),
                })
                .collect()
        })
    }

    /// A customer writes a text to the shop. Gives the message's id.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn write_as(&self, customer: &str, text: &str) -> Result<String, Unplayable> {
        self.play(customer, |world, number, now| {
            let content = Content::Text {
                body: text.to_owned(),
            };
            Ok(world.person_writes(number, number.chat(), content, now))
        })
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
        self.play(customer, |world, number, now| {
            let media = world.keep_picture(image, now)?.id.clone();
            let content = Content::Image {
                media,
                caption: caption.map(str::to_owned),
            };
            Ok(world.person_writes(number, number.chat(), content, now))
        })
    }

    /// A customer opens the chat with the shop: all that the shop wrote becomes read.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn read_as(&self, customer: &str) -> Result<(), Unplayable> {
        self.play(customer, |world, number, now| {
            world.person_opens(number, &number.chat(), now);
            Ok(())
        })
    }

    /// The shop writes to a customer on its own phone, past the gateway. Gives the message's id.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn write_on_phone(&self, customer: &str, text: &str) -> Result<String, Unplayable> {
        self.play(customer, |world, number, now| {
            let content = Content::Text {
                body: text.to_owned(),
            };
            let written: Result<_, SendRefused> = world.write_on_phone(number.chat(), content, now);
            written
                .map(|message| message.id)
                .map_err(|_| Unplayable::NoSuchPerson)
        })
    }

    fn play<R>(
        &self,
        customer: &str,
        act: impl FnOnce(&mut World, &Number, Millis) -> Result<R, Unplayable>,
    ) -> Result<R, Unplayable> {
        self.premises.step(|world, now| {
            let number = ChatId::addressed(customer).and_then(|chat| chat.number());
            let number = number.filter(|number| world.person(number).is_some());
            act(world, &number.ok_or(Unplayable::NoSuchPerson)?, now)
        })
    }
}

//! What the shop does on its own phone, past the gateway.

use crate::{
    at_device::{OnDevice, chat_of},
    playing::Unplayable,
    world::{ChatId, Content, Deed, SendRefused, Source},
};

impl OnDevice<'_> {
    /// The shop writes to a customer on its own phone, past the gateway. Gives the message's id.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn write_on_phone(self, customer: &str, text: &str) -> Result<String, Unplayable> {
        self.play(customer, |world, number, now| {
            let written: Result<_, SendRefused> =
                world.write_on_phone(chat_of(world, number), Content::text(text), now);
            written
                .map(|message| message.id)
                .map_err(|_| Unplayable::NoSuchPerson)
        })
    }

    /// The shop changes the words of a message of its own, on its phone.
    ///
    /// # Errors
    /// When the message is not the shop's.
    pub fn edit_on_phone(self, message: &str, text: &str) -> Result<(), Unplayable> {
        self.act_on_phone(
            message,
            Deed::Edit {
                now: Box::new(Content::text(text)),
            },
        )
    }

    /// The shop takes a message of its own back, on its phone.
    ///
    /// # Errors
    /// When the message is not the shop's.
    pub fn delete_on_phone(self, message: &str) -> Result<(), Unplayable> {
        self.act_on_phone(message, Deed::Delete)
    }

    fn act_on_phone(self, message: &str, deed: Deed) -> Result<(), Unplayable> {
        let acted = self
            .branch
            .step(|world, now| world.shop_acts(message, deed, Source::Phone, now));
        Ok(acted.map(drop)?)
    }

    /// The shop deletes a whole chat on its phone, for itself; false when there is none.
    pub fn delete_chat_on_phone(self, chat: &str) -> bool {
        self.branch.step(|world, _| world.delete_chat(&ChatId::new(chat)))
    }

    /// The shop reads a chat on its phone, as far as one message; false when there is none.
    pub fn read_on_phone(self, message: &str) -> bool {
        self.branch.step(|world, _| world.shop_opens(message))
    }
}

//! The address book, who has WhatsApp at all, hidden numbers, and whom the shop has blocked.

use super::{ChatId, Event, Number, Person, World};

/// Numbers that end so belong to nobody on WhatsApp, unless somebody in this world has one.
const NOT_ON_WHATSAPP: &str = "999";

impl World {
    /// The shop presents itself otherwise.
    pub(crate) fn present(&mut self, name: Option<String>, about: Option<String>, icon: Option<String>) {
        let shop = &mut self.shop;
        shop.name = name.unwrap_or_else(|| shop.name.clone());
        shop.about = about.unwrap_or_else(|| shop.about.clone());
        shop.icon = icon.or(shop.icon.take());
        self.revision += 1;
    }

    /// Whether somebody with WhatsApp is behind a number.
    pub(crate) fn has_whatsapp(&self, number: &Number) -> bool {
        match self.people.get(number) {
            Some(person) => person.played || !number.as_str().ends_with(NOT_ON_WHATSAPP),
            None => !number.as_str().ends_with(NOT_ON_WHATSAPP),
        }
    }

    /// What WhatsApp says of digits that somebody wrote: the number it knows that person by.
    pub(crate) fn check(&self, digits: &str) -> Option<Number> {
        let chat = ChatId::addressed(digits).filter(|chat| chat.hidden().is_none())?;
        if let Some(person) = self.person_at(&chat) {
            return Some(person.number.clone()).filter(|number| self.has_whatsapp(number));
        }
        chat.number().filter(|number| self.has_whatsapp(number))
    }

    /// Whom digits, a chat's id or a hidden number name.
    pub(crate) fn contact(&self, named: &str) -> Option<&Person> {
        self.person_at(&ChatId::addressed(named)?)
    }

    /// Writes somebody into the shop's address book under a name. `None` when nobody is behind the number.
    pub(crate) fn save_contact(&mut self, named: &str, name: &str) -> Option<Person> {
        let chat = ChatId::addressed(named)?;
        let number = match self.person_at(&chat) {
            Some(person) => person.number.clone(),
            None => {
                let number = chat.number().filter(|number| self.has_whatsapp(number))?;
                self.meet(number.clone());
                number
            }
        };
        let chat_before = self
            .people
            .get(&number)
            .and_then(|person| self.chat(&person.chat()));
        let person = self.people.get_mut(&number)?;
        let before = person.clone();
        person.saved_as = Some(name.to_owned());
        let after = person.clone();
        self.tell_if_linked(if before.saved_as.is_none() {
            Event::ContactSaved(Box::new(after.clone()))
        } else {
            Event::ContactChanged(Box::new((before, after.clone())))
        });
        self.tell_chat_changed(chat_before);
        Some(after)
    }

    /// Takes somebody out of the address book; false when they do not stand in it.
    pub(crate) fn forget_contact(&mut self, named: &str) -> bool {
        let Some(number) = self.contact(named).map(|person| person.number.clone()) else {
            return false;
        };
        let Some(person) = self
            .people
            .get_mut(&number)
            .filter(|person| person.saved_as.is_some())
        else {
            return false;
        };
        let before = person.clone();
        person.saved_as = None;
        let after = person.clone();
        self.tell_if_linked(Event::ContactChanged(Box::new((before, after))));
        true
    }

    /// Blocks somebody, or lets them write again; `None` when nobody is behind the number.
    pub(crate) fn block(&mut self, named: &str, blocked: bool) -> Option<()> {
        let number = self.contact(named).map(|person| person.number.clone())?;
        self.people.get_mut(&number)?.blocked = blocked;
        self.revision += 1;
        Some(())
    }

    /// From now on somebody's messages come from their hidden number, and ours to them are listed there; or from their own again.
    pub(crate) fn hide_number(&mut self, number: &Number, hidden: bool) {
        if let Some(person) = self.people.get_mut(number) {
            person.hidden = hidden;
            self.revision += 1;
        }
    }
}

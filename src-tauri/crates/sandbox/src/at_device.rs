//! Playing the people towards one of the shop's devices: all that they can do there.

use serde_json::Value;

use crate::{
    branch::Branch,
    clock::Millis,
    playing::{Attached, Customer, Presence, Unplayable},
    world::{
        ChatId, Content, Deed, Extras, FileContent, GroupMove, Media, Number, Order, OrderItem, Person, World,
    },
};

/// One of the shop's devices, to be played at.
#[derive(Clone, Copy)]
pub struct OnDevice<'s> {
    pub(crate) branch: &'s Branch,
}

/// Everything else that can be played is played at a device.
impl OnDevice<'_> {
    /// The people who can be played, in the order of their numbers.
    #[must_use]
    pub fn customers(self) -> Vec<Customer> {
        self.branch.look(|world, _| {
            let played = world.people().filter(|person| person.played);
            let customer = |person: &Person| Customer {
                number: person.number.to_string(),
                name: person.name.clone(),
                lid: person.lid.clone(),
                saved: person.saved_as.is_some(),
            };
            played.map(customer).collect()
        })
    }

    /// Whether this device's number is linked.
    #[must_use]
    pub fn is_linked(self) -> bool {
        self.branch.is_linked()
    }

    /// Ends the link from the phone; false when there was none.
    pub fn unlink(self) -> bool {
        self.branch.step(|world, now| world.unlink(now))
    }

    /// A customer writes a text to the shop. Gives the message's id.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn write_as(self, customer: &str, text: &str) -> Result<String, Unplayable> {
        self.say_as(customer, Content::text(text), None)
    }

    /// A customer answers one message with a text. Gives the new message's id.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn reply_as(self, customer: &str, quoted: &str, text: &str) -> Result<String, Unplayable> {
        self.say_as(customer, Content::text(text), Some(quoted))
    }

    /// A customer writes into a group. Gives the message's id.
    ///
    /// # Errors
    /// When there is no such person, or they are in no such group.
    pub fn write_in_group_as(self, customer: &str, group: &str, text: &str) -> Result<String, Unplayable> {
        self.play(customer, |world, number, now| {
            let group = ChatId::new(group);
            let member = world
                .group(&group)
                .is_some_and(|group| group.members.contains_key(number));
            if !member {
                return Err(Unplayable::NoSuchPerson);
            }
            Ok(world.person_writes(number, group, Content::text(text), now))
        })
    }

    /// A customer sends the shop a file. Gives the message's id.
    ///
    /// # Errors
    /// When there is no such person, or the file cannot be sent so.
    pub fn write_file_as(
        self,
        customer: &str,
        kind: Attached,
        bytes: Vec<u8>,
        name: Option<&str>,
        caption: Option<&str>,
    ) -> Result<String, Unplayable> {
        self.play(customer, |world, number, now| {
            let media: &Media = world.keep_file(bytes, None, now)?;
            let (id, fits) = (media.id.clone(), media.fits(kind.into()));
            if !fits {
                return Err(if kind == Attached::Image {
                    Unplayable::NotAPicture
                } else {
                    Unplayable::WrongFile
                });
            }
            let content = Content::File(FileContent {
                kind: kind.into(),
                media: id,
                caption: caption.map(str::to_owned),
                name: name.map(str::to_owned),
                seconds: None,
            });
            Ok(world.person_writes(number, chat_of(world, number), content, now))
        })
    }

    /// A customer sends a message of a kind that only its fields settle, such as `location` or `contact`, in the
    /// gateway's own fields. Gives the message's id.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn write_shaped_as(self, customer: &str, kind: &str, fields: Value) -> Result<String, Unplayable> {
        self.say_as(customer, Content::shaped(kind, fields), None)
    }

    /// A customer orders so many of each of these products, by their places in the catalogue. Gives the message's id
    /// and the order's.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn order_as(self, customer: &str, wanted: &[(usize, u32)]) -> Result<(String, String), Unplayable> {
        self.play(customer, |world, number, now| {
            let (order, content) = ordered(world, wanted);
            Ok((
                world.person_writes(number, chat_of(world, number), content, now),
                order,
            ))
        })
    }

    fn say_as(self, customer: &str, content: Content, quoted: Option<&str>) -> Result<String, Unplayable> {
        self.play(customer, |world, number, now| {
            let extras = Extras {
                quoted: quoted.map(str::to_owned),
                ..Extras::default()
            };
            Ok(world.person_sends(number, chat_of(world, number), content, extras, now))
        })
    }

    /// A customer opens the chat with the shop: all that the shop wrote becomes read.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn read_as(self, customer: &str) -> Result<(), Unplayable> {
        self.play(customer, |world, number, now| {
            world.person_opens(number, &chat_of(world, number), now);
            world.person_opens(number, &number.chat(), now);
            Ok(())
        })
    }

    /// A member of a group opens it: all that the shop wrote there becomes read, for them.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn read_in_group_as(self, customer: &str, group: &str) -> Result<(), Unplayable> {
        self.play(customer, |world, number, now| {
            world.person_opens(number, &ChatId::new(group), now);
            Ok(())
        })
    }

    /// A customer listens to a voice message of the shop.
    ///
    /// # Errors
    /// When there is no such person or message.
    pub fn play_voice_as(self, customer: &str, message: &str) -> Result<(), Unplayable> {
        self.play(customer, |world, number, now| {
            if world.person_plays(number, message, now) {
                Ok(())
            } else {
                Err(Unplayable::NotDone)
            }
        })
    }

    /// A customer changes the words of a message of theirs.
    ///
    /// # Errors
    /// When there is no such person, or the message is not theirs.
    pub fn edit_as(self, customer: &str, message: &str, text: &str) -> Result<(), Unplayable> {
        self.act_as(
            customer,
            message,
            Deed::Edit {
                now: Box::new(Content::text(text)),
            },
        )
    }

    /// A customer takes a message of theirs back.
    ///
    /// # Errors
    /// When there is no such person, or the message is not theirs.
    pub fn delete_as(self, customer: &str, message: &str) -> Result<(), Unplayable> {
        self.act_as(customer, message, Deed::Delete)
    }

    /// A customer reacts to a message; nothing takes the reaction back.
    ///
    /// # Errors
    /// When there is no such person or message.
    pub fn react_as(self, customer: &str, message: &str, emoji: &str) -> Result<(), Unplayable> {
        self.act_as(
            customer,
            message,
            Deed::Reaction {
                emoji: emoji.to_owned(),
            },
        )
    }

    /// A customer votes in a poll, by the places of the options.
    ///
    /// # Errors
    /// When there is no such person, or no poll with these options.
    pub fn vote_as(self, customer: &str, message: &str, options: &[usize]) -> Result<(), Unplayable> {
        self.act_as(
            customer,
            message,
            Deed::Vote {
                options: options.to_vec(),
            },
        )
    }

    fn act_as(self, customer: &str, message: &str, deed: Deed) -> Result<(), Unplayable> {
        self.play(customer, |world, number, now| {
            Ok(world.person_acts(number, message, deed, now).map(drop)?)
        })
    }

    /// From now on a customer's messages come from their hidden number, and ours to them are listed there; or from their own again.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn hide_number_of(self, customer: &str, hidden: bool) -> Result<(), Unplayable> {
        self.play(customer, |world, number, _| {
            world.hide_number(number, hidden);
            Ok(())
        })
    }

    /// A customer begins to do something; the gateway hears of it if it asked to.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn be_seen_as(self, customer: &str, presence: Presence) -> Result<(), Unplayable> {
        self.play(customer, |world, number, now| {
            world.person_does(number, presence.into(), now);
            Ok(())
        })
    }

    /// Whether a chat is put away, as the shop's phone shows it.
    pub fn is_archived(self, chat: &str) -> bool {
        let chat = self.branch.look(|world, _| world.chat(&ChatId::new(chat)));
        chat.is_some_and(|chat| chat.flags.archived)
    }

    /// The ids of the labels that a chat wears, as the shop's phone shows them.
    pub fn labels_of(self, chat: &str) -> Vec<String> {
        self.branch
            .look(|world, _| world.labels_of(chat).into_iter().map(|label| label.id).collect())
    }

    /// What the shop shows a customer now: `typing`, `recording`, `pause`, or nothing yet.
    #[must_use]
    pub fn shown_to(self, customer: &str) -> Option<&'static str> {
        self.branch
            .look(|world, _| world.shown_to(&world.contact(customer)?.number))
    }

    /// Whether the shop's number is shown as online.
    #[must_use]
    pub fn is_shown_online(self) -> bool {
        self.branch.look(|world, _| world.shop().online)
    }

    /// A customer calls the shop. Gives the call's id.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn call_as(self, customer: &str, video: bool) -> Result<String, Unplayable> {
        self.play(customer, |world, number, now| {
            Ok(world.person_calls(number, video, now))
        })
    }

    /// A caller gives up; false when nobody calls so.
    pub fn give_up_call(self, call: &str) -> bool {
        self.branch
            .step(|world, now| world.call_ends(call, "missed", now))
    }

    /// A customer leaves a group, or comes into one.
    ///
    /// # Errors
    /// When there is no such person, or nothing to do.
    pub fn in_group(self, customer: &str, group: &str, present: bool) -> Result<(), Unplayable> {
        let how = if present {
            GroupMove::Add
        } else {
            GroupMove::Remove
        };
        self.play(customer, |world, number, now| {
            let moved = world.group_moves(&ChatId::new(group), number, how, now);
            if moved { Ok(()) } else { Err(Unplayable::NotDone) }
        })
    }

    pub(crate) fn play<R>(
        self,
        customer: &str,
        act: impl FnOnce(&mut World, &Number, Millis) -> Result<R, Unplayable>,
    ) -> Result<R, Unplayable> {
        self.branch.step(|world, now| {
            let number = world.contact(customer).map(|person| person.number.clone());
            act(world, &number.ok_or(Unplayable::NoSuchPerson)?, now)
        })
    }
}

/// Where a person's messages come.
pub(crate) fn chat_of(world: &World, number: &Number) -> ChatId {
    world.person(number).map_or_else(|| number.chat(), Person::chat)
}

/// Notes an order, and words the message that tells of it.
fn ordered(world: &mut World, wanted: &[(usize, u32)]) -> (String, Content) {
    let seller = world.shop().number.to_string();
    world.sell(|catalogue| {
        let items = wanted.iter().filter_map(|(place, quantity)| {
            let product = catalogue.products.get(*place)?.id.clone();
            Some(OrderItem {
                product,
                quantity: *quantity,
            })
        });
        let items: Vec<OrderItem> = items.collect();
        let id = catalogue.next_id();
        let order = Order {
            token: format!("token-{id}"),
            id,
            items,
        };
        let count: u32 = order.items.iter().map(|item| item.quantity).sum();
        let fields = serde_json::json!({
            "order_id": order.id, "seller": seller, "title": "Pedido", "text": "", "token": order.token,
            "item_count": count, "currency": "PEN", "total_price": catalogue.sum(&order), "status": "new",
        });
        let id = order.id.clone();
        catalogue.orders.push(order);
        (id, Content::shaped("order", fields))
    })
}

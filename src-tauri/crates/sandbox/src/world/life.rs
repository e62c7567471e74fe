//! What happens by itself: codes come and go, ticks climb, people open chats, answer, and write.

use super::{
    ChatId, Content, Event, Habits, Media, Motif, Number, Progress, ScanRefused, World,
    agenda::Duty,
    pictures,
    script::{self, Fillings, Line},
};
use crate::clock::Millis;

/// How soon after linking the first customer writes, at the latest.
const FIRST_CUSTOMER: Millis = 5_000;

impl World {
    /// Takes up the habits of this start. Call it once, on a world that was made or loaded.
    pub(crate) fn settle_in(&mut self, habits: Habits, now: Millis) {
        self.habits = habits;
        self.agenda.cross_out(|duty| *duty == Duty::SomebodyWrites);
        if self.channel.is_linked() {
            self.expect_a_customer(now);
        }
    }

    /// Lets everything happen that is due.
    pub(crate) fn tick(&mut self, now: Millis) {
        loop {
            if self.channel.pass(now, self.habits.codes, &mut self.chance) {
                self.tell_channel(now);
            } else if self.held_until().is_some_and(|until| until <= now) {
                self.tell_held(now);
            } else if let Some(duty) = self.agenda.take_due(now) {
                self.revision += 1;
                self.perform(duty, now);
            } else {
                return;
            }
        }
    }

    /// When something happens next by itself.
    pub(crate) fn due(&self) -> Option<Millis> {
        self.channel
            .due()
            .into_iter()
            .chain(self.agenda.due())
            .chain(self.held_until())
            .min()
    }

    /// Starts the channel, or another round of codes, unless it is busy already.
    pub(crate) fn wake(&mut self, now: Millis) {
        if self.channel.wake(now, self.habits.codes, &mut self.chance) {
            self.tell_channel(now);
        }
    }

    /// The shop's phone scans the code on show; `seen` is what its camera read, `None` whatever is there.
    pub(crate) fn scan(&mut self, seen: Option<&str>, now: Millis) -> Result<(), ScanRefused> {
        self.channel.scan(seen)?;
        self.scanned(now);
        Ok(())
    }

    /// The shop's phone is given the letters that the gateway shows.
    pub(crate) fn type_letters(&mut self, typed: &str, now: Millis) -> Result<(), ScanRefused> {
        self.channel.type_letters(typed, now)?;
        self.scanned(now);
        Ok(())
    }

    /// The letters for the shop's own phone; `None` while no code is on show.
    pub(crate) fn letters(&mut self, now: Millis) -> Option<String> {
        self.revision += 1;
        self.channel.letters(now, &mut self.chance)
    }

    /// Whether the account demands a passkey of whoever links it.
    pub(crate) fn demand_passkey(&mut self, demanded: bool) {
        self.passkey = demanded;
        self.revision += 1;
    }

    /// The owner confirms with the passkey; false when nothing waits for it.
    pub(crate) fn confirm_passkey(&mut self, now: Millis) -> bool {
        let confirmed = self.channel.confirm();
        if confirmed {
            self.linked_now(now);
        }
        confirmed
    }

    fn scanned(&mut self, now: Millis) {
        if self.passkey {
            self.channel.demand_passkey(now, &mut self.chance);
            self.revision += 1;
        } else {
            self.linked_now(now);
        }
    }

    fn linked_now(&mut self, now: Millis) {
        self.tell_channel(now);
        // WhatsApp shows whoever has just come as being here, until they say otherwise.
        self.go_online(true);
        self.events.push(Event::Linked);
        self.expect_a_customer(now);
    }

    /// Ends the link; false when there was none.
    pub(crate) fn unlink(&mut self, now: Millis) -> bool {
        let unlinked = self.channel.unlink();
        if unlinked {
            self.agenda.cross_out(|duty| *duty == Duty::SomebodyWrites);
            self.go_online(false);
            self.events.push(Event::Unlinked);
            self.tell_channel(now);
        }
        unlinked
    }

    fn tell_channel(&mut self, now: Millis) {
        self.revision += 1;
        let (code, text) = self.channel.wire();
        let started_at = self.channel.started_at;
        self.events.push(Event::ChannelChanged {
            code,
            text,
            started_at,
            at: now,
        });
        let Some(live) = self.channel.live_code() else {
            return;
        };
        let expires_in = live.until.saturating_sub(now).div_ceil(1000);
        self.events.push(Event::CodeShown {
            rowdata: live.rowdata.clone(),
            expires_in,
        });
        if self.habits.auto_scan {
            // The live code was just put on show, so this scan cannot be refused.
            let _linked = self.scan(None, now);
        }
    }

    fn expect_a_customer(&mut self, now: Millis) {
        if let Some(every) = self.habits.write_every {
            self.agenda.note(
                now.saturating_add(every.min(FIRST_CUSTOMER)),
                Duty::SomebodyWrites,
            );
        }
    }

    fn perform(&mut self, duty: Duty, now: Millis) {
        match duty {
            Duty::Sent { message } => self.everybody_climbs(&message, Progress::Sent, now),
            Duty::Failed { message } => self.everybody_climbs(&message, Progress::Failed, now),
            Duty::Delivered { message } => {
                self.everybody_climbs(&message, Progress::Delivered, now);
                self.expect_reactions(&message, now);
            }
            Duty::Opens { chat, person } => self.person_opens(&person, &chat, now),
            Duty::Answers { chat, person } => self.answer(&person, chat, now),
            Duty::SomebodyWrites => self.somebody_writes(now),
        }
    }

    /// A step that all recipients make together. *Sent* and *failed* are told once: they are not about any one of
    /// them.
    fn everybody_climbs(&mut self, id: &str, progress: Progress, now: Millis) {
        let Some(place) = self.book.place_of(id) else {
            return;
        };
        let Some(message) = self.book.get_mut(place) else {
            return;
        };
        let recipients: Vec<Number> = message.receipts.keys().cloned().collect();
        if !matches!(progress, Progress::Sent | Progress::Failed) {
            for recipient in &recipients {
                self.climb(place, recipient, progress, now);
            }
            return;
        }
        let climbed = recipients
            .iter()
            .filter(|recipient| message.climb(recipient, progress, now))
            .count();
        if climbed > 0 {
            let chat = message.chat.clone();
            let event = Event::Climbed {
                message: id.to_owned(),
                chat,
                viewer: None,
                progress,
                at: now,
            };
            self.tell_climbed(event, progress, now);
        }
    }

    /// The people who got a message will open it, and one of them may answer.
    fn expect_reactions(&mut self, id: &str, now: Millis) {
        let Some(message) = self.message(id) else { return };
        let chat = message.chat.clone();
        let mut present: Vec<Number> = message.receipts.keys().cloned().collect();
        present.retain(|number| self.people.get(number).is_some_and(|person| person.played));
        if let Some(after) = self.habits.read_after {
            for person in &present {
                self.note_once(
                    now.saturating_add(after),
                    Duty::Opens {
                        chat: chat.clone(),
                        person: person.clone(),
                    },
                );
            }
        }
        let answering = self.chance.below(present.len() as u64) as usize;
        if let (Some(after), Some(person)) = (self.habits.answer_after, present.get(answering)) {
            self.note_once(
                now.saturating_add(after),
                Duty::Answers {
                    chat,
                    person: person.clone(),
                },
            );
        }
    }

    /// Several messages in a row are opened once and answered once.
    fn note_once(&mut self, at: Millis, duty: Duty) {
        if !self.agenda.has(&duty) {
            self.agenda.note(at, duty);
        }
    }

    fn answer(&mut self, person: &Number, chat: ChatId, now: Millis) {
        self.person_opens(person, &chat, now);
        if chat.is_group() {
            let body = self.chance.one_of(script::GROUP_ANSWERS).to_owned();
            self.person_writes(person, chat, Content::text(body), now);
            return;
        }
        let Some(player) = self.people.get_mut(person) else {
            return;
        };
        let part = script::persona(person.as_str())
            .map(|persona| persona.part)
            .unwrap_or_default();
        let closings = script::closings(player.tongue);
        let line = match part.get(player.said) {
            Some(line) => *line,
            None => closings[player.said % closings.len()],
        };
        player.said += 1;
        self.say(person, chat, line, now);
    }

    fn somebody_writes(&mut self, now: Millis) {
        let played: Vec<Number> = self
            .people
            .values()
            .filter(|person| person.played)
            .map(|person| person.number.clone())
            .collect();
        let chosen = self.chance.below(played.len() as u64) as usize;
        if let Some(person) = played.get(chosen) {
            let tongue = self
                .people
                .get(person)
                .map_or(super::Tongue::Spanish, |person| person.tongue);
            let openings = script::openings(tongue);
            let line = openings[self.chance.below(openings.len() as u64) as usize];
            let chat = self
                .people
                .get(person)
                .map_or_else(|| person.chat(), super::Person::chat);
            self.person_opens(person, &chat, now);
            self.say(person, chat, line, now);
        }
        if let Some(every) = self.habits.write_every {
            let wait = every - every / 4 + self.chance.below(every / 2 + 1);
            self.agenda
                .note(now.saturating_add(wait.max(1)), Duty::SomebodyWrites);
        }
    }

    /// Says one line of the script, its gaps filled, its picture drawn.
    fn say(&mut self, person: &Number, chat: ChatId, line: Line, now: Millis) {
        let tongue = self
            .people
            .get(person)
            .map_or(super::Tongue::Spanish, |person| person.tongue);
        let fillings = Fillings::choose(tongue, &mut self.chance);
        let content = match line {
            Line::Them(text) | Line::Us(text) => Content::text(fillings.fill(text)),
            Line::Show(motif, caption) => self.drawn(motif, Some(fillings.fill(caption)), now),
        };
        self.person_writes(person, chat, content, now);
    }

    /// A message with a drawing of `motif`.
    pub(crate) fn drawn(&mut self, motif: Motif, caption: Option<String>, now: Millis) -> Content {
        let drawing = pictures::drawing(motif, &mut self.chance);
        let media = Media::drawn(drawing, now, &mut self.chance);
        let id = media.id.clone();
        self.media.insert(id.clone(), media);
        self.revision += 1;
        Content::image(id, caption)
    }

    /// A message with a picture of whatever a customer has at hand.
    pub(crate) fn any_picture(&mut self, caption: Option<String>, now: Millis) -> Content {
        let motif = self.chance.one_of(&Motif::ALL);
        self.drawn(motif, caption, now)
    }
}

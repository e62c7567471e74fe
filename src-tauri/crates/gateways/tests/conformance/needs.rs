//! What a check needs of a dialect, and why one that has it not is not held to it.

use std::time::Duration;

use mostrador_domain::MediaKind;
use mostrador_gateways::{CallProof, CallTimes, DeviceLink};
use secrecy::SecretString;
use url::Url;

use crate::harness::{Dialect, Hears};

/// What a check needs. The reasons stand in the table of the documentation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Need {
    Nothing,
    Qr,
    TypedCode,
    Passkey,
    Logout,
    Text,
    Image,
    Uploads,
    Quotes,
    Forwards,
    Stories,
    Edits,
    Deletions,
    Reactions,
    StarsAndPins,
    AnyAction,
    ChatMarks,
    ChatDeletion,
    Disappearing,
    ContactList,
    SavedContacts,
    NumberCheck,
    Groups,
    Labels,
    LabelsPut,
    Blocks,
    Profile,
    Presence,
    Typing,
    Settings,
    Limits,
    Calls,
    CallsSeveral,
    CallsOne,
    TriedOut,
    Signs,
    ToldEverything,
    ToldVotes,
    History,
    HistoryAndToldEverything,
    ChatList,
    Pictures,
    ReadState,
}

impl Need {
    /// Why this dialect is not held to it; `None` = it is.
    pub(crate) fn missing(self, dialect: &Dialect) -> Option<&'static str> {
        let url = Url::parse("http://127.0.0.1:9").expect("well-formed");
        let times = CallTimes {
            connect: Duration::from_secs(1),
            call: Duration::from_secs(1),
            transfer: Duration::from_secs(1),
        };
        let link = (dialect.open)(url, SecretString::from("any"), times);
        let (there, reason) = self.look(dialect, &*link);
        (!there).then_some(reason)
    }

    fn look(self, dialect: &Dialect, link: &dyn DeviceLink) -> (bool, &'static str) {
        let has = link.capabilities();
        let actions = has.actions;
        let everything = dialect.hears == Hears::Everything;
        let only_news = "tells of new messages and the link only";
        match self {
            Self::Nothing => (true, ""),
            Self::Qr => (has.pairing.qr, "no code to scan"),
            Self::TypedCode => (has.pairing.code, "no code to type"),
            Self::Passkey => (dialect.tells_passkey, "does not tell of passkeys"),
            Self::Logout => (has.pairing.logout, "cannot unlink"),
            Self::Text => (has.send.text.is_some(), "sends no text"),
            Self::Image => (has.send.media(MediaKind::Image).is_some(), "sends no pictures"),
            Self::Uploads => (link.uploads().is_some(), "takes no uploads"),
            Self::Quotes => (has.send.quote, "cannot quote"),
            Self::Forwards => (has.send.forward, "cannot forward"),
            Self::Stories => (has.stories, "no stories"),
            Self::Edits => (actions.edit, "cannot edit"),
            Self::Deletions => (actions.delete, "cannot delete"),
            Self::Reactions => (actions.react, "cannot react"),
            Self::StarsAndPins => (actions.star && actions.pin, "no stars or pins"),
            Self::AnyAction => (link.message_actions().is_some(), "does nothing to messages"),
            Self::ChatMarks => (link.chat_actions().is_some(), "does nothing to chats"),
            Self::ChatDeletion => (has.chats.delete, "deletes no chats"),
            Self::Disappearing => (has.chats.disappearing, "no time for messages to disappear after"),
            Self::ContactList => (has.contacts, "lists no persons"),
            Self::SavedContacts if !has.contacts => (false, "lists no persons"),
            Self::SavedContacts => (has.saved_contacts, "does not tell whom the phone has saved"),
            Self::NumberCheck => (has.number_check.is_some(), "looks no numbers up"),
            Self::Groups => (has.groups, "no groups"),
            Self::Labels => (
                has.label_edits,
                if has.labels {
                    "makes no labels"
                } else {
                    "no labels"
                },
            ),
            Self::LabelsPut => (has.labels, "no labels"),
            Self::Blocks => (has.blocks, "keeps no block list"),
            Self::Profile => (has.profile, "does not change the profile"),
            Self::Presence => (has.presence, "does not tell who is here"),
            Self::Typing => (has.typing, "does not show that we write"),
            Self::Settings => (has.settings, "no settings"),
            Self::Limits => (has.limits, "tells no limits"),
            Self::Calls => (has.webhooks, "does not call"),
            Self::CallsSeveral | Self::CallsOne | Self::ToldVotes if !has.webhooks => {
                (false, "does not call")
            }
            Self::CallsSeveral => (!dialect.one_address, "calls one address"),
            Self::CallsOne => (dialect.one_address, "calls several addresses"),
            Self::TriedOut if !has.webhooks => (false, "does not call"),
            Self::TriedOut => (dialect.tries_out, "cannot invent a call"),
            Self::Signs => (
                link.webhooks()
                    .is_some_and(|hooks| hooks.proof() != CallProof::Header),
                "signs nothing",
            ),
            Self::ToldEverything if !has.webhooks => (false, "does not call"),
            Self::ToldEverything => (everything, only_news),
            Self::ToldVotes if !everything => (false, only_news),
            Self::ToldVotes => (dialect.tells_votes, "votes stay sealed"),
            Self::History => (has.history, "no history"),
            Self::HistoryAndToldEverything => (has.history && everything, "no history"),
            Self::ChatList => (link.chats().is_some(), "lists no chats"),
            Self::Pictures => (link.media().is_some(), "hands no files out"),
            Self::ReadState => (link.read_state().is_some(), "cannot mark as read"),
        }
    }
}

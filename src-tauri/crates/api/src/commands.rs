//! The one list of commands. Each host expands it: the desktop window's calls and the headless program's HTTP both end in
//! [`dispatch`]; the bindings and `docs/commands.md` are generated from [`COMMANDS`].
//!
//! A name is noun first (`chat_list`). `reads` says of which topics the answer tells: when one of them changes
//! ([`crate::dto::Change`]), ask again. `errors` are the codes that the command itself can answer; every command can also
//! answer `bad_request`, `internal`, and the three of the storage.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ts_rs::{Config, TS};

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::generate::Types;
use crate::handlers::{app, chat, device, logs, media, message};
use crate::logs::LogLine;
use crate::shop::Shop;

/// What is known of a command without running it.
pub struct CommandSpec {
    /// Noun first.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// The topics of which its answer tells.
    pub reads: &'static [&'static str],
    /// The codes that it can answer besides those that every command can.
    pub errors: &'static [ErrorCode],
    /// Its argument's and its answer's TypeScript types.
    pub types: fn(&Config) -> (String, String),
    /// Adds the types it needs.
    pub(crate) collect: fn(&mut Types),
}

/// Errors that every command can answer.
pub const COMMON_ERRORS: &[ErrorCode] = &[
    ErrorCode::BadRequest,
    ErrorCode::Internal,
    ErrorCode::StorageFull,
    ErrorCode::StorageBusy,
    ErrorCode::StorageFailed,
];

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident: $handler:path, $args:ty => $result:ty,
        reads [$($topic:literal),*], errors [$($error:ident),*];)+) => {
        /// All commands, in the order of their nouns.
        pub const COMMANDS: &[CommandSpec] = &[$(CommandSpec {
            name: stringify!($name),
            doc: concat!($($doc),+),
            reads: &[$($topic),*],
            errors: &[$(ErrorCode::$error),*],
            types: |config| (<$args as TS>::name(config), <$result as TS>::name(config)),
            collect: |types| {
                types.add::<$args>();
                types.add::<$result>();
            },
        }),+];

        /// Do these arguments have the shape that the command wants? Runs nothing; for fuzzing.
        ///
        /// # Errors
        /// `unknown_command`, `bad_request`.
        #[doc(hidden)]
        pub fn arguments_fit(name: &str, args: Value) -> Result<(), ApiError> {
            match name {
                $(stringify!($name) => read::<$args>(args).map(drop),)+
                _ => Err(ErrorCode::UnknownCommand.into()),
            }
        }

        /// Runs the command `name` with `args`.
        ///
        /// # Errors
        /// `unknown_command`, `bad_request`, and the command's own.
        pub async fn dispatch(shop: &Shop, name: &str, args: Value) -> Result<Value, ApiError> {
            match name {
                $(stringify!($name) => {
                    let args: $args = read(args)?;
                    let result: $result = $handler(shop, args).await?;
                    write(&result)
                })+
                _ => Err(ErrorCode::UnknownCommand.into()),
            }
        }
    };
}

fn read<T: DeserializeOwned>(args: Value) -> Result<T, ApiError> {
    let args = if args.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        args
    };
    // What serde says may quote the arguments, which may hold a token or a message: it is not told.
    serde_json::from_value(args).map_err(|_| ErrorCode::BadRequest.into())
}

fn write<T: Serialize>(result: &T) -> Result<Value, ApiError> {
    serde_json::to_value(result).map_err(|_| ErrorCode::Internal.into())
}

commands! {
    /// What the program is and how it is doing.
    app_status: app::status, NoArgs => AppStatus, reads ["status"], errors [];
    /// The shop's choices.
    setting_get: app::settings, NoArgs => Settings, reads ["settings"], errors [];
    /// Changes the shop's choices.
    setting_set: app::set_settings, SettingSet => Settings, reads [], errors [];
    /// What is on the screen: nobody is notified of what is before their eyes.
    view_set: app::set_view, ViewSet => (), reads [], errors [];
    /// The gateways that a number can be linked through.
    gateway_list: app::gateways, NoArgs => Vec<GatewayView>, reads [], errors [];
    /// Asks a gateway how a link with this address and token is. Keeps nothing.
    gateway_test: app::test_gateway, GatewayTestArgs => GatewayTest, reads [],
        errors [TokenMissing, TokenRejected, UrlInvalid, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted];
    /// All devices and what they are doing.
    device_list: device::list, NoArgs => Vec<DeviceView>, reads ["devices"], errors [];
    /// Adds a device and starts it. With `remember` its token is kept in the keyring, else for this run only.
    device_add: device::add, DeviceAdd => DeviceView, reads [],
        errors [TokenMissing, TokenRejected, UrlInvalid, NotOffered, KeyringUnavailable, KeyringLocked];
    /// Gives a device another token and starts it with that.
    device_token_set: device::set_token, DeviceTokenSet => DeviceView, reads [],
        errors [NotFound, TokenRejected, UrlInvalid, NotOffered, KeyringUnavailable, KeyringLocked];
    /// Takes a device away with its chats and its token. The number stays linked at the gateway.
    device_remove: device::remove, DeviceRef => (), reads [], errors [NotFound];
    /// Shows codes to link a number with; they arrive in the device's state.
    device_pair_start: device::pair_start, DeviceRef => DeviceView, reads [], errors [NotFound, TokenMissing];
    /// Leaves linking.
    device_pair_stop: device::pair_stop, DeviceRef => DeviceView, reads [], errors [NotFound, TokenMissing];
    /// Stops the first sync: the device is used with what is here.
    device_sync_stop: device::sync_stop, DeviceRef => DeviceView, reads [], errors [NotFound];
    /// Fetches what a stopped first sync has left out.
    device_sync_resume: device::sync_resume, DeviceRef => DeviceView, reads [], errors [NotFound];
    /// Unlinks the number at the gateway.
    device_logout: device::logout, DeviceRef => DeviceView, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotOffered, GatewayUnreachable, GatewayError, RateLimited, StateChanged];
    /// A page of the chat list: pinned first, then newest first.
    chat_list: chat::list, ChatListArgs => ChatPage, reads ["chats", "chat"], errors [];
    /// One row of the chat list.
    chat_get: chat::get, ChatRef => ChatRow, reads ["chat"], errors [NotFound];
    /// Archives, pins, mutes, marks as unread or labels a chat: here at once, on the phone as soon as it can be told.
    chat_change: chat::change, ChatChange => ChatRow, reads [], errors [NotFound];
    /// Says what is still to be done about a chat; this stays in the shop.
    chat_triage_set: chat::set_triage, ChatTriageSet => ChatRow, reads [], errors [NotFound, StateChanged];
    /// All labels of all devices, with how many chats bear each.
    label_list: chat::labels, NoArgs => Vec<LabelView>, reads ["chats"], errors [];
    /// Marks everything up to a message as read, here and on the phone.
    chat_read: chat::read, ChatRead => ChatRow, reads [], errors [NotFound];
    /// Keeps what the operator is writing.
    chat_draft_set: chat::set_draft, ChatDraftSet => (), reads [], errors [NotFound];
    /// A page of a conversation, from its end backwards.
    message_list: message::list, MessageListArgs => MessagePage, reads ["messages", "media"], errors [];
    /// What a message said before it was edited, and who chose what in a poll.
    message_past: message::past, MessageRef => MessagePast, reads ["messages"], errors [NotFound];
    /// Stores a message and sends it as soon as the device can. The same `clientId` again gives the same message.
    message_send: message::send, MessageSend => MessageView, reads [],
        errors [NotFound, MessageEmpty, MessageTooLong, MediaMissing, MediaTooLarge, MediaUnsupported, NotOffered, StateChanged];
    /// Undoes a message that has not begun to leave: it is the chat's draft again.
    message_take_back: message::take_back, MessageRef => ChatRow, reads [], errors [NotFound, StateChanged];
    /// Edits, deletes, reacts to, stars or pins a message, as soon as the device can. The last wish of a kind holds.
    message_act: message::act, MessageAct => MessageView, reads [],
        errors [NotFound, MessageEmpty, MessageTooLong, NotOffered, StateChanged];
    /// Tries a failed message again.
    message_retry: message::retry, MessageRef => MessageView, reads [], errors [NotFound, StateChanged];
    /// Takes a message back that was not sent.
    message_discard: message::discard, MessageRef => (), reads [], errors [NotFound, StateChanged];
    /// The operator's word on an uncertain message: it went, or it did not and is sent again.
    message_resolve: message::resolve, MessageResolve => MessageView, reads [], errors [NotFound, StateChanged];
    /// Keeps a picture to be sent.
    media_add: media::add, MediaAdd => MediaView, reads [], errors [MediaTooLarge, MediaUnsupported];
    /// Wants a picture that could not be fetched before.
    media_fetch: media::fetch, MediaRef => MediaView, reads ["media"], errors [NotFound];
    /// What the program logged, oldest first: never a token, a number, a name or a message.
    logs_query: logs::query, LogsQuery => Vec<LogLine>, reads [], errors [];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_noun_first_and_unique() {
        const NOUNS: [&str; 10] = [
            "app", "setting", "view", "gateway", "device", "chat", "label", "message", "media", "logs",
        ];
        let mut names: Vec<_> = COMMANDS.iter().map(|command| command.name).collect();
        for name in &names {
            let noun = name.split('_').next().unwrap_or_default();
            assert!(NOUNS.contains(&noun), "{name}: its noun is none of {NOUNS:?}");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COMMANDS.len(), "no name stands twice");
    }
}

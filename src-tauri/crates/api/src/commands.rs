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
use crate::handlers::{
    about, app, campaign, campaign_audience, campaign_export, campaign_report, chat, contact, device,
    explorer, gateway, group, hook, label, logs, media, message, presence, profile, quiet, storage, story,
};
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
    /// Whether notifications are held back now, and for how long.
    quiet_get: quiet::get, NoArgs => QuietView, reads ["settings"], errors [];
    /// Holds notifications back, or no longer. What comes in meanwhile is counted and not announced afterwards.
    quiet_set: quiet::set, QuietSet => QuietView, reads [], errors [];
    /// What is on the screen: nobody is notified of what is before their eyes.
    view_set: app::set_view, ViewSet => (), reads [], errors [];
    /// The gateways that a number can be linked through.
    gateway_list: app::gateways, NoArgs => Vec<GatewayView>, reads [], errors [];
    /// Asks a gateway how a link with these fields is. Keeps nothing.
    gateway_test: app::test_gateway, GatewayTestArgs => GatewayTest, reads [],
        errors [TokenMissing, TokenRejected, SessionKeyRejected, DeviceUnknown, UrlInvalid, FieldMissing, FieldInvalid, NotOffered, GatewayUnreachable, GatewayError, AnotherServer, RateLimited, Restricted, Refused];
    /// The settings of a device's gateway that decide whether events arrive.
    gateway_settings_get: gateway::settings, DeviceRef => GatewaySettings, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Changes settings of a device's gateway; those that are absent stay. Answers how they are then.
    gateway_settings_set: gateway::set_settings, GatewaySettingsSet => GatewaySettings, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Every operation that a device's gateway documents, with what it takes; after them what it only mentions, where a path was typed
    /// for the device (`device_option_set`).
    explorer_list: explorer::list, DeviceRef => ExplorerCatalogue, reads [], errors [NotFound, NotOffered, TokenMissing, StateChanged];
    /// Calls one of them, once. The arguments are held against the documentation before anything leaves. One that cannot be
    /// taken back wants `confirmed`. Nothing of the arguments or the answer is kept.
    explorer_call: explorer::call, ExplorerCall => ExplorerAnswer, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, Uncertain, StateChanged];
    /// How a device's gateway reaches us: the health of the route, when it last called.
    hook_route: hook::route, DeviceRef => HookRouteView, reads ["hooks"], errors [NotFound];
    /// The last calls of a device's gateway, newest first, 200 at the most, each with what became of it. Kept in memory alone.
    hook_list: hook::list, DeviceRef => Vec<HookCallView>, reads ["hooks"], errors [NotFound];
    /// One of them, with the structure of its body: every value is replaced.
    hook_get: hook::get, HookCallRef => HookCallDetail, reads ["hooks"], errors [NotFound];
    /// Takes one in again, if its body is still held. What is known changes nothing; what may be out of date is left.
    hook_replay: hook::replay, HookCallRef => HookReplayed, reads [], errors [NotFound];
    /// Has the gateway make a call with an event of its invention, and waits up to 15 s for it.
    hook_test: hook::test, DeviceRef => HookTested, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Stores where a tunnel of the shop's begins, as it was typed, or removes it (null). The gateway is told as soon as it can be,
    /// and told again when it changes. `seen` is what it was: if it is not that any more, nothing changes.
    hook_address_set: hook::set_address, HookAddressSet => HookAddressStored, reads [],
        errors [NotFound, TokenMissing, NotOffered, StateChanged];
    /// Calls that address ourselves with a word that is used once, and says whether it arrives here, or what failed. Up to 30 s.
    hook_address_test: hook::test_address, DeviceRef => HookProbed, reads [], errors [NotFound, NotOffered];
    /// Has gateways and tunnels find us at another port of this computer from now on.
    hook_port_change: hook::change_port, NoArgs => (), reads [], errors [];
    /// All devices and what they are doing.
    device_list: device::list, NoArgs => Vec<DeviceView>, reads ["devices"], errors [];
    /// Adds a device and starts it. With `remember` its secrets are kept in the keyring, else for this run only.
    device_add: device::add, DeviceAdd => DeviceView, reads [],
        errors [TokenMissing, TokenRejected, UrlInvalid, FieldMissing, FieldInvalid, NotOffered, KeyringUnavailable, KeyringLocked];
    /// Gives a device other secrets and starts it with those.
    device_token_set: device::set_token, DeviceTokenSet => DeviceView, reads [],
        errors [NotFound, TokenMissing, TokenRejected, UrlInvalid, FieldMissing, FieldInvalid, NotOffered, KeyringUnavailable, KeyringLocked];
    /// What of a device can be changed while it stays the same one, as it is: which calls are spoken, where a reseller's customers
    /// are blocked.
    device_option_list: device::options, DeviceRef => Vec<DeviceOption>, reads ["devices"], errors [NotFound, NotOffered];
    /// Changes some of that, all or none, and starts the device with it.
    device_option_set: device::set_options, DeviceOptionSet => DeviceView, reads [],
        errors [NotFound, NotOffered, FieldInvalid, StateChanged];
    /// How much goes with a device that is taken away. Counting takes a moment in a large one: ask when it is needed.
    device_size: device::size, DeviceRef => DeviceSize, reads ["devices", "messages"], errors [NotFound];
    /// Takes a device away with its chats and its token. The number stays linked at the gateway.
    device_remove: device::remove, DeviceRef => (), reads [], errors [NotFound];
    /// Shows codes to link a number with; they arrive in the device's state.
    device_pair_start: device::pair_start, DeviceRef => DeviceView, reads [], errors [NotFound, TokenMissing];
    /// Asks for a code to type on the phone that has this number; it arrives in the device's state. A code that was on show
    /// stays there when the gateway refuses.
    device_pair_code: device::pair_code, DevicePairCode => DeviceView, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NumberInvalid, NotOffered, AlreadyLinked, NotLinked, Restricted, GatewayUnreachable, GatewayError, RateLimited, StateChanged];
    /// Leaves linking.
    device_pair_stop: device::pair_stop, DeviceRef => DeviceView, reads [], errors [NotFound, TokenMissing];
    /// Stops the first sync: the device is used with what is here.
    device_sync_stop: device::sync_stop, DeviceRef => DeviceView, reads [], errors [NotFound];
    /// Fetches what a stopped first sync has left out.
    device_sync_resume: device::sync_resume, DeviceRef => DeviceView, reads [], errors [NotFound];
    /// Unlinks the number at the gateway.
    device_logout: device::logout, DeviceRef => DeviceView, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Refused, StateChanged];
    /// What the plan at a device's gateway allows, and what its number did lately.
    device_limits: gateway::limits, DeviceRef => DeviceLimits, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// A page of the chat list: pinned first, then newest first; of the unanswered, whoever waits longest.
    chat_list: chat::list, ChatListArgs => ChatPage, reads ["chats", "chat"], errors [];
    /// Chats by the words of their names or the digits of their numbers, newest first.
    chat_search: chat::search, ChatSearchArgs => Vec<ChatRow>, reads ["chats"], errors [];
    /// The newest chat with whoever has this number, under any of its spellings, at any device.
    chat_find: chat::find, ChatFindArgs => ChatRow, reads ["chats"], errors [NumberInvalid, NotFound];
    /// The number that somebody has typed, read as people of the country of a device's own number write it, and the device's chat with it.
    chat_number: chat::number, ChatNumberArgs => ChatNumber, reads ["chats"], errors [NotFound];
    /// Opens a device's chat with whoever has a number, after the gateway was asked whether it is on WhatsApp. Nothing is sent.
    chat_start: chat::start, ChatStartArgs => ChatStarted, reads [],
        errors [NotFound, NumberInvalid, TokenMissing, TokenRejected, NotLinked, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// One row of the chat list.
    chat_get: chat::get, ChatRef => ChatRow, reads ["chat"], errors [NotFound];
    /// How large a chat is. Counting takes a moment in a large one: ask when it is needed.
    chat_size: chat::size, ChatRef => ChatSize, reads ["messages"], errors [NotFound];
    /// Archives, pins, mutes, marks as unread or labels a chat: here at once, on the phone as soon as it can be told.
    chat_change: chat::change, ChatChange => ChatRow, reads [], errors [NotFound];
    /// Says what is still to be done about a chat; this stays in the shop.
    chat_triage_set: chat::set_triage, ChatTriageSet => ChatRow, reads [], errors [NotFound, StateChanged];
    /// What is known of whom a chat is with, and what the shop noted.
    chat_about: about::get, ChatRef => ChatAbout, reads ["chat"], errors [NotFound];
    /// Notes something about whom a chat is with; this stays in the shop.
    chat_note_set: about::set_note, ChatNoteSet => ChatAbout, reads [], errors [NotFound];
    /// Blocks whom a chat is with, or lets them in again: at WhatsApp where the device can, else for this shop's campaigns alone.
    chat_block_set: about::set_blocked, ChatBlockSet => ChatAbout, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// A page of the files of a chat, newest first.
    chat_file_list: about::files, ChatFileListArgs => ChatFilePage, reads ["messages", "media"], errors [];
    /// All labels of all devices, with how many chats bear each.
    label_list: label::list, NoArgs => Vec<LabelView>, reads ["chats"], errors [];
    /// Makes a label: on the phone where the gateway has labels, else here alone.
    label_add: label::add, LabelAdd => LabelView, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Gives a label another name or colour, there and here.
    label_change: label::change, LabelChange => LabelView, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Removes a label from all chats and from the list.
    label_remove: label::remove, LabelRef => (), reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Marks everything up to a message as read, here and on the phone.
    chat_read: chat::read, ChatRead => ChatRow, reads [], errors [NotFound];
    /// Deletes a chat on the phone and here. What is still to be sent there stays.
    chat_delete: chat::delete, ChatRef => (), reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Lets what is written in a chat disappear after a time, or not.
    chat_disappearing_set: chat::set_disappearing, ChatDisappearingSet => (), reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Shows in a chat that somebody writes or records here. WhatsApp forgets it after some seconds.
    chat_typing_set: chat::set_typing, ChatTypingSet => (), reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Keeps what the operator is writing.
    chat_draft_set: chat::set_draft, ChatDraftSet => (), reads [], errors [NotFound];
    /// A page of a conversation: its end, what is before or after another page, or what is around a message.
    message_list: message::list, MessageListArgs => MessagePage, reads ["messages", "media"], errors [NotFound];
    /// Messages by their words, newest first, in all chats or one. Case and accents do not matter.
    message_search: message::search, MessageSearchArgs => MessageHits, reads ["messages"], errors [];
    /// What a message said before it was edited, who chose what in a poll, how its sending went, and who of its group received and read it.
    message_past: message::past, MessageRef => MessagePast, reads ["messages"], errors [NotFound];
    /// Stores a message and sends it as soon as the device can. The same `clientId` again gives the same message.
    message_send: message::send, MessageSend => MessageView, reads [],
        errors [NotFound, MessageEmpty, MessageTooLong, MediaMissing, MediaTooLarge, MediaUnsupported, NotOffered, StateChanged];
    /// Undoes a message that has not begun to leave, or takes one that failed back to correct it: it is the chat's draft again, as far as a
    /// draft can hold it, and given back whole.
    message_take_back: message::take_back, MessageRef => TakenBack, reads [], errors [NotFound, StateChanged];
    /// Edits, deletes, reacts to, stars or pins a message, as soon as the device can. The last wish of a kind holds. What has not begun to
    /// leave is deleted at once, and never leaves.
    message_act: message::act, MessageAct => MessageView, reads [],
        errors [NotFound, MessageEmpty, MessageTooLong, NotOffered, StateChanged];
    /// Tries a failed message again.
    message_retry: message::retry, MessageRef => MessageView, reads [], errors [NotFound, StateChanged];
    /// Takes a message back that was not sent.
    message_discard: message::discard, MessageRef => (), reads [], errors [NotFound, StateChanged];
    /// The operator's word on an uncertain message: it went, or it did not and is sent again.
    message_resolve: message::resolve, MessageResolve => MessageView, reads [], errors [NotFound, StateChanged];
    /// Keeps a small file to be sent, or a customer list: 1 MiB at the most. A larger one comes piece by piece (`media_begin`).
    media_add: media::add, MediaAdd => MediaView, reads [], errors [MediaTooLarge, MediaUnsupported];
    /// Begins a file that comes piece by piece. Left alone for two minutes it is given up; more than four at once make the oldest go.
    media_begin: media::begin, MediaBegin => MediaUpload, reads [], errors [MediaTooLarge, MediaUnsupported];
    /// Its next piece. One that is not the next, or more than was said, ends it, and nothing of it is left.
    media_piece: media::piece, MediaPiece => (), reads [], errors [NotFound, MediaTooLarge];
    /// Keeps it, if all of it has come and it is what its name says.
    media_end: media::end, MediaUpload => MediaView, reads [], errors [NotFound, MediaTooLarge, MediaUnsupported];
    /// Gives it up: nothing of it is left.
    media_give_up: media::give_up, MediaUpload => (), reads [], errors [];
    /// Wants a file that could not be fetched before, or is larger than `fetchUpTo`.
    media_fetch: media::fetch, MediaRef => MediaView, reads ["media"], errors [NotFound];
    /// A page of the persons whom a device's phone has saved, by name; `search`: how the name begins.
    contact_list: contact::list, ContactListArgs => ContactPage, reads [], errors [NotFound];
    /// Which numbers are on WhatsApp. What was said lately is not asked for again: each answer has its time.
    contact_check: contact::check, ContactCheckArgs => Vec<NumberCheckView>, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// A group: what it is for and who is in it.
    group_get: group::get, ChatRef => GroupView, reads ["chat"],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// What the customer of a chat does now; from now on the window is told when that changes.
    presence_get: presence::get, ChatRef => PresenceView, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Shows a device's number as being here, or not, which is how it is until this says otherwise. While it is, the
    /// owner's phone does not ring.
    presence_set: presence::set, PresenceSet => (), reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// What a device's number shows of itself.
    profile_get: profile::get, DeviceRef => ProfileView, reads [],
        errors [NotFound, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Changes what a device's number shows of itself; what is absent stays. Answers how it is then.
    profile_set: profile::set, ProfileSet => ProfileView, reads [],
        errors [NotFound, MediaMissing, MediaTooLarge, MediaUnsupported, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// Publishes a story. The same `clientId` again publishes none; `uncertain` = look at the phone before trying anew.
    story_send: story::send, StorySend => StoryView, reads [],
        errors [NotFound, MessageEmpty, MessageTooLong, MediaMissing, MediaTooLarge, MediaUnsupported, Uncertain, TokenMissing, TokenRejected, NotLinked, NotOffered, GatewayUnreachable, GatewayError, RateLimited, Restricted, Refused, StateChanged];
    /// How much is kept here and how much room it takes. Counting takes a moment: ask when it is shown, not at each change.
    storage_status: storage::status, NoArgs => StorageStatus, reads [], errors [];
    /// What other choices of what is kept would remove now.
    storage_preview: storage::preview, StoragePreviewArgs => StoragePreview, reads [], errors [];
    /// The campaigns, newest first.
    campaign_list: campaign::list, NoArgs => Vec<CampaignRow>, reads ["campaigns"], errors [];
    /// One campaign.
    campaign_get: campaign::get, CampaignRef => CampaignView, reads ["campaigns", "campaign"], errors [NotFound];
    /// Makes one, with a careful plan and no words yet.
    campaign_create: campaign::create, CampaignCreate => CampaignView, reads [], errors [NotFound];
    /// Calls it something else.
    campaign_rename: campaign::rename, CampaignRename => CampaignView, reads [], errors [NotFound];
    /// Keeps what it says and how it holds back, finished or not; it has to be rehearsed again.
    campaign_plan_set: campaign::set_plan, CampaignPlanSet => CampaignView, reads [], errors [NotFound, MediaMissing, StateChanged];
    /// Removes one that is not under way, with what is known of its people. Who asked not to be written to stays known.
    campaign_delete: campaign::delete, CampaignRef => (), reads [], errors [NotFound, StateChanged];
    /// A new draft with the same plan and sources.
    campaign_copy: campaign::copy, CampaignRef => CampaignView, reads [], errors [NotFound];
    /// Makes the audience anew from labels, groups, contacts, earlier campaigns and saved audiences. Contacts are not offered where the
    /// device cannot tell whom its phone has saved. One of
    /// which somebody was written to, or may have been before a rescue, stays as it is.
    campaign_audience_set: campaign_audience::set, AudienceSet => CampaignView, reads [], errors [NotFound, NotOffered, StateChanged, WrittenTo];
    /// How far an audience has come that is being made of a list or of other sources; ask again while it is under way.
    campaign_gathering_get: campaign_audience::gathering, CampaignRef => GatheringView, reads ["campaign"], errors [];
    /// Gives it up: the former audience stays. Whoever asked for it is told that the state has changed. Too late once it is whole.
    campaign_gathering_stop: campaign_audience::gathering_stop, CampaignRef => (), reads [], errors [];
    /// Asks the gateway which numbers are on WhatsApp, within its limits; goes on by itself.
    campaign_numbers_check: campaign_audience::check_numbers, NumbersCheck => NumbersChecked, reads [], errors [NotFound, NotOffered, NotLinked];
    /// How far that has come.
    campaign_numbers_status: campaign_audience::numbers_status, CampaignRef => NumbersChecked, reads ["campaign"], errors [NotFound];
    /// What some of its people would get.
    campaign_preview: campaign_audience::preview, PreviewArgs => Vec<PreviewView>, reads ["campaign"], errors [NotFound];
    /// Sends one message as a test, to a number of the shop's own. Without an audience a variable is its fallback, or else its name.
    campaign_test_send: campaign_audience::test_send, TestSend => TestSent, reads [], errors [NotFound, NumberInvalid, MessageEmpty, MessageTooLong, MediaMissing, NotOffered];
    /// Simulates the whole run, from now or from the time when it is to begin. Nothing is sent. One without faults can be started; one
    /// that has its time already is only looked at.
    campaign_rehearse: campaign_audience::rehearse, CampaignRehearse => RehearsalView, reads [], errors [NotFound, StateChanged];
    /// How risky it is for the number at this moment.
    campaign_safety: campaign_audience::safety, CampaignRef => SafetyView, reads ["campaign"], errors [NotFound];
    /// Starts one that was rehearsed as it stands; for some seconds it can be undone.
    campaign_start: campaign::start, CampaignRef => CampaignView, reads [], errors [NotFound, NotLinked, StateChanged];
    /// Undoes a start of which nothing has left.
    campaign_start_undo: campaign::undo_start, CampaignRef => CampaignView, reads [], errors [NotFound, StateChanged];
    /// Pauses it: nothing leaves after this.
    campaign_pause: campaign::pause, CampaignRef => CampaignView, reads [], errors [NotFound, StateChanged];
    /// Goes on with it.
    campaign_resume: campaign::resume, CampaignRef => CampaignView, reads [], errors [NotFound, NotLinked, StateChanged];
    /// Ends it: who was not written to is skipped.
    campaign_cancel: campaign::cancel, CampaignRef => CampaignView, reads [], errors [NotFound, StateChanged];
    /// Sets when it starts by itself.
    campaign_schedule: campaign::schedule, CampaignSchedule => CampaignView, reads [], errors [NotFound, StateChanged];
    /// Takes that time away.
    campaign_unschedule: campaign::unschedule, CampaignRef => CampaignView, reads [], errors [NotFound, StateChanged];
    /// Its people, in their turn.
    campaign_recipient_list: campaign::people::list, RecipientList => Vec<RecipientView>, reads ["campaign"], errors [NotFound];
    /// Takes somebody out before their turn.
    campaign_recipient_take_out: campaign::people::take_out, RecipientRef => (), reads [], errors [NotFound, StateChanged];
    /// What was seen on the phone of an uncertain message.
    campaign_recipient_settle: campaign::people::settle, RecipientSettle => (), reads [], errors [NotFound, StateChanged];
    /// The figures of a campaign.
    campaign_report: campaign_report::figures, CampaignRef => ReportView, reads ["campaign"], errors [NotFound];
    /// Answers to campaigns, newest first, with what they answer.
    campaign_reply_list: campaign_report::replies, ReplyList => ReplyPage, reads ["campaign", "opt_outs", "chats"], errors [NotFound];
    /// The report as a file, for the window to save; no cell of it can begin a formula.
    campaign_export: campaign_export::export, CampaignExport => ReportFile, reads [], errors [NotFound];
    /// Checks a campaign: everybody in one state, sums equal, nothing sent twice.
    campaign_prove: campaign_report::prove, CampaignRef => ProofView, reads ["campaign"], errors [NotFound];
    /// The campaigns that wrote in a chat, newest first.
    campaign_of_chat: campaign_report::of_chat, ChatRef => Vec<ReceivedView>, reads ["campaigns", "campaign"], errors [];
    /// A new draft for those whom it did not reach.
    campaign_retry: campaign_report::retry, CampaignRetry => CampaignView, reads [], errors [NotFound, StateChanged];
    /// Looks at a list in a file: what it is, its columns, a verdict for each row. Nothing is stored.
    import_open: campaign_audience::import::open, ImportOpen => ImportView, reads [], errors [NotFound, MediaMissing, MediaUnsupported];
    /// The list as far as it was read; ask again while its progress is below 1.
    import_get: campaign_audience::import::get, ImportRef => ImportView, reads ["campaign"], errors [NotFound];
    /// Its rows with their verdicts.
    import_rows: campaign_audience::import::rows, ImportRows => Vec<ImportRow>, reads [], errors [NotFound];
    /// Reads it another way.
    import_reading_set: campaign_audience::import::set_reading, ImportReadingSet => ImportView, reads [], errors [NotFound];
    /// Decides about proposed repairs and rows.
    import_decide: campaign_audience::import::decide, ImportDecide => ImportView, reads [], errors [NotFound];
    /// The rows that are in become the campaign's audience; the others are kept as skipped, with their reasons.
    import_accept: campaign_audience::import::accept, ImportRef => CampaignView, reads [], errors [NotFound, StateChanged, WrittenTo];
    /// Forgets it.
    import_close: campaign_audience::import::close, ImportRef => (), reads [], errors [];
    /// The saved audiences.
    segment_list: campaign_audience::segment::list, NoArgs => Vec<SegmentView>, reads ["campaigns"], errors [];
    /// Saves an audience under a name.
    segment_save: campaign_audience::segment::save, SegmentSave => SegmentView, reads [], errors [];
    /// Forgets a saved audience.
    segment_remove: campaign_audience::segment::remove, SegmentRef => (), reads [], errors [NotFound];
    /// Who does not want to be written to, newest first.
    opt_out_list: campaign::opt_outs::list, OptOutList => Vec<OptOutView>, reads ["opt_outs"], errors [];
    /// Decides about a wish, or takes it back.
    opt_out_decide: campaign::opt_outs::decide, OptOutDecide => OptOutView, reads [], errors [NotFound, StateChanged];
    /// Notes that somebody does not want to be written to.
    opt_out_add: campaign::opt_outs::add, OptOutAdd => OptOutView, reads [], errors [NumberInvalid];
    /// What the program logged, oldest first: never a token, a number, a name or a message.
    logs_query: logs::query, LogsQuery => Vec<LogLine>, reads [], errors [];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_noun_first_and_unique() {
        const NOUNS: [&str; 23] = [
            "app", "setting", "quiet", "view", "gateway", "explorer", "hook", "device", "chat", "label",
            "message", "media", "contact", "group", "presence", "profile", "story", "storage", "campaign",
            "import", "segment", "opt", "logs",
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

//! Devices as the window shows them.

use mostrador_domain as domain;
use mostrador_domain::{MediaKind, MediaLimits, PairingContent, UnixMillis};
use mostrador_engine as engine;
use mostrador_engine::{LiveDevice, largest_of};
use mostrador_gateways::{Drivers, GatewayKind};
use mostrador_store::tables::device::DeviceRow;
use qrcode::QrCode;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{FieldKey, FieldView, GivenFields, ShownAs};

/// One WhatsApp number linked through one gateway.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
    /// Given by the shop.
    pub name: String,
    /// Which gateway.
    pub gateway: String,
    /// The vendor's name for it; of the practice shop, as which gateway it speaks.
    pub gateway_name: String,
    /// At which of the practice shop's numbers it is, from 0; null = it is not the practice shop.
    pub practice_number: Option<u32>,
    /// The secrets that its gateway asks for.
    pub secrets: Vec<FieldKey>,
    /// Where the gateway is; null = the usual address.
    pub url: Option<String>,
    /// The linked number, with its plus sign.
    pub own_number: Option<String>,
    /// What it is doing.
    pub state: DeviceState,
    /// When something last came in.
    #[ts(type = "number | null")]
    pub last_event_at: Option<UnixMillis>,
    /// When something of ours was last acknowledged.
    #[ts(type = "number | null")]
    pub last_ack_at: Option<UnixMillis>,
    /// How events arrive.
    pub inbound: InboundRoute,
    /// Where its token is.
    pub token: TokenPlace,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Of what its gateway asks for, something can be changed while it stays the same device: see `device_option_list`.
    pub has_options: bool,
    /// It is shown as being here now, by a person's wish (`presence_set`). It ends with the program.
    pub shown_online: bool,
}

/// How events arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InboundRoute {
    /// The gateway calls us, and we ask from time to time.
    WebhookAndPolling,
    /// It calls us, and cannot be asked.
    Webhook,
    /// We ask.
    Polling,
    /// A gateway that lists nothing was told where to call, and has not called since: whether anything arrives is not known.
    Unproved,
    /// Nothing arrives.
    None,
}

/// Where a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TokenPlace {
    /// In the keyring.
    Keyring,
    /// In memory, until the program ends.
    ThisRun,
    /// It has to be given again.
    Missing,
    /// This gateway needs none.
    NotNeeded,
}

/// What a device can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// Send words.
    pub send_text: bool,
    /// Send pictures.
    pub send_image: bool,
    /// Send polls.
    pub send_poll: bool,
    /// Send places.
    pub send_location: bool,
    /// Tell that messages were read.
    pub mark_read: bool,
    /// Be linked by a QR code.
    pub pair_by_qr: bool,
    /// Be linked by a code that is typed on the phone.
    pub pair_by_code: bool,
    /// Be unlinked from here.
    pub logout: bool,
    /// Fetch what its phone has already: chats, persons, groups or labels.
    pub fetch: bool,
    /// Know whom its phone has saved.
    pub contacts: bool,
    /// Say which numbers are on WhatsApp: so many at once; null = it cannot.
    pub number_check: Option<u32>,
    /// Tell who is in a group.
    pub groups: bool,
    /// Block people at WhatsApp; else a block keeps this shop's campaigns away and nothing more.
    pub blocks: bool,
    /// Show and change its own name, words and picture.
    pub profile: bool,
    /// Tell who is here, both ways.
    pub presence: bool,
    /// Show in a chat that somebody writes here.
    pub typing: bool,
    /// The phone's labels can be put on chats, and not changed from here: those made here are ours alone.
    pub labels_fixed: bool,
    /// Publish stories.
    pub stories: bool,
    /// Delete chats.
    pub delete_chat: bool,
    /// Let messages disappear after a time.
    pub disappearing: bool,
    /// Show and change its gateway's settings.
    pub gateway_settings: bool,
    /// Say what the plan allows.
    pub plan_limits: bool,
    /// Send files, by how they are shown.
    pub files: Vec<FileOffer>,
    /// Answer a certain message.
    pub quote: bool,
    /// Name persons with an @, in words that stand alone.
    pub mentions: bool,
    /// Name them in words under files that are shown so.
    pub mentions_under: Vec<ShownAs>,
    /// Write to groups.
    pub send_groups: bool,
    /// Change the words of what was sent.
    pub edit: bool,
    /// Delete what was sent for everybody.
    pub delete: bool,
    /// React.
    pub react: bool,
    /// Star.
    pub star: bool,
    /// Pin in the chat.
    pub pin: bool,
    /// The colours that a label can have; words of the gateway's.
    pub label_colours: Vec<String>,
}

/// A kind of file that can be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileOffer {
    /// How it is shown.
    pub shown_as: ShownAs,
    /// At most so large.
    #[ts(type = "number")]
    pub max_bytes: u64,
    /// The media types that are taken; none = any.
    pub mimes: Vec<String>,
}

/// What a device is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum DeviceState {
    /// A token has to be given.
    Unconfigured {
        /// Why.
        why: UnconfiguredReason,
    },
    /// Started; the gateway has not answered yet.
    Connecting,
    /// A number can be linked now.
    Pairing {
        /// Where that stands.
        step: PairingStep,
    },
    /// Chats and messages are being fetched for the first time.
    Syncing {
        /// Chats done.
        done: u32,
        /// Chats in all, once known.
        total: Option<u32>,
    },
    /// Linked and alive.
    Online,
    /// Something passing is wrong.
    Degraded {
        /// Since when.
        #[ts(type = "number")]
        since: UnixMillis,
        /// What.
        why: DegradedReason,
    },
    /// It was linked and is not any more.
    LoggedOut,
    /// WhatsApp has restricted the number.
    Restricted {
        /// Until when, if told.
        #[ts(type = "number | null")]
        until: Option<UnixMillis>,
    },
    /// Not running.
    Stopped,
}

/// Why a device has no usable token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UnconfiguredReason {
    /// None is kept.
    TokenMissing,
    /// The gateway refuses it.
    TokenRejected,
}

/// What passing thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DegradedReason {
    /// No connection to the gateway.
    Unreachable,
    /// It answers with errors.
    GatewayError,
    /// It asks to slow down.
    RateLimited,
    /// It has no device of the name that was given.
    DeviceUnknown,
    /// Linked, but nothing arrives.
    Deaf,
    /// Linked, and the gateway takes messages, but what it lists cannot be had: it is asked again and again.
    Unreadable,
}

/// Where linking a number stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum PairingStep {
    /// A code is being prepared.
    Waiting,
    /// A QR code to scan: `size` rows of `size` characters, "1" = dark, without its quiet zone.
    Qr {
        /// Modules a side.
        size: u32,
        /// Row by row.
        modules: Vec<String>,
        /// Until when it can be scanned.
        #[ts(type = "number")]
        expires_at: UnixMillis,
    },
    /// A picture of a code to scan, where the gateway gives nothing else.
    Picture {
        /// A PNG as a `data:` URL.
        data_url: String,
        /// Until when it can be scanned.
        #[ts(type = "number")]
        expires_at: UnixMillis,
    },
    /// The last one was not scanned in time.
    Expired,
    /// A code to type on the phone.
    TypedCode {
        /// Its characters, without separators.
        code: String,
        /// Until when it can be typed.
        #[ts(type = "number")]
        expires_at: UnixMillis,
    },
    /// It was not typed in time; another one has to be asked for.
    TypedCodeEnded,
    /// WhatsApp waits for the owner to confirm on the phone with the account's passkey.
    Passkey,
}

impl DeviceView {
    /// A device from what is stored and what its session is doing.
    pub fn of(row: DeviceRow, live: LiveDevice, drivers: &Drivers) -> Self {
        let kind = GatewayKind::from_word(&row.gateway);
        let needs = kind
            .and_then(|kind| drivers.get(kind))
            .map(|driver| driver.needs());
        let own_number = row.number().and_then(number);
        let practice_number = kind.and_then(GatewayKind::practice_number);
        let driver = kind.and_then(|kind| drivers.get(kind));
        Self {
            id: row.id.0,
            name: row.name,
            gateway_name: kind.map_or_else(|| row.gateway.clone(), |kind| kind.name().to_owned()),
            gateway: row.gateway,
            practice_number: practice_number.and_then(|place| u32::try_from(place).ok()),
            secrets: needs
                .into_iter()
                .flat_map(|needs| needs.secrets())
                .map(Into::into)
                .collect(),
            url: row.url,
            own_number,
            state: live.state.into(),
            last_event_at: row.last_event_at,
            last_ack_at: row.last_ack_at,
            inbound: InboundRoute::of(live.inbound, live.lists),
            token: live.token.into(),
            capabilities: (&live.capabilities).into(),
            has_options: driver.is_some_and(|driver| !driver.changeable().is_empty()),
            shown_online: live.shown,
        }
    }
}

/// A phone address as a number with its plus sign.
pub(crate) fn number(address: &domain::Address) -> Option<String> {
    address.phone_digits().map(|digits| format!("+{digits}"))
}

impl InboundRoute {
    /// `lists`: the gateway can be asked for what it did not tell.
    fn of(route: engine::InboundRoute, lists: bool) -> Self {
        match route {
            engine::InboundRoute::WebhookAndPolling if lists => Self::WebhookAndPolling,
            engine::InboundRoute::WebhookAndPolling => Self::Webhook,
            engine::InboundRoute::Polling => Self::Polling,
            engine::InboundRoute::Unproved => Self::Unproved,
            engine::InboundRoute::None => Self::None,
        }
    }
}

impl From<engine::TokenPlace> for TokenPlace {
    fn from(place: engine::TokenPlace) -> Self {
        match place {
            engine::TokenPlace::Keyring => Self::Keyring,
            engine::TokenPlace::ThisRun => Self::ThisRun,
            engine::TokenPlace::Missing => Self::Missing,
            engine::TokenPlace::NotNeeded => Self::NotNeeded,
        }
    }
}

/// The colours of labels that are ours alone.
const OWN_LABEL_COLOURS: &[&str] = &[
    "red",
    "orange",
    "yellow",
    "green",
    "turquoise",
    "blue",
    "purple",
    "pink",
];

/// The colours that a device's labels can have.
pub(crate) fn label_colours(all: &domain::Capabilities) -> &'static [&'static str] {
    if all.label_edits {
        all.label_colours
    } else {
        OWN_LABEL_COLOURS
    }
}

impl FileOffer {
    fn of((kind, limits): &(MediaKind, MediaLimits)) -> Self {
        Self {
            shown_as: (*kind).into(),
            max_bytes: limits.max_bytes.min(largest_of(*kind)),
            mimes: limits.mimes.iter().map(|mime| (*mime).to_owned()).collect(),
        }
    }
}

impl From<&domain::Capabilities> for Capabilities {
    fn from(all: &domain::Capabilities) -> Self {
        Self {
            send_text: all.send.text.is_some(),
            send_image: all.send.media(MediaKind::Image).is_some(),
            send_poll: all.send.poll.is_some(),
            send_location: all.send.location,
            mark_read: all.chats.mark_read,
            pair_by_qr: all.pairing.qr,
            pair_by_code: all.pairing.code,
            logout: all.pairing.logout,
            fetch: all.history || all.contacts || all.groups || all.labels,
            contacts: all.saved_contacts,
            number_check: all.number_check,
            groups: all.groups,
            blocks: all.blocks,
            profile: all.profile,
            presence: all.presence,
            typing: all.typing,
            labels_fixed: all.labels && !all.label_edits,
            stories: all.stories,
            delete_chat: all.chats.delete,
            disappearing: all.chats.disappearing,
            gateway_settings: all.settings,
            plan_limits: all.limits,
            files: all.send.media.iter().map(FileOffer::of).collect(),
            quote: all.send.quote,
            mentions: all.send.mentions,
            mentions_under: all
                .send
                .mentions_under
                .iter()
                .map(|kind| (*kind).into())
                .collect(),
            send_groups: all.send.groups,
            edit: all.actions.edit,
            delete: all.actions.delete,
            react: all.actions.react,
            star: all.actions.star,
            pin: all.actions.pin,
            label_colours: label_colours(all).iter().map(|word| (*word).to_owned()).collect(),
        }
    }
}

impl From<domain::DeviceState> for DeviceState {
    fn from(state: domain::DeviceState) -> Self {
        use domain::DeviceState as S;
        match state {
            S::Unconfigured { why } => Self::Unconfigured { why: why.into() },
            S::Connecting => Self::Connecting,
            S::Pairing(step) => Self::Pairing { step: step.into() },
            S::Syncing { done, total } => Self::Syncing { done, total },
            S::Online => Self::Online,
            S::Degraded { since, why } => Self::Degraded {
                since,
                why: why.into(),
            },
            S::LoggedOut => Self::LoggedOut,
            S::Restricted { until } => Self::Restricted { until },
            S::Stopped => Self::Stopped,
        }
    }
}

impl From<domain::UnconfiguredReason> for UnconfiguredReason {
    fn from(why: domain::UnconfiguredReason) -> Self {
        match why {
            domain::UnconfiguredReason::TokenMissing => Self::TokenMissing,
            domain::UnconfiguredReason::TokenRejected => Self::TokenRejected,
        }
    }
}

impl From<domain::DegradedReason> for DegradedReason {
    fn from(why: domain::DegradedReason) -> Self {
        match why {
            domain::DegradedReason::Unreachable => Self::Unreachable,
            domain::DegradedReason::GatewayError => Self::GatewayError,
            domain::DegradedReason::RateLimited => Self::RateLimited,
            domain::DegradedReason::DeviceUnknown => Self::DeviceUnknown,
            domain::DegradedReason::Deaf => Self::Deaf,
            domain::DegradedReason::Unreadable => Self::Unreadable,
        }
    }
}

impl From<domain::PairingStep> for PairingStep {
    fn from(step: domain::PairingStep) -> Self {
        match step {
            domain::PairingStep::Waiting => Self::Waiting,
            domain::PairingStep::Expired => Self::Expired,
            domain::PairingStep::TypedCodeEnded => Self::TypedCodeEnded,
            domain::PairingStep::Passkey => Self::Passkey,
            domain::PairingStep::TypedCode(domain::TypedCode { code, expires_at }) => {
                Self::TypedCode { code, expires_at }
            }
            domain::PairingStep::Code(code) => match code.content {
                PairingContent::Text(text) => qr(&text, code.expires_at),
                PairingContent::Picture(png) => Self::Picture {
                    data_url: format!("data:image/png;base64,{}", base64(&png)),
                    expires_at: code.expires_at,
                },
            },
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// The modules of a code's text. A text that no QR code can hold is still being prepared.
fn qr(text: &str, expires_at: UnixMillis) -> PairingStep {
    let Ok(code) = QrCode::new(text) else {
        return PairingStep::Waiting;
    };
    let size = code.width();
    let dark = |color: &qrcode::Color| if *color == qrcode::Color::Dark { '1' } else { '0' };
    let modules = code
        .to_colors()
        .chunks(size)
        .map(|row| row.iter().map(dark).collect())
        .collect();
    PairingStep::Qr {
        size: u32::try_from(size).unwrap_or_default(),
        modules,
        expires_at,
    }
}

/// Arguments of `device_add`.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceAdd {
    /// Which gateway.
    pub gateway: String,
    /// Given by the shop.
    pub name: String,
    /// What the gateway asks for.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub fields: Option<GivenFields>,
    /// The same as the field `url`.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub url: Option<String>,
    /// The same as the field `token`.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub token: Option<String>,
    /// true = keep the secrets in the keyring; false = for this run only.
    pub remember: bool,
}

/// Arguments of `device_token_set`.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceTokenSet {
    /// Which.
    #[ts(type = "number")]
    pub device_id: i64,
    /// The secrets that are to be others; those that are not given stay as they are.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub fields: Option<GivenFields>,
    /// The same as the field `token`.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub token: Option<String>,
    /// true = keep them in the keyring; false = for this run only.
    pub remember: bool,
}

/// Something of a device that can be changed while it stays the same one.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DeviceOption {
    /// What its gateway asks for.
    pub field: FieldView,
    /// What it is; null = nothing was given.
    pub value: Option<String>,
}

impl From<engine::DeviceOption> for DeviceOption {
    fn from(option: engine::DeviceOption) -> Self {
        Self {
            field: (&option.field).into(),
            value: option.value,
        }
    }
}

/// Arguments of `device_option_set`.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceOptionSet {
    /// Which.
    #[ts(type = "number")]
    pub device_id: i64,
    /// What is to be otherwise; an empty text takes a value away. What is not named stays.
    pub fields: GivenFields,
    /// What of those was seen before; what had no value need not be named.
    pub seen: GivenFields,
}

/// Arguments of `device_pair_code`. Not `Debug`: the number is personal.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DevicePairCode {
    /// Which.
    #[ts(type = "number")]
    pub device_id: i64,
    /// The number of the phone that is to be linked, with its country code, as people write it.
    pub phone: String,
}

/// Arguments of a command about one device.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceRef {
    /// Which.
    #[ts(type = "number")]
    pub device_id: i64,
}

/// How much of a device is kept here.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct DeviceSize {
    /// How many chats it has.
    #[ts(type = "number")]
    pub chats: u64,
    /// How many messages are in them.
    #[ts(type = "number")]
    pub messages: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_becomes_a_square_of_modules() {
        let PairingStep::Qr { size, modules, .. } = qr("2@practice", UnixMillis(1)) else {
            panic!("a QR code")
        };
        assert_eq!(modules.len(), size as usize, "as many rows as modules a side");
        assert!(
            modules.iter().all(|row| row.len() == size as usize),
            "each row as long"
        );
        assert!(
            modules[0].starts_with("1111111"),
            "the finder pattern stands in the corner"
        );
    }
}

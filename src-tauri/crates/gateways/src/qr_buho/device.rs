//! How the link is, the code to scan, and removing the device.
//!
//! A device stands in the customer's list with its number, its name and `connected`, `disconnected` or `pending`. Which number has scanned
//! the code is told by the call about the connection alone (`wuid`). A code comes
//! with the answer that makes the device, and later with the device itself; its field has had three names. There is no call that
//! only unlinks a number: the device is removed, and made again when a code is wanted.
//!
//! A reseller's account has no device, and may not list any: the gateway refuses that, and says of the token that it is good.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, AuthLost, Failure, FailureCode, PairingContent};
use serde_json::{Value, json};

use super::link::{QrBuhoLink, before_the_call, inner};
use crate::baileys::answers::{self, MALFORMED, rejected};
use crate::fields::Fields;
use crate::http_kit::{Call, Path, picture};
use crate::{CodeAnswer, Health, LinkHealth, Pairing, TypedCodeAnswer};

/// WhatsApp changes a code about as often; the gateway does not say for how long one lives.
const CODE_LIFE: std::time::Duration = std::time::Duration::from_secs(20);

/// The gateway has no device that is called so.
pub(super) const UNKNOWN: Failure = Failure::AuthLost {
    lost: AuthLost::Device,
};

const TOKEN_REFUSED: Failure = Failure::AuthLost {
    lost: AuthLost::Token,
};

/// A device as the gateway lists it.
pub(super) struct Device {
    id: String,
    pub(super) connected: bool,
    phone: Option<String>,
}

impl Device {
    /// The number, as calls name it.
    fn number(&self) -> Option<String> {
        let number = self.phone.as_deref()?.trim_start_matches('+');
        is_number(number).then(|| number.to_owned())
    }
}

/// What the gateway takes for a device's number.
pub(super) fn is_number(text: &str) -> bool {
    (11..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl QrBuhoLink {
    /// Our device, if the customer has it.
    pub(super) async fn device(&self) -> Result<Option<Device>, Failure> {
        let said = match self.told(Call::get(Path::fixed("/api/devices/list"))).await {
            Err(TOKEN_REFUSED) if self.account.has_good_token().await => return Err(UNKNOWN),
            said => said?,
        };
        let all = inner(&said).as_array().ok_or(MALFORMED)?;
        let ours = all
            .iter()
            .filter_map(Fields::of)
            .find(|device| self.is_ours(*device));
        let ours = ours.map(|device| read(device).ok_or(MALFORMED)).transpose()?;
        self.note(ours.as_ref());
        Ok(ours)
    }

    /// The number under which calls name the device: the one that was typed, or that of the device of this name.
    ///
    /// # Errors
    /// Of the question after it; without effect, whatever it is.
    pub(super) async fn number(&self) -> Result<String, Failure> {
        if let Some(known) = self.number_if_known() {
            return Ok(known);
        }
        let device = self.device().await.map_err(before_the_call)?.ok_or(UNKNOWN)?;
        device.number().ok_or(UNKNOWN)
    }

    /// The number as far as it is known without asking.
    fn number_if_known(&self) -> Option<String> {
        let listed = self.known().listed.clone();
        listed.or_else(|| self.typed_number())
    }

    fn typed_number(&self) -> Option<String> {
        is_number(&self.instance).then(|| self.instance.clone())
    }

    fn note(&self, ours: Option<&Device>) {
        let listed = ours.and_then(Device::number);
        let mut known = self.known();
        let appears = known.gone && ours.is_some();
        known.gone = ours.is_none();
        if appears {
            self.ask_for_lists_again();
        }
        if listed.is_some() {
            known.last.clone_from(&listed);
        }
        known.listed = listed;
    }

    /// Is what is told under this name about our device? `None` = it may be: another name, that is no number, says nothing of that, and
    /// neither does a number before anybody has looked whose it is. Once our device is gone, every number but its last one is another's.
    pub(super) fn is_own(&self, instance: &str) -> Option<bool> {
        if !is_number(instance) {
            return (instance == self.instance).then_some(true);
        }
        let known = self.known();
        let own = known.last.clone().or_else(|| self.typed_number());
        match own {
            Some(own) => Some(instance == own),
            None => known.gone.then_some(false),
        }
    }

    /// By its number, or by its name.
    fn is_ours(&self, device: Fields<'_>) -> bool {
        let digits = |text: &str| text.trim_start_matches('+').to_owned();
        device.text("phone").map(digits).as_ref() == Some(&self.instance)
            || device.text("name") == Some(self.instance.as_str())
    }

    /// A device is made by its number. One that is called otherwise has to be there.
    fn can_be_made(&self) -> Result<(), Failure> {
        match is_number(&self.instance) {
            true => Ok(()),
            false => Err(UNKNOWN),
        }
    }

    /// Another device than the one of which the gateway has listed nothing.
    fn ask_for_lists_again(&self) {
        self.lists_nothing.store(false, Ordering::Relaxed);
    }

    async fn create(&self) -> Result<Value, Failure> {
        self.can_be_made()?;
        self.ask_for_lists_again();
        let fields = json!({ "name": self.instance, "phone": self.instance });
        self.told(Self::post("/api/devices/create", &fields).transfer())
            .await
    }
}

pub(super) fn read(device: Fields<'_>) -> Option<Device> {
    let id = device.value("id")?;
    Some(Device {
        id: id.as_str().map_or_else(|| id.to_string(), str::to_owned),
        connected: match device.text("status")? {
            "connected" => true,
            "disconnected" | "pending" => false,
            _ => return None,
        },
        phone: device.string("phone"),
    })
}

/// The code in an answer, wherever it stands.
pub(super) fn shown(said: &Value) -> Option<PairingContent> {
    let of = |value: &Value| {
        let fields = Fields::of(value)?;
        ["qr_code", "qrcode", "qr"].into_iter().find_map(|name| {
            let text = fields.text(name)?;
            // What is no picture is what a picture of it would spell.
            picture::of_base64(text).or_else(|| {
                let spelt = text.contains(',') && !text.starts_with("data:");
                spelt.then(|| PairingContent::Text(text.to_owned()))
            })
        })
    };
    of(said).or_else(|| of(inner(said)))
}

#[async_trait]
impl Health for QrBuhoLink {
    async fn check(&self, _wake: bool) -> Result<LinkHealth, Failure> {
        Ok(match self.device().await? {
            Some(device) if device.connected => LinkHealth::Linked {
                own: device
                    .phone
                    .map(|phone| Address::parse(phone.trim_start_matches('+'))),
            },
            Some(_) => LinkHealth::NotLinked,
            None => self.can_be_made().map(|()| LinkHealth::NotLinked)?,
        })
    }

    /// The number of a device is the one that was given when it was made; no page says that it follows the telephone that scans the code.
    fn tells_number(&self) -> bool {
        false
    }
}

#[async_trait]
impl Pairing for QrBuhoLink {
    async fn code(&self) -> Result<CodeAnswer, Failure> {
        let said = match self.device().await? {
            Some(device) if device.connected => return Ok(CodeAnswer::AlreadyLinked),
            Some(device) => {
                let path = Path::fixed("/api/devices/fetch").query("id", &device.id);
                self.told(Call::get(path)).await?
            }
            None => self.create().await?,
        };
        Ok(match shown(&said) {
            Some(content) => CodeAnswer::Code {
                content,
                valid_for: CODE_LIFE,
            },
            None => CodeAnswer::Waiting,
        })
    }

    async fn code_for_phone(&self, _number: &Address) -> Result<TypedCodeAnswer, Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    async fn logout(&self) -> Result<(), Failure> {
        let Some(device) = self.device().await? else {
            return Ok(());
        };
        let path = Path::with("/api/devices/delete/{id}", &device.id).ok_or(MALFORMED)?;
        let answer = self.ask(Call::new(Method::DELETE, path).transfer()).await?;
        // Somebody else may have removed it.
        match answers::is_its_own_404(&answer) {
            true => Ok(()),
            false => answers::answered(&answer),
        }
    }
}

//! An open link to one channel: one client, and every facet on top of it.

use mostrador_domain::{Capabilities, Failure, UnixMillis};
use secrecy::SecretString;
use url::Url;

use super::capabilities::CAPABILITIES;
use crate::http_kit::{Answer, Call, CallTimes, GatewayHttp, Key};
use crate::{
    Blocks, ChatActions, Chats, Contacts, DeviceLink, Endpoints, GatewaySettings, Groups, Health, History,
    Labels, Limits, Media, MediaSink, MessageActions, Messaging, OpenError, Pairing, Pictures, PresenceFacet,
    Profile, ReadState, Stories, Uploads, Webhooks,
};

/// An open link to one channel.
pub(super) struct WhapiLink {
    pub(super) http: GatewayHttp,
    capabilities: Capabilities,
}

impl WhapiLink {
    /// Opens it. Makes no call.
    pub(super) fn open(url: &Url, token: &SecretString, times: CallTimes) -> Result<Self, OpenError> {
        Ok(Self {
            http: GatewayHttp::open(url, Key::bearer(token)?, times)?,
            capabilities: CAPABILITIES,
        })
    }

    /// Makes a call. What comes back is a success, or a refusal that is about this call and not about the token
    /// or the link: those two are told apart here, see the `errors` module.
    pub(super) async fn ask(&self, call: Call) -> Result<Answer, Failure> {
        self.judge(self.http.call(call).await?).await
    }

    /// The same, of a call whose answer is a file: its bytes go to `sink`, and the answer has none.
    pub(super) async fn fetch(&self, call: Call, sink: &mut dyn MediaSink) -> Result<Answer, Failure> {
        self.judge(self.http.fetch(call, sink).await?).await
    }

    async fn judge(&self, answer: Answer) -> Result<Answer, Failure> {
        match answer.status {
            401 => Err(self.why_unauthorised().await),
            403 | 404 => self.unless_token_is_lost(answer).await,
            _ => Ok(answer),
        }
    }
}

impl DeviceLink for WhapiLink {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn is_local(&self) -> bool {
        self.http.is_local()
    }

    fn clock(&self) -> Option<UnixMillis> {
        self.http.clock()
    }

    fn calls_made(&self) -> u64 {
        self.http.made()
    }

    fn health(&self) -> &dyn Health {
        self
    }

    fn pairing(&self) -> Option<&dyn Pairing> {
        Some(self)
    }

    fn messaging(&self) -> Option<&dyn Messaging> {
        Some(self)
    }

    fn message_actions(&self) -> Option<&dyn MessageActions> {
        Some(self)
    }

    fn media(&self) -> Option<&dyn Media> {
        Some(self)
    }

    fn pictures(&self) -> Option<&dyn Pictures> {
        Some(self)
    }

    fn uploads(&self) -> Option<&dyn Uploads> {
        Some(self)
    }

    fn stories(&self) -> Option<&dyn Stories> {
        Some(self)
    }

    fn read_state(&self) -> Option<&dyn ReadState> {
        Some(self)
    }

    fn chats(&self) -> Option<&dyn Chats> {
        Some(self)
    }

    fn chat_actions(&self) -> Option<&dyn ChatActions> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }

    fn labels(&self) -> Option<&dyn Labels> {
        Some(self)
    }

    fn contacts(&self) -> Option<&dyn Contacts> {
        Some(self)
    }

    fn blocks(&self) -> Option<&dyn Blocks> {
        Some(self)
    }

    fn groups(&self) -> Option<&dyn Groups> {
        Some(self)
    }

    fn profile(&self) -> Option<&dyn Profile> {
        Some(self)
    }

    fn presence(&self) -> Option<&dyn PresenceFacet> {
        Some(self)
    }

    fn settings(&self) -> Option<&dyn GatewaySettings> {
        Some(self)
    }

    fn limits(&self) -> Option<&dyn Limits> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn endpoints(&self) -> Option<&dyn Endpoints> {
        Some(self)
    }
}

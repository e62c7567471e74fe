//! Labels are listed and put on chats; no call makes one.

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, LabelSnapshot};

use super::link::{QrBuhoLink, inner};
use crate::baileys::labels::{self, NOT_OFFERED};
use crate::http_kit::{Call, Path};
use crate::{Effect, Labels};

#[async_trait]
impl Labels for QrBuhoLink {
    fn colours(&self) -> &'static [&'static str] {
        &[]
    }

    async fn list(&self) -> Result<Vec<LabelSnapshot>, Failure> {
        let said = self.told(Call::get(Path::fixed("/api/label/find"))).await?;
        labels::listed(inner(&said))
    }

    async fn create(&self, _: &str, _: Option<&str>) -> Result<LabelSnapshot, Failure> {
        Err(NOT_OFFERED)
    }

    async fn change(&self, _: &str, _: &str, _: Option<&str>) -> Result<Effect, Failure> {
        Err(NOT_OFFERED)
    }

    async fn remove(&self, _: &str) -> Result<Effect, Failure> {
        Err(NOT_OFFERED)
    }

    async fn put(&self, label: &str, chat: &Address, on: bool) -> Result<Effect, Failure> {
        let fields = labels::wish(label, chat, on);
        self.done(Self::post("/api/label/handle", &fields)).await
    }
}

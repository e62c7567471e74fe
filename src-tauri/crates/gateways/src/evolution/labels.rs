//! Labels are listed and put on chats; no call makes one.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, LabelSnapshot};

use super::link::EvolutionLink;
use crate::baileys::labels::{self, NOT_OFFERED};
use crate::{Effect, Labels};

#[async_trait]
impl Labels for EvolutionLink {
    fn colours(&self) -> &'static [&'static str] {
        &[]
    }

    async fn list(&self) -> Result<Vec<LabelSnapshot>, Failure> {
        let call = self.at(Method::GET, "/label/findLabels/{instance}")?;
        labels::listed(&self.told(call).await?)
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
        self.done(self.post("/label/handleLabel/{instance}", &fields)?)
            .await
    }
}

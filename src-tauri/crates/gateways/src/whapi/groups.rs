//! Groups and who is in them.

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, GroupSnapshot, Inbound};

use super::decode::group;
use super::errors::{self, MALFORMED};
use super::history::{page, paged};
use super::link::WhapiLink;
use crate::http_kit::{Call, Path};
use crate::{Groups, Page};

/// Each group comes with all its members, up to a thousand and more: so many groups stay within what is read.
const LARGEST_PAGE: u32 = 50;

#[async_trait]
impl Groups for WhapiLink {
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure> {
        let path = paged(Path::fixed("/groups"), offset, count.min(LARGEST_PAGE));
        page(&self.ask(Call::get(path)).await?, "groups", group::read)
    }

    async fn one(&self, group: &Address) -> Result<Option<GroupSnapshot>, Failure> {
        let Some(path) = Path::with("/groups/{GroupID}", group.as_str()) else {
            return Ok(None);
        };
        let answer = self.ask(Call::get(path)).await?;
        match answer.status {
            404 => Ok(None),
            _ if answer.is_success() => group::snapshot(&answer.json()?).ok_or(MALFORMED).map(Some),
            _ => Err(errors::of_call(&answer)),
        }
    }
}

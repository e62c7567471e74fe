//! Groups.

use mostrador_domain::ChatId;

use crate::dto::*;
use crate::error::ApiError;
use crate::shop::Shop;

pub(crate) async fn get(shop: &Shop, args: ChatRef) -> Result<GroupView, ApiError> {
    let (chat, group, members) = shop.engine().group(ChatId(args.chat_id)).await?;
    Ok(GroupView {
        chat_id: chat.id.0,
        title: chat.name.unwrap_or_default(),
        description: group.description,
        read_only: group.read_only,
        members: members.into_iter().map(Into::into).collect(),
    })
}

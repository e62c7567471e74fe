//! What became of a campaign: figures, answers, proof, a second try for those whom it did not reach.

use mostrador_campaigns::state::{Funnel, SkipReason};
use mostrador_domain::{Address, CampaignId, ChatId, RecipientId, UnixMillis};
use mostrador_store::tables::campaign::audience;
use mostrador_store::tables::campaign::proof::{self, Verdict, What};
use mostrador_store::tables::campaign::replies::{self, Place, Reply, ReplyKind as Kind, Wanted};
use mostrador_store::tables::campaign::report;

use super::campaign::people::state_word;
use super::campaign::view::{of_counts, view};
use super::campaign::{named, opt_outs};
use super::campaign_audience::{json, missed};
use super::{cursor, page_limit};
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

pub(crate) async fn figures(shop: &Shop, args: CampaignRef) -> Result<ReportView, ApiError> {
    let id = CampaignId(args.campaign_id);
    let figures = shop
        .engine()
        .store()
        .read(move |connection| report::report(connection, id))
        .await?;
    let hours = figures.hours.into_iter().map(|hour| ReportHour {
        at: hour.at,
        sent: hour.sent,
        read: hour.read,
        replied: hour.replied,
        failed: hour.failed,
    });
    let variants = figures.variants.into_iter().map(|one| ReportVariant {
        variant: one.variant,
        people: one.people,
        funnel: funnel(one.funnel),
        failed: one.failed,
    });
    let left_out = figures.skipped.iter().filter(|(reason, _)| {
        let reason = SkipReason::from_word(reason);
        reason.is_some_and(audience::was_left_out)
    });
    Ok(ReportView {
        left_out: left_out.map(|(_, count)| count).sum(),
        counts: of_counts(&figures.counts),
        funnel: funnel(figures.counts.funnel()),
        hours: hours.collect(),
        variants: variants.collect(),
        failures: reasons(figures.failures),
        skipped: reasons(figures.skipped),
        asked_to_stop: figures.wished,
    })
}

fn funnel(of: Funnel) -> FunnelView {
    FunnelView {
        sent: of.sent,
        delivered: of.delivered,
        read: of.read,
        replied: of.replied,
    }
}

fn reasons(counts: Vec<(String, u32)>) -> Vec<ReasonCount> {
    let counts = counts.into_iter();
    counts
        .map(|(reason, count)| ReasonCount { reason, count })
        .collect()
}

pub(crate) async fn replies(shop: &Shop, args: ReplyList) -> Result<ReplyPage, ApiError> {
    let limit = page_limit(args.limit)? as usize;
    let wanted = Wanted {
        campaign: args.campaign_id.map(CampaignId),
        kind: args.kind.map(|kind| match kind {
            ReplyKind::Question => Kind::Question,
            ReplyKind::OptOut => Kind::OptOut,
            ReplyKind::Other => Kind::Other,
        }),
        open: args.open,
    };
    let after = args.after.as_deref().map(cursor::<2>).transpose()?;
    let after = after.map(|[at, recipient]| Place {
        at: UnixMillis(at),
        recipient: RecipientId(recipient),
    });
    let (found, next) = shop
        .engine()
        .store()
        .read(move |connection| replies::page(connection, wanted, after, limit))
        .await?;
    Ok(ReplyPage {
        replies: found.into_iter().map(reply).collect(),
        next: next.map(|next| format!("{}:{}", next.at.0, next.recipient)),
    })
}

fn reply(reply: Reply) -> ReplyView {
    let number = reply.address.as_ref().and_then(Address::phone_digits);
    let number = number.map(|digits| format!("+{digits}"));
    ReplyView {
        recipient_id: reply.recipient.0,
        campaign_id: reply.campaign.0,
        campaign: reply.campaign_name,
        chat_id: reply.chat.map(|chat| chat.0),
        name: reply.name.or(number).unwrap_or_default(),
        sent: reply.sent.unwrap_or_default(),
        reply: reply.reply.unwrap_or_default(),
        at: reply.at,
        kind: match reply.kind {
            Kind::Question => ReplyKind::Question,
            Kind::OptOut => ReplyKind::OptOut,
            Kind::Other => ReplyKind::Other,
        },
        opt_out: reply.opt_out.map(|(_, state)| opt_outs::shown(state)),
        opt_out_id: reply.opt_out.map(|(id, _)| id.0),
        answered: reply.answered,
    }
}

pub(crate) async fn prove(shop: &Shop, args: CampaignRef) -> Result<ProofView, ApiError> {
    let id = CampaignId(args.campaign_id);
    let proof = shop
        .engine()
        .store()
        .read(move |connection| proof::check(connection, id))
        .await?;
    let (verdict, left) = match proof.verdict {
        Verdict::Holds => (ProofVerdict::Holds, 0),
        Verdict::Broken => (ProofVerdict::Broken, 0),
        Verdict::Open { left } => (ProofVerdict::Open, left),
        Verdict::Closing { left } => (ProofVerdict::Closing, left),
        Verdict::Undecided { left } => (ProofVerdict::Undecided, left),
    };
    let checks = proof.checks.into_iter().map(|check| ProofCheck {
        what: match check.what {
            What::FinalStates => ProofWhat::FinalStates,
            What::Sums => ProofWhat::Sums,
            What::SentOnce => ProofWhat::SentOnce,
            What::PeopleOnce => ProofWhat::PeopleOnce,
            What::Messages => ProofWhat::Messages,
            What::OptOuts => ProofWhat::OptOuts,
        },
        looked_at: check.looked_at,
        wrong: check.wrong,
        first: check.first.into_iter().map(|place| place + 1).collect(),
    });
    Ok(ProofView {
        verdict,
        left,
        checks: checks.collect(),
    })
}

pub(crate) async fn retry(shop: &Shop, args: CampaignRetry) -> Result<CampaignView, ApiError> {
    let (id, name) = (CampaignId(args.campaign_id), named(&args.name)?);
    let campaign_id = args.campaign_id;
    let source = match (args.recipients, args.left_out) {
        (Some(recipients), _) => SourceView::Chosen {
            campaign_id,
            recipients,
        },
        (None, Some(true)) => SourceView::LeftOut { campaign_id },
        (None, _) => SourceView::Failed { campaign_id },
    };
    let missed = missed(&source).ok_or(ErrorCode::BadRequest)?;
    let made = shop
        .engine()
        .retry_campaign(id, name, missed, json(&[source])?)
        .await?;
    view(shop, made).await
}

pub(crate) async fn of_chat(shop: &Shop, args: ChatRef) -> Result<Vec<ReceivedView>, ApiError> {
    let chat = ChatId(args.chat_id);
    let received = shop
        .engine()
        .store()
        .read(move |connection| report::of_chat(connection, chat))
        .await?;
    let received = received.into_iter().map(|one| ReceivedView {
        campaign_id: one.campaign.0,
        name: one.name,
        state: state_word(one.state.as_str()),
        sent_at: one.sent_at,
    });
    Ok(received.collect())
}

//! A campaign's report as a file, made from the rows as they are at one moment.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_campaigns::pacer::Hours;
use mostrador_domain::{Address, CampaignId};
use mostrador_reports::{Counts, Funnel, Hour, Language, Person, Proof, Report, Variant};
use mostrador_store::tables::campaign::proof::{self, Verdict};
use mostrador_store::tables::campaign::recipient::{self, RecipientRow};
use mostrador_store::tables::campaign::{self, CampaignRow, opt_out, replies, report};
use mostrador_store::{Connection, StoreError};

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

/// So many people are read at once.
const AT_ONCE: u32 = 500;
/// The longest name of a file without its ending, in characters.
const LONGEST_NAME: usize = 60;

pub(crate) async fn export(shop: &Shop, args: CampaignExport) -> Result<ReportFile, ApiError> {
    let (id, language) = (CampaignId(args.campaign_id), language(args.language));
    let (ending, media_type) = match args.format {
        ReportFormat::Csv => ("csv", "text/csv"),
        ReportFormat::Xlsx => (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ReportFormat::Pdf => ("pdf", "application/pdf"),
    };
    let made = shop.engine().store().read(move |connection| {
        // One moment for all of it: the people and their sums.
        let at_once = connection.unchecked_transaction()?;
        let campaign = campaign::get(&at_once, id)?;
        let written = written(&at_once, &campaign, args.format, language);
        Ok((campaign.name, written))
    });
    let (name, written) = made.await?;
    let content = written.map_err(|error| {
        tracing::error!(%error, "a report could not be written");
        ErrorCode::Internal
    })?;
    Ok(ReportFile {
        file_name: format!("{}.{ending}", file_name(&name)),
        media_type: media_type.to_owned(),
        content: STANDARD.encode(content),
    })
}

fn language(language: ReportLanguage) -> Language {
    match language {
        ReportLanguage::Es => Language::Es,
        ReportLanguage::PtBr => Language::PtBr,
        ReportLanguage::En => Language::En,
    }
}

fn written(
    connection: &Connection,
    campaign: &CampaignRow,
    format: ReportFormat,
    language: Language,
) -> Result<Vec<u8>, mostrador_reports::Error> {
    let unread = |error: StoreError| mostrador_reports::Error::People(error.into());
    let report = figures(connection, campaign).map_err(unread)?;
    let people = People {
        connection,
        campaign,
        page: Vec::new().into_iter(),
        after: None,
        is_over: false,
    };
    match format {
        ReportFormat::Csv => {
            let mut out = Vec::new();
            mostrador_reports::csv(&report, people, language, &mut out)?;
            Ok(out)
        }
        ReportFormat::Xlsx => {
            let mut out = std::io::Cursor::new(Vec::new());
            mostrador_reports::xlsx(&report, people, language, &mut out)?;
            Ok(out.into_inner())
        }
        ReportFormat::Pdf => mostrador_reports::pdf(&report, language),
    }
}

fn figures(connection: &Connection, campaign: &CampaignRow) -> Result<Report, StoreError> {
    let figures = report::report(connection, campaign.id)?;
    let proof = proof::check(connection, campaign.id)?;
    let zone = Hours::zone_named(&campaign.plan.pace.zone).or_else(|_| Hours::zone_named("UTC"));
    let counts = &figures.counts;
    Ok(Report {
        name: campaign.name.clone(),
        zone: zone.unwrap_or_default(),
        started_at: campaign.started_at,
        ended_at: campaign.ended_at,
        counts: Counts {
            total: counts.total(),
            pending: counts.pending,
            queued: counts.queued,
            uncertain: counts.uncertain,
            sent: counts.sent,
            delivered: counts.delivered,
            read: counts.read,
            replied: counts.replied,
            failed: counts.failed,
            skipped: counts.skipped,
            opted_out: counts.opted_out,
        },
        funnel: funnel(counts.funnel()),
        hours: figures.hours.iter().map(hour).collect(),
        variants: figures.variants.iter().map(variant).collect(),
        failures: figures.failures,
        skipped: figures.skipped,
        asked_to_stop: figures.wished,
        proof: match proof.verdict {
            Verdict::Holds => Proof::Holds,
            Verdict::Broken => Proof::Broken,
            Verdict::Closing { .. } | Verdict::Undecided { .. } => Proof::Unsettled,
            Verdict::Open { .. } => Proof::NotYet,
        },
    })
}

fn funnel(of: mostrador_campaigns::state::Funnel) -> Funnel {
    Funnel {
        sent: of.sent,
        delivered: of.delivered,
        read: of.read,
        replied: of.replied,
    }
}

fn hour(of: &report::Hour) -> Hour {
    Hour {
        at: of.at,
        sent: of.sent,
        read: of.read,
        replied: of.replied,
        failed: of.failed,
    }
}

fn variant(of: &report::Variant) -> Variant {
    Variant {
        variant: of.variant,
        people: of.people,
        funnel: funnel(of.funnel),
        failed: of.failed,
    }
}

/// The people of a campaign, read page by page.
struct People<'c> {
    connection: &'c Connection,
    campaign: &'c CampaignRow,
    page: std::vec::IntoIter<RecipientRow>,
    after: Option<u32>,
    is_over: bool,
}

impl Iterator for People<'_> {
    type Item = Result<Person, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0 && !self.is_over {
            let rows = recipient::page(self.connection, self.campaign.id, &[], self.after, AT_ONCE);
            let rows = match rows {
                Ok(rows) => rows,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            };
            self.is_over = (rows.len() as u32) < AT_ONCE;
            self.after = rows.last().map(|row| row.place);
            self.page = rows.into_iter();
        }
        self.page
            .next()
            .map(|row| person_of(self.connection, self.campaign, row))
    }
}

fn person_of(
    connection: &Connection,
    campaign: &CampaignRow,
    row: RecipientRow,
) -> Result<Person, StoreError> {
    let name = recipient::called(connection, campaign, row.address.as_ref(), &row.cells)?;
    let reply = match (row.reply, row.message) {
        (Some(reply), _) => report::words_of(connection, reply)?,
        (None, Some(sent)) if row.replied_at.is_some() => replies::chosen(connection, sent)?,
        (None, _) => None,
    };
    let asked_to_stop_at = match row.replied_at {
        Some(_) => opt_out::wished_after(connection, row.id)?,
        None => None,
    };
    let number = row.address.as_ref().and_then(Address::phone_digits);
    Ok(Person {
        place: row.place + 1,
        row: row.row,
        number: number.map_or(row.written, str::to_owned),
        name,
        variant: row.variant,
        state: row.state.as_str(),
        reason: recipient::reason_of(row.state).map(str::to_owned),
        sent_at: row.sent_at,
        delivered_at: row.delivered_at,
        read_at: row.read_at,
        replied_at: row.replied_at,
        asked_to_stop_at,
        reply,
    })
}

/// A campaign's name as a file may be called: letters, digits and single blanks.
fn file_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let name: String = words.join(" ").chars().take(LONGEST_NAME).collect();
    let name = name.trim();
    if name.is_empty() {
        "mostrador".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_called_as_its_campaign_without_what_a_file_must_not_be_called() {
        for (name, called) in [
            ("Ofertas de diciembre", "Ofertas de diciembre"),
            ("../../etc/passwd", "etc passwd"),
            ("CON: <b>|x?", "CON b x"),
            ("\u{202e}fdp.exe", "fdp exe"),
            ("🙏", "mostrador"),
        ] {
            assert_eq!(file_name(name), called, "{name:?}");
        }
        assert_eq!(file_name(&"a".repeat(500)).len(), 60, "not for ever");
    }
}

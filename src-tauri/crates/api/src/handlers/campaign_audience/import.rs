//! Lists read from files, judged row by row.

use mostrador_campaigns::doctor::Counters;
use mostrador_campaigns::numbers::{Country, Repair};
use mostrador_campaigns::sheet::Delimiter;
use mostrador_domain::{Address, CampaignId, MediaId};
use mostrador_engine::audience::{About, ImportId, ListFault, ListRow, ListState, ReadingOf, VerdictKind};

use super::json;
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::handlers::campaign::view;
use crate::handlers::page_limit;
use crate::shop::Shop;

/// Characters of a file's name that are kept.
const MAX_FILE_NAME: usize = 200;

pub(crate) async fn open(shop: &Shop, args: ImportOpen) -> Result<ImportView, ApiError> {
    let file_name = args
        .file_name
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_FILE_NAME)
        .collect();
    let (campaign, media) = (CampaignId(args.campaign_id), MediaId(args.media_id));
    Ok(shown(
        shop.engine().open_import(campaign, media, file_name).await?,
    ))
}

pub(crate) async fn get(shop: &Shop, args: ImportRef) -> Result<ImportView, ApiError> {
    Ok(shown(shop.engine().import(ImportId(args.import_id))?))
}

pub(crate) async fn rows(shop: &Shop, args: ImportRows) -> Result<Vec<ImportRow>, ApiError> {
    let limit = page_limit(args.limit)?;
    let verdicts = args.verdicts.into_iter().map(kind).collect();
    let id = ImportId(args.import_id);
    let rows = shop
        .engine()
        .import_rows(id, verdicts, args.after, limit as usize)
        .await?;
    Ok(rows.into_iter().map(row).collect())
}

pub(crate) async fn set_reading(shop: &Shop, args: ImportReadingSet) -> Result<ImportView, ApiError> {
    let said = args.reading;
    let country = known(said.country.as_deref(), Country::of_iso)?;
    let delimiter = known(said.delimiter.as_deref(), Delimiter::from_word)?;
    let reading = ReadingOf {
        encoding: said.encoding,
        delimiter,
        sheet: said.sheet as usize,
        has_header: said.has_header,
        preamble: said.preamble.map(|rows| rows as usize),
        number: said.number_column.map(|column| column as usize),
        name: said.name_column.map(|column| column as usize),
        country,
    };
    let id = ImportId(args.import_id);
    Ok(shown(shop.engine().read_import(id, reading).await?))
}

/// A word that may be left out, but not be another.
fn known<T>(word: Option<&str>, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
    match word {
        None => Ok(None),
        Some(word) => Ok(Some(read(word).ok_or(ErrorCode::BadRequest)?)),
    }
}

pub(crate) async fn decide(shop: &Shop, args: ImportDecide) -> Result<ImportView, ApiError> {
    let about = match args.about {
        ImportAbout::Repair { repair, accepted } => {
            let guess = Repair::from_word(&repair).filter(|repair| !repair.is_certain());
            About::Repair(guess.ok_or(ErrorCode::BadRequest)?, accepted)
        }
        ImportAbout::Row { row, accepted } => About::Row(row, accepted),
        ImportAbout::Choice { row, number } => About::Choice(row, Address::parse(&number)),
    };
    let id = ImportId(args.import_id);
    Ok(shown(shop.engine().decide_import(id, about).await?))
}

pub(crate) async fn accept(shop: &Shop, args: ImportRef) -> Result<CampaignView, ApiError> {
    let id = ImportId(args.import_id);
    let file_name = shop.engine().import(id)?.file_name;
    let said = json(&[SourceView::Sheet { file_name }])?;
    let campaign = shop.engine().accept_import(id, said).await?;
    view::view(shop, campaign).await
}

pub(crate) async fn close(shop: &Shop, args: ImportRef) -> Result<(), ApiError> {
    shop.engine().close_import(ImportId(args.import_id));
    Ok(())
}

fn shown(list: ListState) -> ImportView {
    let columns = list.columns.into_iter().map(|column| ImportColumn {
        title: column.title,
        variable: column.variable,
        samples: column.samples,
    });
    let guesses = list
        .guesses
        .into_iter()
        .map(|(repair, rows, accepted)| ImportGuess {
            repair: repair.as_str().to_owned(),
            rows,
            accepted,
        });
    ImportView {
        import_id: list.id.0,
        file_name: list.file_name,
        reading: reading(list.reading),
        sheets: list.sheets,
        columns: columns.collect(),
        rows: list.counters.rows,
        progress: list.progress,
        counters: counters(&list.counters),
        guesses: guesses.collect(),
        remembered: list.remembered,
        fault: list.fault.map(|fault| {
            let word = match &fault {
                ListFault::Sheet(fault) => fault.as_str(),
                ListFault::Store => "store",
            };
            word.to_owned()
        }),
    }
}

fn reading(reading: ReadingOf) -> ImportReading {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    ImportReading {
        encoding: reading.encoding,
        delimiter: reading.delimiter.map(|delimiter| delimiter.as_str().to_owned()),
        sheet: place(reading.sheet),
        has_header: reading.has_header,
        preamble: reading.preamble.map(place),
        number_column: reading.number.map(place),
        name_column: reading.name.map(place),
        country: reading.country.map(|country| country.iso().to_owned()),
    }
}

fn counters(found: &Counters) -> ImportCounters {
    ImportCounters {
        good: found.good,
        repaired: found.repaired,
        proposed: found.proposed,
        several: found.several,
        needs_country: found.needs_country,
        refused: found.refused,
        not_a_number: found.not_a_number,
        duplicate: found.duplicates,
        opted_out: found.opted_out,
        blocked: found.blocked,
        not_on_whatsapp: found.not_on_whatsapp,
    }
}

fn row(row: ListRow) -> ImportRow {
    ImportRow {
        row: row.row,
        cells: row.cells,
        verdict: verdict(row.verdict),
        reason: row.reason.map(|why| why.as_str().to_owned()),
        duplicate_of: row.duplicate_of,
        numbers: row.numbers,
        number: row.number,
        decided: row.decided,
        repairs: row
            .repairs
            .iter()
            .map(|repair| repair.as_str().to_owned())
            .collect(),
    }
}

fn verdict(kind: VerdictKind) -> ImportVerdict {
    match kind {
        VerdictKind::Good => ImportVerdict::Good,
        VerdictKind::Repaired => ImportVerdict::Repaired,
        VerdictKind::Proposed => ImportVerdict::Proposed,
        VerdictKind::Several => ImportVerdict::Several,
        VerdictKind::NeedsCountry => ImportVerdict::NeedsCountry,
        VerdictKind::Refused => ImportVerdict::Refused,
        VerdictKind::NotANumber => ImportVerdict::NotANumber,
        VerdictKind::Duplicate => ImportVerdict::Duplicate,
        VerdictKind::OptedOut => ImportVerdict::OptedOut,
        VerdictKind::Blocked => ImportVerdict::Blocked,
        VerdictKind::NotOnWhatsapp => ImportVerdict::NotOnWhatsapp,
    }
}

fn kind(verdict: ImportVerdict) -> VerdictKind {
    match verdict {
        ImportVerdict::Good => VerdictKind::Good,
        ImportVerdict::Repaired => VerdictKind::Repaired,
        ImportVerdict::Proposed => VerdictKind::Proposed,
        ImportVerdict::Several => VerdictKind::Several,
        ImportVerdict::NeedsCountry => VerdictKind::NeedsCountry,
        ImportVerdict::Refused => VerdictKind::Refused,
        ImportVerdict::NotANumber => VerdictKind::NotANumber,
        ImportVerdict::Duplicate => VerdictKind::Duplicate,
        ImportVerdict::OptedOut => VerdictKind::OptedOut,
        ImportVerdict::Blocked => VerdictKind::Blocked,
        ImportVerdict::NotOnWhatsapp => VerdictKind::NotOnWhatsapp,
    }
}

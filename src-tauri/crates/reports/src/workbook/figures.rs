//! The sheets that hold figures.

use rust_xlsxwriter::Workbook;

use super::sheet::Sheet;
use super::styles::Styles;
use crate::Error;
use crate::figures::{Report, variant_name};
use crate::people::Cell;
use crate::words::Words;

/// What the campaign is, its people by state, its funnel, its proof.
pub(super) fn summary(
    book: &mut Workbook,
    report: &Report,
    words: &Words,
    styles: &Styles,
) -> Result<(), Error> {
    let figures = &words.figures;
    let mut sheet = Sheet::start(book, words.sheets.summary, &[26, 24, 18], styles, report.zone)?;
    sheet.title(&report.name)?;
    let time = |at| Option::map_or(at, Cell::Empty, Cell::Time);
    sheet.named(figures.started, &[time(report.started_at)])?;
    sheet.named(figures.ended, &[time(report.ended_at)])?;
    sheet.named(figures.zone, &[Cell::Word(report.zone.name())])?;
    sheet.gap();
    sheet.heading(&[figures.states, figures.people])?;
    for (state, count) in report.counts.by_state() {
        sheet.named(words.states.of(state).unwrap_or(state), &[Cell::Number(count)])?;
    }
    sheet.named(words.page.total, &[Cell::Number(report.counts.total)])?;
    sheet.gap();
    sheet.heading(&[words.page.funnel, figures.people, figures.of_sent])?;
    for (name, count) in figures.steps.iter().zip(report.funnel.steps()) {
        sheet.part(name, count, report.funnel.sent)?;
    }
    sheet.part(figures.asked_to_stop, report.asked_to_stop, report.funnel.sent)?;
    sheet.gap();
    sheet.named(figures.proof, &[Cell::Word(figures.proof_line(report.proof))])?;
    Ok(())
}

/// What happened in each hour.
pub(super) fn hours(
    book: &mut Workbook,
    report: &Report,
    words: &Words,
    styles: &Styles,
) -> Result<(), Error> {
    let figures = &words.figures;
    let [sent, _, read, replied] = figures.steps;
    let mut sheet = Sheet::start(
        book,
        words.sheets.hours,
        &[20, 14, 14, 14, 14],
        styles,
        report.zone,
    )?;
    sheet.heading(&[figures.hour, sent, read, replied, figures.failed])?;
    for hour in &report.hours {
        let counts = [hour.sent, hour.read, hour.replied, hour.failed].map(Cell::Number);
        let mut row = vec![Cell::Time(hour.at)];
        row.extend(counts);
        sheet.row(&row)?;
    }
    Ok(())
}

/// Each text by itself.
pub(super) fn variants(
    book: &mut Workbook,
    report: &Report,
    words: &Words,
    styles: &Styles,
) -> Result<(), Error> {
    let figures = &words.figures;
    let [sent, delivered, read, replied] = figures.steps;
    let mut sheet = Sheet::start(
        book,
        words.sheets.variants,
        &[12, 14, 14, 14, 14, 14, 14],
        styles,
        report.zone,
    )?;
    sheet.heading(&[
        figures.variant,
        figures.people,
        sent,
        delivered,
        read,
        replied,
        figures.failed,
    ])?;
    for variant in &report.variants {
        let name = variant_name(variant.variant);
        let mut row = vec![Cell::Word(&name), Cell::Number(variant.people)];
        row.extend(variant.funnel.steps().map(Cell::Number));
        row.push(Cell::Number(variant.failed));
        sheet.row(&row)?;
    }
    Ok(())
}

/// Why people failed or were skipped. The first column says which of the two.
pub(super) fn reasons(
    book: &mut Workbook,
    report: &Report,
    words: &Words,
    styles: &Styles,
) -> Result<(), Error> {
    let figures = &words.figures;
    let mut sheet = Sheet::start(book, words.sheets.reasons, &[18, 48, 14], styles, report.zone)?;
    sheet.heading(&[figures.states, figures.reason, figures.people])?;
    for (state, reasons) in [
        (words.states.failed, &report.failures),
        (words.states.skipped, &report.skipped),
    ] {
        for (reason, count) in reasons {
            sheet.row(&[
                Cell::Word(state),
                Cell::Word(words.reason(reason)),
                Cell::Number(*count),
            ])?;
        }
    }
    Ok(())
}

//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The looks that a workbook uses.
pub(super) struct Styles {
    pub(super) title: Format,
    pub(super) heading: Format,
    pub(super) label: Format,
    pub(super) number: Format,
    pub(super) share: Format,
    pub(super) time: Format,
    /// Text that stays text.
    pub(super) text: Format,
    pub(super) word: Format,
}

impl Styles {
    pub(super) fn new() -> Self {
        let cell = Format::new().set_align(FormatAlign::Top);
        Self {
            title: Format::new()
                .set_bold()
                .set_font_size(14)
                .set_num_format("@")
                .set_quote_prefix(),
            heading: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00E0_E6FF))
                .set_border_bottom(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter),
            label: Format::new().set_bold().set_align(FormatAlign::Top),
            number: cell.clone().set_num_format("#,##0"),
            share: cell.clone().set_num_format("0.0%"),
            time: cell
                .clone()
                .set_num_format("yyyy-mm-dd hh:mm:ss")
                .set_align(FormatAlign::Left),
            text: cell
                .clone()
                .set_num_format("@")
                .set_quote_prefix()
                .set_align(FormatAlign::Left),
            word: cell,
        }
    }
}

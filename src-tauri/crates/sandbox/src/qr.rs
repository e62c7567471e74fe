//! QR codes as PNG pictures.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use qrcode::{Color, QrCode};

/// The blank border that a camera needs, in modules.
const QUIET: usize = 4;

/// `text` as a QR code of about `side` pixels; `None` when it is too long for one.
pub(crate) fn png(text: &str, side: u32) -> Option<Vec<u8>> {
    let code = QrCode::new(text).ok()?;
    let modules = code.width();
    let colors = code.to_colors();
    let scale = (side as usize / (modules + 2 * QUIET)).max(1);
    let width = u32::try_from((modules + 2 * QUIET) * scale).ok()?;
    let picture = GrayImage::from_fn(width, width, |x, y| {
        let (column, row) = (x as usize / scale, y as usize / scale);
        let inside = (QUIET..QUIET + modules).contains(&column) && (QUIET..QUIET + modules).contains(&row);
        let dark = inside && colors[(row - QUIET) * modules + (column - QUIET)] == Color::Dark;
        Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).ok()?;
    Some(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::png;

    #[test]
    fn a_code_is_a_square_picture_with_a_blank_border() {
        let bytes = png("2@abc,def,ghi,1", 264).expect("a short text fits");
        let picture = image::load_from_memory(&bytes).expect("a PNG").to_luma8();
        assert_eq!(picture.width(), picture.height(), "QR codes are square");
        assert!(picture.width() <= 264, "it keeps to the size that was asked for");
        assert_eq!(
            picture.get_pixel(0, 0).0,
            [255],
            "a camera needs the blank border"
        );
    }
}

//! Small files of kinds that cannot be drawn: a document of one page, and a moment of silence in somebody's voice.
//!
//! Both are made here, byte by byte, so that a client can really open them.

use super::{Content, FileContent, FileKind, World};
use crate::clock::Millis;

impl World {
    /// What lies at whatever address a file is to be fetched from, which is done nowhere. There is no film.
    pub(crate) fn sample(&mut self, kind: FileKind, caption: Option<String>, now: Millis) -> Option<Content> {
        let (bytes, name) = match kind {
            FileKind::Image => return Some(self.any_picture(caption, now)),
            FileKind::Document => (pdf(), Some("pedido.pdf".to_owned())),
            FileKind::Audio | FileKind::Voice => (voice(), None),
            _ => return None,
        };
        let media = self.keep_file(bytes, None, now).ok()?.id.clone();
        Some(Content::File(FileContent {
            kind,
            media,
            caption,
            name,
            seconds: None,
        }))
    }
}

/// A page that says what it is.
pub(crate) fn pdf() -> Vec<u8> {
    let page = "BT /F1 24 Tf 72 720 Td (Pedido) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", number + 1));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1));
    for place in &places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        places.len() + 1
    ));
    file.into_bytes()
}

/// Two seconds of silence as WhatsApp keeps voices: Opus in Ogg (RFC 7845, RFC 3533).
pub(crate) fn voice() -> Vec<u8> {
    const FRAMES: usize = 100;
    const FRAME_SAMPLES: u64 = 960;
    let mut head = b"OpusHead\x01\x01".to_vec();
    head.extend(0_u16.to_le_bytes());
    head.extend(48_000_u32.to_le_bytes());
    head.extend([0, 0, 0]);
    let mut tags = b"OpusTags".to_vec();
    tags.extend(8_u32.to_le_bytes());
    tags.extend(b"practice");
    tags.extend(0_u32.to_le_bytes());
    // A frame of 20 ms that says nothing: table-of-contents byte of CELT fullband, then a coded silence.
    let silence: &[u8] = &[0xF8, 0xFF, 0xFE];
    let frames = vec![silence; FRAMES];
    let mut file = ogg_page(2, 0, 0, &[&head]);
    file.extend(ogg_page(0, 0, 1, &[&tags]));
    file.extend(ogg_page(4, FRAMES as u64 * FRAME_SAMPLES, 2, &frames));
    file
}

/// One page of an Ogg stream; each packet is shorter than 255 bytes.
fn ogg_page(flags: u8, granule: u64, sequence: u32, packets: &[&[u8]]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend(granule.to_le_bytes());
    page.extend(1_u32.to_le_bytes());
    page.extend(sequence.to_le_bytes());
    page.extend([0; 4]);
    page.push(packets.len() as u8);
    page.extend(packets.iter().map(|packet| packet.len() as u8));
    packets.iter().for_each(|packet| page.extend(*packet));
    let sum = ogg_checksum(&page).to_le_bytes();
    page.splice(22..26, sum);
    page
}

/// The checksum of an Ogg page: polynomial 0x04c11db7, no reflection, no final change (RFC 3533, section 6).
fn ogg_checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 24), |sum, _| {
            if sum & 0x8000_0000 == 0 {
                sum << 1
            } else {
                (sum << 1) ^ 0x04C1_1DB7
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{ogg_checksum, pdf, voice};

    #[test]
    fn the_voice_is_three_ogg_pages_whose_checksums_hold() {
        let file = voice();
        let starts: Vec<usize> = (0..file.len())
            .filter(|at| file[*at..].starts_with(b"OggS"))
            .collect();
        assert_eq!(starts.len(), 3, "head, tags, and what is said");
        for (turn, start) in starts.iter().enumerate() {
            let end = starts.get(turn + 1).copied().unwrap_or(file.len());
            let mut page = file[*start..end].to_vec();
            let told: [u8; 4] = page[22..26].try_into().expect("four bytes");
            page[22..26].fill(0);
            assert_eq!(
                ogg_checksum(&page).to_le_bytes(),
                told,
                "page {turn} would be refused by a player"
            );
        }
    }

    #[test]
    fn the_document_says_where_its_table_lies() {
        let file = String::from_utf8(pdf()).expect("ASCII");
        let told: usize = file
            .lines()
            .skip_while(|line| *line != "startxref")
            .nth(1)
            .and_then(|line| line.parse().ok())
            .expect("a place");
        assert!(file[told..].starts_with("xref"), "a reader looks there");
    }
}

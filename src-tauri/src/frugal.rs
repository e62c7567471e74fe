//! What the web view of Linux is told before it starts, so that it takes less memory and time.
//!
//! - Without graphics hardware it puts the page together in layers as if there were some, on an emulated one: that costs more
//!   memory than drawing the page at once, and twice the time. Where a graphics card is, it draws with that as before.
//! - Its scripts clear up late on a machine with much memory. They are told of a small one, and to look at all that they hold when
//!   they clear up, not only at what is new: with the second alone, what lives a little longer than a moment gathers.
//! - Its last compiler of scripts makes what computes for seconds faster, and takes memory for it. Nothing here computes so long.
//!
//! WebKitGTK hears of these by the environment that it starts in. A program may change its own only while nobody else can read
//! it, so this is the first thing that ours does, before there is any other thread. What a person has set stays; if it cannot be
//! done, the program goes on without.

use webkit2gtk::glib;

/// Draw by the processor.
const DRAW: (&str, &str) = ("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1");
/// And the page at once.
const NO_LAYERS: (&str, &str) = ("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
/// The memory of the machine as scripts know it: 256 MiB, in bytes.
const MACHINE: (&str, &str) = ("JSC_forceRAMSize", "268435456");
/// Clearing up by halves is off.
const WHOLE: (&str, &str) = ("JSC_useGenerationalGC", "0");
/// The last compiler is off.
const NO_LAST_COMPILER: (&str, &str) = ("JSC_useFTLJIT", "0");

/// Which of them are still to be told.
fn to_tell(has_graphics: bool, is_set: impl Fn(&str) -> bool) -> Vec<(&'static str, &'static str)> {
    let without = [DRAW, NO_LAYERS].into_iter().filter(|_| !has_graphics);
    let all = without.chain([MACHINE, WHOLE, NO_LAST_COMPILER]);
    all.filter(|(name, _)| !is_set(name)).collect()
}

/// Tells the web view that is yet to start.
pub(crate) fn begin() {
    for (name, value) in to_tell(has_graphics(), |name| std::env::var_os(name).is_some()) {
        // Without it there is more memory in use, and nothing else.
        let _told = glib::setenv(name, value, false);
    }
}

/// A graphics card shows itself by a device to draw with.
fn has_graphics() -> bool {
    let devices = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    devices
        .map(|device| device.file_name())
        .any(|name| name.as_encoded_bytes().starts_with(b"renderD"))
}

#[cfg(test)]
mod tests {
    use super::{DRAW, MACHINE, NO_LAST_COMPILER, NO_LAYERS, WHOLE, to_tell};

    #[test]
    fn a_machine_without_graphics_is_drawn_on_by_its_processor() {
        assert_eq!(
            to_tell(false, |_| false),
            [DRAW, NO_LAYERS, MACHINE, WHOLE, NO_LAST_COMPILER],
            "all are told"
        );
        assert_eq!(
            to_tell(true, |_| false),
            [MACHINE, WHOLE, NO_LAST_COMPILER],
            "a graphics card is used"
        );
    }

    #[test]
    fn what_a_person_has_set_stays() {
        assert_eq!(
            to_tell(false, |name| name == MACHINE.0),
            [DRAW, NO_LAYERS, WHOLE, NO_LAST_COMPILER],
            "a person's own is left"
        );
        assert!(to_tell(false, |_| true).is_empty(), "and so are all");
    }
}

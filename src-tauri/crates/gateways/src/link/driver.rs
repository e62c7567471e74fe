//! Drivers: one for each kind of gateway, which opens links.

use std::sync::Arc;

use mostrador_domain::Capabilities;

use super::{DeviceLink, Field, LinkConfig, Needs, OpenError};

/// A kind of gateway that there is a driver for. Which there are, the folders of this crate say: see the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GatewayKind {
    word: &'static str,
    name: &'static str,
    practice: bool,
}

impl GatewayKind {
    /// A gateway itself: the word that the store and the commands use, and the name that its vendor gives it.
    pub(crate) const fn real(word: &'static str, name: &'static str) -> Self {
        Self {
            word,
            name,
            practice: false,
        }
    }

    /// The practice shop that runs inside the program, speaking this gateway's dialect.
    pub(crate) const fn practice(word: &'static str, name: &'static str) -> Self {
        Self {
            word,
            name,
            practice: true,
        }
    }

    /// The word the store and the commands use.
    pub fn as_str(self) -> &'static str {
        self.word
    }

    /// The vendor's name for it, the same in every language; of the practice shop, whose dialect it speaks.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Is it the practice shop?
    pub fn is_practice(self) -> bool {
        self.practice
    }
}

/// One kind of gateway.
pub trait Driver: Send + Sync {
    /// Which.
    fn kind(&self) -> GatewayKind;

    /// What a person has to give before a link can be opened.
    fn needs(&self) -> Needs;

    /// Which of its fields can be changed while a device stays the same one.
    fn changeable(&self) -> Vec<Field> {
        let fields = self.needs().fields.iter().copied();
        fields.filter(|field| field.key.may_change()).collect()
    }

    /// What its links can do, known before one is opened.
    fn capabilities(&self) -> Capabilities;

    /// A link with this configuration. Makes no call.
    fn open(&self, config: LinkConfig) -> Result<Arc<dyn DeviceLink>, OpenError>;
}

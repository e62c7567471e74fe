//! Up to five texts of one campaign, each for a share of the recipients.
//!
//! Who gets which is decided by a hash of the campaign and the recipient: the same at every look, at every restart, in every
//! rehearsal. Texts differ where their author made them differ, and nowhere else.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The most texts that a campaign may have.
pub const MOST_VARIANTS: usize = 5;

/// The shares of the texts of a campaign, in percent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Variants(Vec<u8>);

/// Why shares cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum VariantsFault {
    /// No text.
    #[error("no text")]
    None,
    /// More than five.
    #[error("more than {MOST_VARIANTS} texts")]
    TooMany,
    /// A text for nobody.
    #[error("a share of zero")]
    ForNobody,
    /// The shares are not a hundred percent together.
    #[error("the shares are not a hundred together")]
    NotAHundred,
}

impl Variants {
    /// One text for all.
    pub fn one() -> Self {
        Self(vec![100])
    }

    /// Texts with these shares, in percent.
    ///
    /// # Errors
    ///
    /// When they are none, too many, or not a hundred together.
    pub fn with_shares(shares: &[u8]) -> Result<Self, VariantsFault> {
        match shares {
            [] => Err(VariantsFault::None),
            shares if shares.len() > MOST_VARIANTS => Err(VariantsFault::TooMany),
            shares if shares.contains(&0) => Err(VariantsFault::ForNobody),
            shares if shares.iter().map(|share| u32::from(*share)).sum::<u32>() != 100 => {
                Err(VariantsFault::NotAHundred)
            }
            shares => Ok(Self(shares.to_vec())),
        }
    }

    /// The shares, in percent.
    pub fn shares(&self) -> &[u8] {
        &self.0
    }

    /// Which text a recipient gets, from 0. `campaign` and `recipient` are whatever names them for good.
    pub fn pick(&self, campaign: &str, recipient: &str) -> usize {
        let mut hash = Sha256::new();
        hash.update((campaign.len() as u64).to_le_bytes());
        hash.update(campaign);
        hash.update(recipient);
        let drawn = hash
            .finalize()
            .iter()
            .take(4)
            .fold(0_u32, |drawn, byte| drawn << 8 | u32::from(*byte))
            % 100;
        let mut below = 0;
        let picked = self.0.iter().position(|share| {
            below += u32::from(*share);
            drawn < below
        });
        picked.unwrap_or(0)
    }
}

//! `Debug` for rows that hold text, names or numbers of people: it names the fields that may reach a log, and no other.

/// `quiet_debug!(ChatRow { id, device })`: shows those fields and that there are more.
macro_rules! quiet_debug {
    ($($name:ident { $($field:ident),* }),+ $(,)?) => {$(
        /// Nothing of what people wrote or are called: `Debug` ends in logs.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), &self.$field))*
                    .finish_non_exhaustive()
            }
        }
    )+};
}

pub(crate) use quiet_debug;

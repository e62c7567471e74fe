//! The path of a call: a template that may be logged, and the values that may not.

/// A path below the gateway's address, with its query.
///
/// It has no `Debug`: a value in it may be a phone number.
#[derive(Clone)]
pub(crate) struct Path {
    template: &'static str,
    values: Vec<String>,
    query: Vec<(&'static str, String)>,
}

/// Longer than any id that a gateway gives; what is longer is not an id.
const LONGEST_VALUE: usize = 256;

impl Path {
    /// A path without a value in it.
    pub(crate) fn fixed(template: &'static str) -> Self {
        Self {
            template,
            values: Vec::new(),
            query: Vec::new(),
        }
    }

    /// A path whose first segment in braces is `value`. `None` when the value cannot be a segment: an empty one, or
    /// one of dots, would quietly name another path.
    pub(crate) fn with(template: &'static str, value: &str) -> Option<Self> {
        Self::fixed(template).and(value)
    }

    /// The path whose next segment in braces is `value`, as [`Self::with`].
    pub(crate) fn and(mut self, value: &str) -> Option<Self> {
        let unusable = value.is_empty()
            || value.len() > LONGEST_VALUE
            || value.chars().any(char::is_control)
            || matches!(value, "." | "..");
        self.values.push(value.to_owned());
        (!unusable).then_some(self)
    }

    /// The path with one more parameter.
    pub(crate) fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    /// What may be logged.
    pub(crate) fn template(&self) -> &'static str {
        self.template
    }

    /// The segments, with the values in their places; not yet encoded.
    pub(super) fn segments(&self) -> impl Iterator<Item = &str> {
        let mut values = self.values.iter();
        self.template
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(move |segment| match segment.starts_with('{') {
                true => values.next().map_or(segment, String::as_str),
                false => segment,
            })
    }

    /// The parameters.
    pub(super) fn query_pairs(&self) -> &[(&'static str, String)] {
        &self.query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_would_name_another_path_is_refused() {
        let too_long = "9".repeat(LONGEST_VALUE + 1);
        for bad in ["", ".", "..", "a\nb", too_long.as_str()] {
            assert!(
                Path::with("/messages/{MessageID}", bad).is_none(),
                "{bad:?} is no id"
            );
        }
    }

    #[test]
    fn two_values_stand_in_their_order() {
        let path = Path::with("/labels/{LabelID}/{AssociationID}", "3")
            .and_then(|path| path.and("51900000021@s.whatsapp.net"))
            .expect("plain values");
        let segments: Vec<_> = path.segments().collect();
        assert_eq!(
            segments,
            ["labels", "3", "51900000021@s.whatsapp.net"],
            "each in its place"
        );
        let bad = Path::with("/labels/{LabelID}/{AssociationID}", "3").and_then(|path| path.and(".."));
        assert!(bad.is_none(), "the second value is checked as the first is");
    }

    #[test]
    fn the_template_never_holds_the_value() {
        let path =
            Path::with("/messages/list/{ChatID}", "51900000021@s.whatsapp.net").expect("a plain value");
        assert_eq!(
            path.template(),
            "/messages/list/{ChatID}",
            "logs get the template"
        );
        let segments: Vec<_> = path.segments().collect();
        assert_eq!(
            segments,
            ["messages", "list", "51900000021@s.whatsapp.net"],
            "the call gets the value"
        );
    }
}

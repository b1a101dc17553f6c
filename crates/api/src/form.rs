use std::borrow::Cow;
use std::fmt;

/// Why a parameter was refused: its name, its value and the allowed values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// A required parameter is missing.
    #[error("Parameter {name} is required and {allowed}")]
    Missing {
        /// The parameter's name.
        name: &'static str,
        /// The allowed values, such as "must be true or false".
        allowed: String,
    },
    /// A parameter has an invalid value.
    #[error("Parameter {name} {allowed}; got '{value}'")]
    Invalid {
        /// The parameter's name.
        name: &'static str,
        /// The value, shortened to 100 characters.
        value: String,
        /// The allowed values, such as "must be true or false".
        allowed: String,
    },
}

impl FormError {
    /// Creates an error for an invalid value.
    #[must_use]
    pub fn invalid(name: &'static str, value: &str, allowed: &dyn fmt::Display) -> Self {
        Self::Invalid { name, value: shorten(value, MAX_ECHO_CHARS), allowed: allowed.to_string() }
    }

    /// Creates an error for a missing parameter.
    #[must_use]
    pub fn missing(name: &'static str, allowed: &dyn fmt::Display) -> Self {
        Self::Missing { name, allowed: allowed.to_string() }
    }
}

/// Maximum number of characters of a value that an error quotes.
pub(crate) const MAX_ECHO_CHARS: usize = 100;

/// Returns the first characters of a text, with an ellipsis if there are more.
#[must_use]
pub fn shorten(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The decoded pairs of a form body or a query, in their order.
#[derive(Debug, Clone, Default)]
pub struct Pairs<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl Pairs<'_> {
    /// The name of each pair.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }

    /// The first value of a parameter.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_ref())
    }

    /// All values of the parameters with one of these names.
    pub fn all(&self, names: &[&str]) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(n, _)| names.contains(&n.as_ref())).map(|(_, value)| value.as_ref())
    }

    /// Parses the first value of a parameter; `Ok(None)` if the parameter is missing.
    pub fn parse<T: std::str::FromStr<Err: fmt::Display>>(&self, name: &'static str) -> Result<Option<T>, FormError> {
        self.first(name).map(|value| value.parse().map_err(|error| FormError::invalid(name, value, &error))).transpose()
    }

    /// Parses a boolean as the official clients write it: `true` or `1`, `false` or `0`, in any case.
    pub fn flag(&self, name: &'static str) -> Result<Option<bool>, FormError> {
        self.first(name)
            .map(|value| match value.to_ascii_lowercase().as_str() {
                "true" | "1" => Ok(true),
                "false" | "0" => Ok(false),
                _ => Err(FormError::invalid(name, value, &"must be true or false")),
            })
            .transpose()
    }
}

impl<'a> FromIterator<(Cow<'a, str>, Cow<'a, str>)> for Pairs<'a> {
    fn from_iter<I: IntoIterator<Item = (Cow<'a, str>, Cow<'a, str>)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Pairs<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        pairs.into_iter().map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_parsed_as_node_python_and_php_write_them() {
        let pairs = Pairs::from_iter([("a", "true"), ("b", "False"), ("c", "1"), ("d", "0"), ("e", "yes")]);
        assert_eq!(
            ["a", "b", "c", "d", "z"].map(|n| pairs.flag(n.to_owned().leak()).unwrap()),
            [Some(true), Some(false), Some(true), Some(false), None]
        );
        assert_eq!(pairs.flag("e").unwrap_err().to_string(), "Parameter e must be true or false; got 'yes'");
    }

    #[test]
    fn shortening_counts_characters() {
        assert_eq!((shorten("ééé", 3), shorten("ééé", 2), shorten("", 0)), ("ééé".into(), "éé…".into(), String::new()));
    }

    #[test]
    fn a_long_value_is_shortened_in_the_message() {
        let error = FormError::invalid("Issue", &"x".repeat(5000), &"must be short");
        assert!(error.to_string().len() < 200);
    }
}

use serde::{Deserialize, Serialize};

use crate::{Comment, FormError, Issue, IssueSet, Pairs, Score, ScoreError};

/// Increases with each change that the visitor makes to a rating. A write with a lower revision than the stored one
/// changes nothing.
pub type Revision = u32;

/// A visitor's rating of a call, without the comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rating {
    /// 1 to 5.
    pub score: Score,
    /// Issues that the visitor named.
    pub issues: IssueSet,
}

/// The parameters of `POST …/Feedback`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingForm {
    /// `QualityScore` and `Issue`.
    pub rating: Rating,
    /// `Comment`, an extension of ours: `None` keeps the stored comment, `Some(None)` deletes it.
    pub comment: Option<Option<Comment>>,
    /// `Revision`, an extension of ours.
    pub revision: Option<Revision>,
}

impl RatingForm {
    /// Parses a form. `Issue` may be repeated or comma-separated; very old clients call it `Issues`. Ignores unknown
    /// parameters.
    pub fn parse(pairs: &Pairs<'_>) -> Result<Self, FormError> {
        let score = pairs.parse("QualityScore")?.ok_or_else(|| FormError::missing("QualityScore", &ScoreError))?;
        let issues = pairs
            .all(&["Issue", "Issues"])
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(|name| name.parse::<Issue>().map_err(|error| FormError::invalid("Issue", name, &error)))
            .collect::<Result<_, _>>()?;
        let comment = pairs
            .first("Comment")
            .map(|text| match text.trim() {
                "" => Ok(None),
                text => Comment::new(text).map(Some).map_err(|error| FormError::invalid("Comment", text, &error)),
            })
            .transpose()?;
        let revision = pairs
            .first("Revision")
            .map(|text| {
                text.parse()
                    .map_err(|_| FormError::invalid("Revision", text, &"must be an integer from 0 to 4294967295"))
            })
            .transpose()?;
        Ok(Self { rating: Rating { score, issues }, comment, revision })
    }

    /// Passes each name and value to `append`, in an order from which [`parse`](Self::parse) reads them back.
    pub fn encode(&self, mut append: impl FnMut(&'static str, &str)) {
        append("QualityScore", itoa::Buffer::new().format(self.rating.score.get()));
        for issue in self.rating.issues.iter() {
            append("Issue", issue.as_str());
        }
        if let Some(comment) = &self.comment {
            append("Comment", comment.as_ref().map_or("", Comment::as_str));
        }
        if let Some(revision) = self.revision {
            append("Revision", itoa::Buffer::new().format(revision));
        }
    }
}

/// Feedback in the format of the 2010-04-01 API, which has exactly these six keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feedback {
    /// The account that the call belongs to.
    pub account_sid: crate::AccountSid,
    /// The leg's sid; feedback has no sid of its own.
    pub sid: crate::CallSid,
    /// 1 to 5.
    pub quality_score: Score,
    /// Issues that the visitor named; may be empty.
    pub issues: IssueSet,
    /// RFC 2822, UTC.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Rfc2822))]
    pub date_created: String,
    /// RFC 2822, UTC.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Rfc2822))]
    pub date_updated: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<RatingForm, FormError> {
        RatingForm::parse(&pairs.iter().copied().collect())
    }

    #[test]
    fn issues_are_parsed_in_every_way_that_clients_send_them() {
        let both: IssueSet = [Issue::DroppedCall, Issue::OneWayAudio].into_iter().collect();
        for pairs in [
            &[("QualityScore", "2"), ("Issue", "dropped-call"), ("Issue", "one-way-audio")][..],
            &[("QualityScore", "2"), ("Issue", "one-way-audio,dropped-call")],
            &[("QualityScore", "2"), ("Issues", "one-way-audio"), ("Issues", "dropped-call"), ("Unknown", "1")],
            &[
                ("QualityScore", "2"),
                ("Issue", "one-way-audio, dropped-call,"),
                ("Issue", "dropped-call"),
                ("Issue", ""),
            ],
        ] {
            assert_eq!(parse(pairs).unwrap().rating, Rating { score: Score::Two, issues: both }, "{pairs:?}");
        }
    }

    #[test]
    fn an_error_names_the_parameter_its_value_and_the_allowed_values() {
        for (pairs, message) in [
            (&[][..], "Parameter QualityScore is required and must be an integer from 1 to 5"),
            (&[("QualityScore", "6")], "Parameter QualityScore must be an integer from 1 to 5; got '6'"),
            (
                &[("QualityScore", "5"), ("Comment", "a\0")],
                "Parameter Comment must not contain a NUL character; got 'a\0'",
            ),
            (
                &[("QualityScore", "5"), ("Revision", "-1")],
                "Parameter Revision must be an integer from 0 to 4294967295; got '-1'",
            ),
        ] {
            assert_eq!(parse(pairs).unwrap_err().to_string(), message);
        }
        let error = parse(&[("QualityScore", "5"), ("Issue", "dropped-call,dtmf-not-captured")]).unwrap_err();
        assert!(error.to_string().starts_with("Parameter Issue must be one of imperfect-audio, "), "{error}");
        assert!(error.to_string().ends_with("; got 'dtmf-not-captured'"), "{error}");
    }

    #[test]
    fn an_absent_comment_keeps_the_stored_one_and_an_empty_one_deletes_it() {
        assert_eq!(parse(&[("QualityScore", "5")]).unwrap().comment, None);
        assert_eq!(parse(&[("QualityScore", "5"), ("Comment", " ")]).unwrap().comment, Some(None));
    }

    proptest! {
        #[test]
        fn the_server_parses_what_the_widget_sends(
            score in 1u8..=5, bits: u8, comment in prop::option::of(".{0,40}"), revision: Option<u32>,
        ) {
            let form = RatingForm {
                rating: Rating { score: score.try_into().unwrap(), issues: IssueSet::from_bits(bits) },
                comment: comment.map(|text| Comment::new(&text).ok()),
                revision,
            };
            let mut pairs = Vec::new();
            form.encode(|name, value| pairs.push((name, value.to_owned())));
            let read = RatingForm::parse(&pairs.iter().map(|(n, v)| (*n, v.as_str())).collect());
            prop_assert_eq!(read, Ok(form));
        }
    }
}

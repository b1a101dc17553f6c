//! Schemas of types whose fields do not show their wire format.

use std::borrow::Cow;

use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{KnownFormat, Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::{
    CallbackMethod, CallbackUrl, Comment, Issue, IssueSet, Kind, Labels, Name, Origin, RatingForm, Sample, Scope,
    Scopes, Score, Scores, Sid, SummaryForm,
};

/// Matches texts without control characters.
const PRINTABLE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

fn of_type(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(kind))
}

fn reference<T: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(T::name()).into()
}

impl<K: Kind> ToSchema for Sid<K> {
    fn name() -> Cow<'static, str> {
        K::SCHEMA.into()
    }
}

impl<K: Kind> PartialSchema for Sid<K> {
    fn schema() -> RefOr<Schema> {
        let (prefix, example) = (K::PREFIX, "0123456789abcdef".repeat(2));
        of_type(Type::String)
            .description(Some(format!("{prefix} and 32 hex digits; lower case in responses")))
            .pattern(Some(format!("^{prefix}[0-9a-fA-F]{{32}}$")))
            .examples([format!("{prefix}{example}")])
            .into()
    }
}

impl ToSchema for Score {}

impl PartialSchema for Score {
    fn schema() -> RefOr<Schema> {
        of_type(Type::Integer)
            .description(Some("1 (bad) to 5 (good)"))
            .minimum(Some(1))
            .maximum(Some(5))
            .examples([4])
            .into()
    }
}

impl ToSchema for Scores {}

impl PartialSchema for Scores {
    fn schema() -> RefOr<Schema> {
        let count = of_type(Type::Integer).format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64))).minimum(Some(0));
        ArrayBuilder::new()
            .items(count)
            .min_items(Some(5))
            .max_items(Some(5))
            .description(Some("Number of ratings with score 1, 2, 3, 4 and 5"))
            .examples([[1, 0, 0, 1, 1]])
            .into()
    }
}

impl ToSchema for IssueSet {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Issue::name().into(), Issue::schema()));
    }
}

impl PartialSchema for IssueSet {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(reference::<Issue>())
            .unique_items(true)
            .description(Some("Each issue at most once, in the order of `Issue`"))
            .into()
    }
}

impl ToSchema for Name {}

impl PartialSchema for Name {
    fn schema() -> RefOr<Schema> {
        of_type(Type::String)
            .description(Some("1 to 255 characters without control characters"))
            .min_length(Some(1))
            .max_length(Some(Self::MAX_CHARS))
            .pattern(Some(PRINTABLE))
            .examples(["a84b4c76e66710@pc33.example.com"])
            .into()
    }
}

impl ToSchema for Origin {}

impl PartialSchema for Origin {
    fn schema() -> RefOr<Schema> {
        of_type(Type::String)
            .description(Some("Origin of a web page, as browsers write it"))
            .max_length(Some(Self::MAX_BYTES))
            .pattern(Some(r"^https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?$"))
            .examples(["https://phone.example"])
            .into()
    }
}

impl ToSchema for Sample {}

impl PartialSchema for Sample {
    fn schema() -> RefOr<Schema> {
        of_type(Type::Number)
            .description(Some("Share of calls: 0 is none, 1 is all"))
            .minimum(Some(0))
            .maximum(Some(1))
            .examples([0.25])
            .into()
    }
}

impl ToSchema for Scopes {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Scope::name().into(), Scope::schema()));
    }
}

impl PartialSchema for Scopes {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(reference::<Scope>())
            .min_items(Some(1))
            .description(Some("Permissions of an API key; `admin` includes all others"))
            .into()
    }
}

impl ToSchema for Comment {}

impl PartialSchema for Comment {
    fn schema() -> RefOr<Schema> {
        comment("The visitor's comment on the call").into()
    }
}

fn comment(description: &str) -> ObjectBuilder {
    of_type(Type::String)
        .description(Some(description))
        .max_length(Some(Comment::MAX_CHARS))
        .pattern(Some(r"^[^\u0000]*$"))
}

impl ToSchema for Labels {}

impl PartialSchema for Labels {
    fn schema() -> RefOr<Schema> {
        let key = of_type(Type::String).pattern(Some(format!("^[A-Za-z0-9._-]{{1,{}}}$", Self::MAX_KEY_CHARS)));
        let value =
            of_type(Type::String).min_length(Some(1)).max_length(Some(Self::MAX_VALUE_CHARS)).pattern(Some(PRINTABLE));
        of_type(Type::Object)
            .description(Some("Filters for the dashboard"))
            .property_names(Some(key))
            .additional_properties(Some(value))
            .max_properties(Some(Self::MAX_PAIRS))
            .into()
    }
}

impl ToSchema for RatingForm {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Score::name().into(), Score::schema()));
        schemas.push((Issue::name().into(), Issue::schema()));
    }
}

impl PartialSchema for RatingForm {
    fn schema() -> RefOr<Schema> {
        let issues = ArrayBuilder::new()
            .items(reference::<Issue>())
            .description(Some("One issue per parameter; comma-separated values and the name `Issues` work too"));
        let revision = of_type(Type::Integer)
            .description(Some(
                "Increases with each change that the visitor makes. A write with a lower revision than the stored one \
                 changes nothing and returns what is stored",
            ))
            .minimum(Some(0))
            .maximum(Some(u32::MAX));
        of_type(Type::Object)
            .property("QualityScore", reference::<Score>())
            .property("Issue", issues)
            .property("Comment", comment("If omitted, the stored comment stays; if empty, it is deleted"))
            .property("Revision", revision)
            .property("Token", token())
            .required("QualityScore")
            .into()
    }
}

/// A time in the format of the 2010-04-01 API.
#[derive(Debug)]
pub enum Rfc2822 {}

impl ToSchema for Rfc2822 {}

impl PartialSchema for Rfc2822 {
    fn schema() -> RefOr<Schema> {
        of_type(Type::String)
            .description(Some("RFC 2822, UTC"))
            .pattern(Some(r"^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} \+0000$"))
            .examples(["Thu, 20 Aug 2015 21:45:46 +0000"])
            .into()
    }
}

/// A form whose only parameter is a rating token.
#[derive(Debug)]
pub enum TokenForm {}

impl ToSchema for TokenForm {}

impl PartialSchema for TokenForm {
    fn schema() -> RefOr<Schema> {
        of_type(Type::Object).property("Token", token()).into()
    }
}

fn token() -> ObjectBuilder {
    of_type(Type::String).description(Some("A rating token, for forms and beacons, which cannot set headers"))
}

impl ToSchema for SummaryForm {}

impl PartialSchema for SummaryForm {
    fn schema() -> RefOr<Schema> {
        let date = |description: &str| {
            of_type(Type::String)
                .description(Some(description))
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
                .examples(["2026-03-01"])
        };
        let subaccounts = of_type(Type::String)
            .description(Some("Whether to count the calls of subaccounts too: `true` or `1`, `false` or `0`"))
            .pattern(Some("^([Tt][Rr][Uu][Ee]|1|[Ff][Aa][Ll][Ss][Ee]|0)$"))
            .examples(["true"]);
        let callback = of_type(Type::String)
            .description(Some(
                "URL that the server calls when the summary ends: `http` or `https`, without user name and password; \
                 empty for none",
            ))
            .max_length(Some(CallbackUrl::MAX_CHARS))
            .examples(["https://crm.example/summary-ended"]);
        let method = of_type(Type::String)
            .description(Some("POST (the default) sends the parameters as a form, GET in the query"))
            .enum_values(Some(CallbackMethod::ALL.map(CallbackMethod::as_str)));
        of_type(Type::Object)
            .property("StartDate", date("First day, UTC"))
            .property("EndDate", date("Last day, UTC, inclusive"))
            .property("IncludeSubaccounts", subaccounts)
            .property("StatusCallback", callback)
            .property("StatusCallbackMethod", method)
            .required("StartDate")
            .required("EndDate")
            .into()
    }
}

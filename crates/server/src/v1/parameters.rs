//! Parameters of queries that several routes of `/v1` take, for their descriptions; `query.rs` reads them.

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{KnownFormat, Required};
use utoipa::{IntoParams, PartialSchema as _};

use ringback_api::{Issue, Order, Step};

use super::steps::Weekday;

/// What `feedback` and `feedback.csv` both take.
pub(super) struct OfLists;
/// Days, and whose.
pub(super) struct OfDays;
/// What takes `subaccounts` and nothing else of these.
pub(super) struct OfSubaccounts;
/// What lists that come in pages take besides.
pub(super) struct OfPages;
/// What `stats` and `stats.csv` both take.
pub(super) struct OfStats;

fn query(name: &str, description: &str, schema: ObjectBuilder) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
}

fn of_type(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(kind))
}

fn one_of<'a>(values: impl IntoIterator<Item = &'a str>) -> ObjectBuilder {
    of_type(Type::String).enum_values(Some(values))
}

fn date() -> ObjectBuilder {
    of_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).examples(["2026-03-01"])
}

fn zone() -> Parameter {
    let description = "An IANA time zone, whose days and hours are meant: the account's unless given";
    query("tz", description, of_type(Type::String).examples(["Europe/Berlin"])).build()
}

fn direction() -> Parameter {
    let description = "Only calls of this direction, or of which it is not known";
    query("direction", description, one_of(["inbound", "outbound", "unknown"])).build()
}

fn subaccounts() -> Parameter {
    query("subaccounts", "Whether to add what the subaccounts have", of_type(Type::Boolean)).build()
}

fn list(name: &str, description: &str, of: ObjectBuilder) -> Parameter {
    let description = format!("{description}; repeated, or with commas between");
    query(name, &description, ObjectBuilder::new()).schema(Some(ArrayBuilder::new().items(of))).build()
}

impl IntoParams for OfLists {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let integer = |from: u8, to: u8| of_type(Type::Integer).minimum(Some(from)).maximum(Some(to));
        let label = of_type(Type::String).examples(["queue:sales"]);
        let labels =
            query("label", "Only calls with this key and value; repeated, with all of them", of_type(Type::Array));
        let rated = "Only rated calls, which is so unless given, only those that are not, or all";
        let order = "By start or by score: newest unless given";
        let mut parameters = OfDays::into_params(|| None);
        parameters.extend([
            list("weekday", "Only calls that started on one of these, in `tz`", one_of(Weekday::NAMES)),
            list("hour", "Only calls that started in one of these hours of the day, in `tz`", integer(0, 23)),
            query("rated", rated, one_of(["true", "false", "all"])).build(),
            list("score", "Only calls rated with one of these", integer(1, 5)),
            list("issue", "Only calls with one of these issues", one_of(Issue::ALL.map(Issue::as_str))),
            query("has_comment", "Only calls with a comment, or without", of_type(Type::Boolean)).build(),
            direction(),
            labels.schema(Some(ArrayBuilder::new().items(label))).build(),
            query("order", order, one_of(Order::ALL.map(Order::as_str))).build(),
        ]);
        parameters
    }
}

impl IntoParams for OfDays {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            query("from", "The first day, in `tz`, of the years 2000 to 9998", date()).build(),
            query("to", "The last day, inclusive", date()).build(),
            zone(),
            subaccounts(),
        ]
    }
}

impl IntoParams for OfSubaccounts {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![subaccounts()]
    }
}

impl IntoParams for OfPages {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let limit = of_type(Type::Integer).minimum(Some(1)).maximum(Some(200));
        vec![
            query("limit", "How many calls at most: 50 unless given", limit).build(),
            query("cursor", "`next` of the page before, for the same order", of_type(Type::String)).build(),
        ]
    }
}

impl IntoParams for OfStats {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let step = query("step", "How long one point of the series is: a day unless given", ObjectBuilder::new());
        vec![
            query("from", "The first day, in `tz`, of the years 2000 to 9998", date()).required(Required::True).build(),
            query("to", "The last day, inclusive", date()).required(Required::True).build(),
            step.schema(Some(Step::schema())).build(),
            zone(),
            direction(),
            subaccounts(),
        ]
    }
}

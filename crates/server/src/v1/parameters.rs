//! Parameters of queries that several routes of `/v1` take, for their descriptions; `query.rs` reads them.

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{KnownFormat, Required};
use utoipa::{IntoParams, PartialSchema as _};

use ringback_api::Step;

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

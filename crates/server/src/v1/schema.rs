//! Schemas of parameter values.

use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr, Schema};

pub(super) fn of_type(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(kind))
}

pub(super) fn boolean() -> RefOr<Schema> {
    of_type(Type::Boolean).into()
}

pub(super) fn string() -> RefOr<Schema> {
    of_type(Type::String).into()
}

pub(super) fn integer(min: usize, max: usize) -> RefOr<Schema> {
    of_type(Type::Integer).minimum(Some(min)).maximum(Some(max)).into()
}

pub(super) fn one_of<'a>(values: impl IntoIterator<Item = &'a str>) -> RefOr<Schema> {
    of_type(Type::String).enum_values(Some(values)).into()
}

pub(super) fn date() -> RefOr<Schema> {
    of_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).examples(["2026-03-01"]).into()
}

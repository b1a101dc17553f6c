//! Query parameters and the parsing of queries.
//!
//! A [`Parameter`] declares a parameter once. A route lists its parameters in a [`ParameterList`]; the accepted names
//! and the OpenAPI description follow from the list.

use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use ringback_api::{FormError, Pairs};
use utoipa::IntoParams;
use utoipa::openapi::path::{self, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{RefOr, Required, Schema};

use super::problem::Problem;
use crate::body;

/// A query parameter whose values have the type `T`.
pub(super) struct Parameter<T> {
    pub(super) name: &'static str,
    description: &'static str,
    /// Returns the schema of one value.
    schema: fn() -> RefOr<Schema>,
    /// Parses one value; the first argument is the name of the parameter.
    parse: fn(&'static str, &str) -> Result<T, FormError>,
    occurs: Occurs,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Occurs {
    /// At most once.
    Optional,
    /// Exactly once.
    Required,
    /// Any number of times, with one value each.
    Repeated,
    /// Any number of times, each with one value or several separated by commas.
    CommaSeparated,
}

impl<T> Parameter<T> {
    pub(super) const fn new(
        name: &'static str,
        description: &'static str,
        schema: fn() -> RefOr<Schema>,
        parse: fn(&'static str, &str) -> Result<T, FormError>,
    ) -> Self {
        Self { name, description, schema, parse, occurs: Occurs::Optional }
    }

    pub(super) const fn required(self) -> Self {
        self.occurring(Occurs::Required)
    }

    pub(super) const fn repeated(self) -> Self {
        self.occurring(Occurs::Repeated)
    }

    pub(super) const fn comma_separated(self) -> Self {
        self.occurring(Occurs::CommaSeparated)
    }

    const fn occurring(self, occurs: Occurs) -> Self {
        let Self { name, description, schema, parse, .. } = self;
        Self { name, description, schema, parse, occurs }
    }
}

/// A parameter with values of any type.
pub(super) trait AnyParameter {
    fn name(&self) -> &'static str;
    fn is_repeatable(&self) -> bool;
    fn description(&self) -> path::Parameter;
}

impl<T> AnyParameter for Parameter<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is_repeatable(&self) -> bool {
        matches!(self.occurs, Occurs::Repeated | Occurs::CommaSeparated)
    }

    fn description(&self) -> path::Parameter {
        let required = if self.occurs == Occurs::Required { Required::True } else { Required::False };
        let description = match self.occurs {
            Occurs::CommaSeparated => format!("{}; repeatable or comma-separated", self.description),
            _ => self.description.to_owned(),
        };
        let schema = (self.schema)();
        let schema = if self.is_repeatable() { ArrayBuilder::new().items(schema).build().into() } else { schema };
        ParameterBuilder::new()
            .name(self.name)
            .parameter_in(ParameterIn::Query)
            .required(required)
            .description(Some(description))
            .schema(Some(schema))
            .build()
    }
}

/// A group of parameters that several routes accept.
pub(super) type ParameterGroup = &'static [&'static dyn AnyParameter];

/// The parameters of a route.
pub(super) trait ParameterList {
    const GROUPS: &'static [ParameterGroup];
}

fn parameters<L: ParameterList>() -> impl Iterator<Item = &'static dyn AnyParameter> {
    L::GROUPS.iter().copied().flatten().copied()
}

/// A query with the parameters in `L`. Unknown names are errors; otherwise, a misspelt filter would have no effect.
pub(super) struct Query<L> {
    pairs: Pairs<'static>,
    list: PhantomData<L>,
}

impl<L: ParameterList> Query<L> {
    pub(super) fn parse(raw: Option<&str>) -> Result<Self, Problem> {
        let pairs = body::pairs(raw.unwrap_or_default().as_bytes())
            .map_err(|_| Problem::bad_request("The query must be UTF-8"))?;
        for (index, name) in pairs.names().enumerate() {
            let Some(parameter) = parameters::<L>().find(|parameter| parameter.name() == name) else {
                let known: Vec<_> = parameters::<L>().map(AnyParameter::name).collect();
                let (name, known) = (ringback_api::shorten(name, 100), known.join(", "));
                return Err(Problem::bad_request(format_args!(
                    "Parameter '{name}' is unknown; this route takes {known}"
                )));
            };
            if !parameter.is_repeatable() && pairs.names().take(index).any(|earlier| earlier == name) {
                return Err(Problem::bad_request(format_args!("Parameter {name} must be given once")));
            }
        }
        Ok(Self { pairs, list: PhantomData })
    }
}

impl<L> Query<L> {
    /// Returns the first value of a parameter as text.
    pub(super) fn text<T>(&self, parameter: &Parameter<T>) -> Option<&str> {
        self.pairs.first(parameter.name)
    }

    pub(super) fn get<T>(&self, parameter: &Parameter<T>) -> Result<Option<T>, FormError> {
        self.text(parameter).map(|text| (parameter.parse)(parameter.name, text)).transpose()
    }

    /// Like [`get`](Self::get) for a required parameter; `allowed` describes its values.
    pub(super) fn require<T>(&self, parameter: &Parameter<T>, allowed: &dyn Display) -> Result<T, FormError> {
        self.get(parameter)?.ok_or_else(|| FormError::missing(parameter.name, allowed))
    }

    /// Returns all values of a repeatable parameter.
    pub(super) fn list<T>(&self, parameter: &Parameter<T>) -> Result<Vec<T>, FormError> {
        let mut values = Vec::new();
        for text in self.pairs.all(&[parameter.name]) {
            if parameter.occurs == Occurs::CommaSeparated {
                for value in text.split(',') {
                    values.push((parameter.parse)(parameter.name, value)?);
                }
            } else {
                values.push((parameter.parse)(parameter.name, text)?);
            }
        }
        Ok(values)
    }
}

impl<L: ParameterList> IntoParams for Query<L> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<path::Parameter> {
        parameters::<L>().map(AnyParameter::description).collect()
    }
}

/// Parses a value with `FromStr`.
pub(super) fn from_str<T: FromStr<Err: Display>>(name: &'static str, text: &str) -> Result<T, FormError> {
    text.parse().map_err(|error| FormError::invalid(name, text, &error))
}

impl From<FormError> for Problem {
    fn from(error: FormError) -> Self {
        Self::bad_request(error)
    }
}

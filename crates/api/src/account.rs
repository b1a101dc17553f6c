use std::num::NonZeroU16;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{AccountSid, Name, Origin, Sample};

/// The answer of `GET /v1/accounts/{AC}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// AC…
    pub sid: AccountSid,
    /// For people.
    pub name: String,
    /// Whether it, or its parent, is suspended.
    pub status: AccountStatus,
    /// Whether it has a parent, and therefore no subaccounts.
    pub is_subaccount: bool,
    /// IANA; days and hours on the dashboard are this zone's.
    pub time_zone: String,
    /// For how many UTC days calls are kept; null is for ever.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u16>, minimum = 1))]
    pub retention_days: Option<NonZeroU16>,
    /// Which websites may send rating tokens, each as browsers name an origin; empty is any.
    pub allowed_origins: Vec<Origin>,
    /// Which share of calls is asked about, where the page around the widget does not say: in frames, and in the snippet
    /// on the dashboard.
    pub sample: Sample,
    /// Calls of earlier UTC days are gone, and none is taken any more; null while every day is open.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub sealed_before: Option<Date>,
}

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum AccountStatus {
    /// It may.
    Active,
    /// It may not, for now.
    Suspended,
}

/// The body of `PATCH /v1/accounts/{AC}`: what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Suspends a subaccount, or lets it be used again; with the credentials of its parent only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AccountStatus>,
    /// An IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// 1 to 65535 days; null is for ever.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u16>, minimum = 1))]
    pub retention_days: Option<Option<NonZeroU16>>,
    /// Which websites may send rating tokens: at most 100; an empty list is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub allowed_origins: Option<Vec<Origin>>,
    /// Which share of calls is asked about, where the page around the widget does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
}

/// A subaccount to be created: the body of `POST /v1/accounts/{AC}/subaccounts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSubaccount {
    /// For people.
    pub name: Name,
}

/// The answer of `POST /v1/accounts/{AC}/subaccounts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedSubaccount {
    /// The account.
    #[serde(flatten)]
    pub account: AccountView,
    /// Its secret, which is not shown again.
    pub auth_token: String,
}

/// Tells null from what is left out.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The body of `POST /v1/accounts/{AC}/erasures`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ErasureRequest {
    /// A number or address exactly as calls were reported with it: as `from`, `to` or `party`.
    pub caller: Name,
}

/// The answer of `POST /v1/accounts/{AC}/erasures`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erasure {
    /// How many legs lost their names, numbers and comment.
    pub legs: u64,
}

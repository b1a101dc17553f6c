use std::num::NonZeroU16;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::string_enum::string_enum;
use crate::{AccountSid, Name, Origin, Sample};

/// The response to `GET /v1/accounts/{AC}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// The account's sid.
    pub sid: AccountSid,
    /// Display name.
    pub name: String,
    /// Suspended if the account or its parent is suspended.
    pub status: AccountStatus,
    /// Whether the account has a parent. A subaccount has no subaccounts.
    pub is_subaccount: bool,
    /// IANA time zone of days and hours on the dashboard.
    pub time_zone: String,
    /// Number of UTC days for which calls are kept; null keeps them forever.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u16>, minimum = 1))]
    pub retention_days: Option<NonZeroU16>,
    /// Origins of the pages that may send rating tokens; an empty list allows any.
    pub allowed_origins: Vec<Origin>,
    /// Share of calls to ask about. Applies to `/frame/{AC}` and to the snippet on the dashboard.
    pub sample: Sample,
    /// Calls of earlier UTC days are deleted and can be neither reported nor rated; null if no day is sealed.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub sealed_before: Option<Date>,
}

string_enum! {
    /// Whether an account can be used.
    pub enum AccountStatus {
        /// The account can be used.
        Active = "active",
        /// Its credentials, API keys, sessions and rating tokens are refused.
        Suspended = "suspended",
    }
}

/// The body of `PATCH /v1/accounts/{AC}`. Omitted fields keep their values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Suspends or reactivates a subaccount. Requires the credentials of its parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AccountStatus>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// 1 to 65535 UTC days; null keeps calls forever.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u16>, minimum = 1))]
    pub retention_days: Option<Option<NonZeroU16>>,
    /// Origins of the pages that may send rating tokens, at most 100; an empty list allows any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub allowed_origins: Option<Vec<Origin>>,
    /// Share of calls to ask about. Applies to `/frame/{AC}` and to the snippet on the dashboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
}

/// The body of `POST /v1/accounts/{AC}/subaccounts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSubaccount {
    /// Display name.
    pub name: Name,
}

/// The response to `POST /v1/accounts/{AC}/subaccounts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedSubaccount {
    /// The new subaccount.
    #[serde(flatten)]
    pub account: AccountView,
    /// The subaccount's AuthToken. No other response contains it.
    pub auth_token: String,
}

/// Distinguishes null from an omitted field.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The body of `POST /v1/accounts/{AC}/erasures`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ErasureRequest {
    /// A number or address exactly as it was reported in `from`, `to` or `party`.
    pub caller: Name,
}

/// The response to `POST /v1/accounts/{AC}/erasures`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erasure {
    /// Number of legs whose names, numbers and comment were erased.
    pub legs: u64,
}

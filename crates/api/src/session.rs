use serde::{Deserialize, Serialize};

use crate::{AccountSid, Scopes};

/// The body of `POST /v1/session`: credentials to sign in to the dashboard.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// An AccountSid or the sid of an API key.
    pub username: String,
    /// The AuthToken or the key's secret.
    pub password: String,
}

/// The response to `GET` and `POST /v1/session`: the session on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The signed-in account.
    pub account_sid: AccountSid,
    /// The account's display name.
    pub account_name: String,
    /// Permissions of the credentials that signed in.
    pub scopes: Scopes,
    /// The account's IANA time zone.
    pub time_zone: String,
    /// Today in that time zone.
    pub today: jiff::civil::Date,
}

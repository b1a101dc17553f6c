use serde::{Deserialize, Serialize};

use crate::{AccountSid, Scopes};

/// The body of `POST /v1/session`: what a person types to sign in to the dashboard.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// An AccountSid, or the sid of an API key.
    pub username: String,
    /// Its AuthToken, or its secret.
    pub password: String,
}

/// Who is signed in to the dashboard: the answer of `GET` and `POST /v1/session`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The account.
    pub account_sid: AccountSid,
    /// Its name, for people.
    pub account_name: String,
    /// What the credentials that signed in may do.
    pub scopes: Scopes,
    /// Its time zone, IANA.
    pub time_zone: String,
    /// Today in that time zone.
    pub today: jiff::civil::Date,
}

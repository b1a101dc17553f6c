use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{KeySid, Name, Scopes};

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyView {
    /// The key's sid, which is the user name for Basic authentication.
    pub sid: KeySid,
    /// Display name; may be empty.
    pub name: String,
    /// Permissions of the key.
    pub scopes: Scopes,
    /// When the key was created.
    pub created_at: Timestamp,
    /// When the key was revoked; null while it is valid.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub revoked_at: Option<Timestamp>,
}

/// The body of `POST /v1/accounts/{AC}/api-keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApiKeyRequest {
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Permissions of the key.
    pub scopes: Scopes,
}

/// The response to `POST /v1/accounts/{AC}/api-keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedApiKey {
    /// The new key.
    #[serde(flatten)]
    pub key: ApiKeyView,
    /// The password for Basic authentication. No other response contains it.
    pub secret: String,
}

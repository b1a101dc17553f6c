use axum::http::header;
use ringback_api::{CallSid, Leg, Name, Scope};

use super::error::AuthError;
use super::principal::{Principal, authenticate};
use super::rating_token::RatingToken;
use super::request_head::RequestHead;
use crate::app::App;
use crate::store::{Account, Target, TokenCall};

/// The two segments of a path that name a leg: an AccountSid, and a CallSid or the phone system's id of the call.
#[derive(Debug, Clone, Copy)]
pub struct LegPath<'a> {
    /// The segment, percent-decoded.
    pub account: &'a str,
    /// The segment, percent-decoded.
    pub call: &'a str,
}

/// A leg that the request may access.
#[derive(Debug, Clone)]
pub struct AuthorizedLeg {
    /// The account of the leg.
    pub account: Account,
    /// The leg's sid.
    pub sid: CallSid,
    create_from: Option<TokenCall>,
}

impl From<AuthorizedLeg> for Target {
    fn from(leg: AuthorizedLeg) -> Self {
        Self { account: leg.account.id, sid: leg.sid, create_from: leg.create_from }
    }
}

/// Refuses requests from pages that the account does not allow. Clients other than browsers can forge `Origin`, so this is
/// a courtesy check.
fn check_origin(app: &App, head: &RequestHead, account: &Account) -> Result<(), AuthError> {
    let Some(origin) = head.headers.get(header::ORIGIN) else { return Ok(()) };
    let ours = *origin == *app.public_url.origin().ascii_serialization();
    let allowed = &account.allowed_origins;
    if ours || allowed.is_empty() || allowed.iter().any(|allowed| *origin == *allowed.as_str()) {
        Ok(())
    } else {
        Err(AuthError::UnknownPage)
    }
}

/// Returns the leg in the path if the sender is an account with this scope or a party with a rating token for the leg. A
/// token's own account and leg are used, not those in the path.
pub async fn authorize_leg(
    app: &App,
    head: &RequestHead,
    form_token: Option<&str>,
    path: LegPath<'_>,
    scope: Scope,
) -> Result<AuthorizedLeg, AuthError> {
    match authenticate(app, head, form_token).await? {
        Principal::Party(token) if token.is_for(path.account, path.call) => {
            let RatingToken { account, sid, call } = *token;
            app.limits.leg(sid)?;
            check_origin(app, head, &account)?;
            Ok(AuthorizedLeg { account, sid, create_from: Some(call) })
        }
        Principal::Party(_) => Err(AuthError::NotFound),
        principal @ Principal::Account { .. } => {
            let (account, _) = principal.authorize_account(app, path.account, scope).await?;
            let call: Name = path.call.parse().map_err(|_| AuthError::NotFound)?;
            let leg = Leg::new(call, None).map_err(|_| AuthError::NotFound)?;
            Ok(AuthorizedLeg { sid: leg.sid(&account.sid), account, create_from: None })
        }
    }
}

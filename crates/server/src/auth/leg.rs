use axum::http::header;
use ringback_api::{CallSid, Leg, Name};

use super::{AuthError, Caller, Principal, RatingToken, Scope, authenticate};
use crate::app::App;
use crate::store::{Account, Target, TokenCall};

/// The two segments of a path that name a leg: an AccountSid, and a CallSid or the phone system's id of the call.
#[derive(Debug, Clone, Copy)]
pub struct LegPath<'a> {
    /// As it stands in the path, decoded.
    pub account: &'a str,
    /// As it stands in the path, decoded.
    pub call: &'a str,
}

/// A leg that the request may do this to.
#[derive(Debug, Clone)]
pub struct AuthorizedLeg {
    /// Whose it is.
    pub account: Account,
    /// Its sid.
    pub sid: CallSid,
    unless_known: Option<TokenCall>,
}

impl From<AuthorizedLeg> for Target {
    fn from(leg: AuthorizedLeg) -> Self {
        Self { account: leg.account.id, sid: leg.sid, unless_known: leg.unless_known }
    }
}

/// Refuses what comes from pages that the account has not named. Who is no browser can say what it likes here, so this
/// keeps order, and proves nothing.
fn from_allowed_page(app: &App, caller: &Caller, account: &Account) -> Result<(), AuthError> {
    let Some(origin) = caller.headers.get(header::ORIGIN) else { return Ok(()) };
    let ours = *origin == *app.public_url.origin().ascii_serialization();
    let allowed = &account.allowed_origins;
    if ours || allowed.is_empty() || allowed.iter().any(|allowed| *origin == *allowed.as_str()) {
        Ok(())
    } else {
        Err(AuthError::UnknownPage)
    }
}

/// The leg that the path names, if the request may do this to it: an account that has the scope, or a party of the
/// leg with a rating token, from which account and leg are then taken.
pub async fn authorize(
    app: &App,
    caller: &Caller,
    form_token: Option<&str>,
    path: LegPath<'_>,
    scope: Scope,
) -> Result<AuthorizedLeg, AuthError> {
    match authenticate(app, caller, form_token).await? {
        Principal::Party(token) if token.is_for(path.account, path.call) => {
            let RatingToken { account, sid, call } = *token;
            app.limits.leg(sid)?;
            from_allowed_page(app, caller, &account)?;
            Ok(AuthorizedLeg { account, sid, unless_known: Some(call) })
        }
        Principal::Party(_) => Err(AuthError::NotFound),
        principal @ Principal::Account { .. } => {
            let (account, _) = principal.account(app, path.account, scope).await?;
            let call: Name = path.call.parse().map_err(|_| AuthError::NotFound)?;
            let leg = Leg::new(call, None).map_err(|_| AuthError::NotFound)?;
            Ok(AuthorizedLeg { sid: leg.sid(&account.sid), account, unless_known: None })
        }
    }
}

//! Rating tokens: JWTs, signed by an account or one of its API keys, with which one party of one call rates it.

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ringback_api::{
    AUDIENCE, AccountSid, CallSid, Claims, Leg, MAX_LIFETIME_SECONDS, MintRequest, MintedToken, Scope, TYPE,
};
use serde::de::IgnoredAny;

use super::claims::{Iss, LEEWAY, OLDEST_START, Unverified, call, time};
use super::error::{AuthError, Reason, refuse_suspended};
use crate::app::App;
use crate::clock::EntropyError;
use crate::store::{Account, AccountId, TokenCall, TokenId};
use crate::vault::VaultError;

/// The lifetime of a minted token if the request has none.
const DEFAULT_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// A verified rating token.
#[derive(Debug, Clone)]
pub struct RatingToken {
    /// The account of the leg.
    pub account: Account,
    /// The leg's sid.
    pub sid: CallSid,
    /// The token's data about the call.
    pub call: TokenCall,
}

impl RatingToken {
    /// Whether a path with this account and call names this leg. The call may be a CallSid or the `call` of the token.
    #[must_use]
    pub fn is_for(&self, account: &str, call: &str) -> bool {
        let named = match &self.call.leg {
            Leg::Native(_) => false,
            Leg::Foreign { call: name, .. } => name.as_str() == call,
        };
        account.parse() == Ok(self.account.sid) && (named || call.parse() == Ok(self.sid))
    }
}

pub(super) async fn authenticate(app: &App, token: &str) -> Result<RatingToken, AuthError> {
    let unverified = Unverified::read(token)?;
    let issuer = issuer(app, &unverified.iss).await?;
    verify(token, &issuer.secret)?;
    let claims = unverified.claims()?;
    let account = account(app, &issuer, claims.sub).await?;
    let mut call = call(&claims, app.clock.now())?;
    call.callers = call.leg.party().map(|party| app.vault.caller_digest(&account.sid, party)).into_iter().collect();
    let sid = call.leg.sid(&account.sid);
    let issued_at = time("iat", claims.iat)?;
    if app.store.is_token_revoked(account.id, TokenId { jti: claims.jti, sid, issued_at }).await? {
        return Err(Reason::RevokedToken.into());
    }
    refuse_suspended(&account)?;
    Ok(RatingToken { account, sid, call })
}

/// The signer of a token.
struct Issuer {
    account: AccountId,
    secret: String,
    may_mint: bool,
}

/// Returns the issuer that a token names.
async fn issuer(app: &App, iss: &Iss) -> Result<Issuer, AuthError> {
    let (account, secret, may_mint) = match iss {
        Iss::Account(sid) => {
            let account = app.store.account(*sid).await?.ok_or(Reason::UnknownSigner)?;
            (account.id, account.auth_token, true)
        }
        Iss::Key(sid) => {
            let key = app.store.api_key(*sid).await?.ok_or(Reason::UnknownSigner)?;
            (key.account.id, key.secret, key.scopes.cover(Scope::Mint))
        }
    };
    Ok(Issuer { account, secret: app.vault.open_sealed(&secret)?, may_mint })
}

fn verify(token: &str, secret: &str) -> Result<(), Reason> {
    // `claims` checks the claims, with the injected clock and our own messages.
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(secret.as_bytes());
    let signed = jsonwebtoken::decode::<IgnoredAny>(token, &key, &validation);
    signed.map(|_| ()).map_err(|_| Reason::UnknownSigner)
}

/// Returns the account that a token is for, if its issuer may sign for it.
async fn account(app: &App, issuer: &Issuer, sub: AccountSid) -> Result<Account, AuthError> {
    if !issuer.may_mint {
        return Err(Reason::BadClaims("iss is an API key that lacks the scope mint".to_owned()).into());
    }
    let account = app.store.account(sub).await?;
    let covered = account.filter(|account| account.id == issuer.account || account.parent == Some(issuer.account));
    let refused = || Reason::BadClaims(format!("sub must be the account of iss or one of its subaccounts; got {sub}"));
    Ok(covered.ok_or_else(refused)?)
}

/// Why a token could not be minted.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// `expires_in` is out of range.
    #[error("expires_in must be from 1 to 2592000 seconds (30 days), got {0}")]
    Lifetime(u32),
    /// `party` is not allowed with a CallSid.
    #[error("party {0}")]
    Leg(#[from] ringback_api::LegError),
    /// `started_at` is in the future or too long ago.
    #[error("started_at must be within the last 30 days, got {0}")]
    Start(Timestamp),
    /// The account's secret could not be decrypted.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The operating system returned no random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The token could not be signed.
    #[error("the token could not be signed: {0}")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

/// Mints a token that the account itself signs.
pub fn mint(app: &App, account: &Account, request: MintRequest) -> Result<MintedToken, MintError> {
    let now = app.clock.now();
    let lifetime = match request.expires_in {
        None => DEFAULT_LIFETIME.as_secs(),
        Some(seconds) if (1..=MAX_LIFETIME_SECONDS).contains(&i64::from(seconds)) => seconds.into(),
        Some(seconds) => return Err(MintError::Lifetime(seconds)),
    };
    Leg::new(request.call.clone(), request.party.clone())?;
    if let Some(start) = request.started_at.filter(|&start| start > now + LEEWAY || start < now - OLDEST_START) {
        return Err(MintError::Start(start));
    }
    let claims = Claims {
        iss: account.sid.to_string(),
        sub: account.sid,
        aud: AUDIENCE.to_owned(),
        iat: now.as_second(),
        exp: now.as_second() + lifetime,
        nbf: None,
        jti: hex::encode(app.entropy.sid_bytes()?).try_into()?,
        call: request.call,
        party: request.party,
        started_at: request.started_at,
        direction: request.direction,
        labels: request.labels,
    };
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.to_owned());
    let secret = app.vault.open_sealed(&account.auth_token)?;
    let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes()))?;
    let expires_at = Timestamp::from_second(claims.exp).unwrap_or(Timestamp::MAX);
    Ok(MintedToken { token, expires_at, link: None })
}

/// Reads a token without its signature, for fuzzing.
#[cfg(fuzzing)]
pub(crate) fn read_unsigned(token: &str, now: Timestamp) -> Result<TokenCall, Reason> {
    call(&Unverified::read(token)?.claims()?, now)
}

//! Rating tokens: JWTs, signed by an account or one of its API keys, with which one party of one call rates it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ringback_api::{
    AUDIENCE, AccountSid, CallSid, Claims, Leg, MAX_LIFETIME_SECONDS, MintRequest, MintedToken, Scope, TYPE, shorten,
};
use serde::Deserialize;

use super::error::{AuthError, Reason, refuse_suspended};
use crate::app::App;
use crate::clock::EntropyError;
use crate::store::{Account, TokenCall, TokenId};
use crate::vault::VaultError;

/// How far the signer's clock may be ahead of ours.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// The lifetime of a minted token if the request has none.
const DEFAULT_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How long before its token a call may have started.
const OLDEST_START: SignedDuration = SignedDuration::from_hours(30 * 24);

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

/// The header, which is checked first.
#[derive(Deserialize)]
struct TokenHeader {
    typ: String,
    alg: String,
    /// Extensions that the recipient must support. We support none.
    crit: Option<serde::de::IgnoredAny>,
}

/// The claims that select the key.
#[derive(Deserialize)]
struct Issued {
    iss: String,
    sub: AccountSid,
}

pub(super) async fn authenticate(app: &App, token: &str) -> Result<RatingToken, AuthError> {
    let (account, secret) = signer(app, issued(token)?).await?;

    // `call` checks the claims, with the injected clock and our own messages.
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(secret.as_bytes());
    let signed = jsonwebtoken::decode::<serde_json::Value>(token, &key, &validation).map_err(|_| Reason::BadToken)?;
    let claims = claims(signed.claims)?;
    let mut call = call(&claims, app.clock.now())?;
    call.callers = call.leg.party().map(|party| app.vault.caller_digest(&account.sid, party)).into_iter().collect();
    let sid = call.leg.sid(&account.sid);
    let issued_at = Timestamp::from_second(claims.iat).map_err(|_| Reason::BadToken)?;
    if app.store.is_token_revoked(account.id, TokenId { jti: claims.jti, sid, issued_at }).await? {
        return Err(Reason::RevokedToken.into());
    }
    refuse_suspended(&account)?;
    Ok(RatingToken { account, sid, call })
}

/// Returns the unverified claims, only to select the key that verifies the signature.
fn issued(token: &str) -> Result<Issued, Reason> {
    let (header, rest) = token.split_once('.').ok_or(Reason::BadToken)?;
    let (payload, _) = rest.split_once('.').ok_or(Reason::BadToken)?;
    let header: TokenHeader = decode(header)?;
    if header.typ != TYPE || header.alg != "HS256" || header.crit.is_some() {
        return Err(Reason::BadToken);
    }
    decode(payload)
}

fn claims(signed: serde_json::Value) -> Result<Claims, Reason> {
    serde_path_to_error::deserialize(signed)
        .map_err(|error| Reason::BadClaims(shorten(&format!("{}: {}", error.path(), error.inner()), 300)))
}

fn decode<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, Reason> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Reason::BadToken)?;
    serde_json::from_slice(&json).map_err(|_| Reason::BadToken)
}

/// Returns the account in the claims and the secret of the issuer, which must own that account.
async fn signer(app: &App, claims: Issued) -> Result<(Account, String), AuthError> {
    let account = app.store.account(claims.sub).await?.ok_or(Reason::BadToken)?;
    let (issuer, secret) = if let Ok(sid) = claims.iss.parse() {
        let issuer = app.store.account(sid).await?.ok_or(Reason::BadToken)?;
        (issuer.id, issuer.auth_token)
    } else {
        let sid = claims.iss.parse().map_err(|_| Reason::BadToken)?;
        let key = app.store.api_key(sid).await?.ok_or(Reason::BadToken)?;
        if !key.scopes.cover(Scope::Mint) {
            return Err(Reason::BadToken.into());
        }
        (key.account.id, key.secret)
    };
    if account.id != issuer && account.parent != Some(issuer) {
        return Err(Reason::BadToken.into());
    }
    Ok((account, app.vault.open_sealed(&secret)?))
}

/// Checks the claims and returns their data about the call.
fn call(claims: &Claims, now: Timestamp) -> Result<TokenCall, Reason> {
    let bad = |what: &str| Reason::BadClaims(what.to_owned());
    let time = |seconds| Timestamp::from_second(seconds).map_err(|_| bad("iat, exp and nbf are seconds since 1970"));
    let (issued, expires) = (time(claims.iat)?, time(claims.exp)?);
    if claims.aud != AUDIENCE {
        return Err(bad("aud must be ringback"));
    }
    if expires <= issued || expires.duration_since(issued).as_secs() > MAX_LIFETIME_SECONDS {
        return Err(bad("exp must be after iat, and at most 30 days after"));
    }
    if issued > now + LEEWAY {
        return Err(bad("iat is in the future"));
    }
    if let Some(start) = claims.nbf
        && time(start)? > now + LEEWAY
    {
        return Err(bad("nbf is in the future"));
    }
    if expires <= now {
        return Err(Reason::ExpiredToken);
    }
    let started_at = claims.started_at.unwrap_or(issued).clamp(issued - OLDEST_START, issued);
    let leg = Leg::new(claims.call.clone(), claims.party.clone()).map_err(|error| bad(&format!("party {error}")))?;
    Ok(TokenCall { leg, started_at, direction: claims.direction, labels: claims.labels.clone(), callers: Vec::new() })
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
    issued(token)?;
    let payload = token.split('.').nth(1).unwrap_or_default();
    call(&claims(decode(payload)?)?, now)
}

//! Rating tokens: JWTs that let one party of one call rate it, signed by an account or by one of its API keys.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ringback_api::{
    AUDIENCE, AccountSid, CallSid, Claims, Leg, MAX_LIFETIME_SECONDS, MintRequest, MintedToken, TYPE, shorten,
};
use serde::Deserialize;

use super::{AuthError, Principal, Reason, Scope, active};
use crate::app::App;
use crate::clock::EntropyError;
use crate::store::{Account, TokenCall, TokenId};
use crate::vault::VaultError;

/// How far a signer's clock may be ahead of ours.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// How long a token is good for unless the request says.
const DEFAULT_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How long before its token a call may have started.
const OLDEST_START: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A rating token that was checked.
#[derive(Debug, Clone)]
pub struct RatingToken {
    /// The account of the leg.
    pub account: Account,
    /// The leg's sid.
    pub sid: CallSid,
    /// What it tells of its call.
    pub call: TokenCall,
}

impl RatingToken {
    /// Whether a path that names this account and call means this leg. The call may stand there as the token has it.
    #[must_use]
    pub fn is_for(&self, account: &str, call: &str) -> bool {
        let named = match &self.call.leg {
            Leg::Native(_) => false,
            Leg::Foreign { call: name, .. } => name.as_str() == call,
        };
        account.parse() == Ok(self.account.sid) && (named || call.parse() == Ok(self.sid))
    }
}

/// Checked before anything else is believed.
#[derive(Deserialize)]
struct TokenHeader {
    typ: String,
    alg: String,
    /// Extensions that must be understood; we understand none.
    crit: Option<serde::de::IgnoredAny>,
}

/// Whose signature it should have.
#[derive(Deserialize)]
struct Issued {
    iss: String,
    sub: AccountSid,
}

pub(super) async fn authenticate(app: &App, token: &str) -> Result<Principal, AuthError> {
    let (account, secret) = signer(app, issued(token)?).await?;

    // What is signed is checked here, below, against our own clock and with our own words.
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
    active(&account)?;
    Ok(Principal::Party(Box::new(RatingToken { account, sid, call })))
}

/// Who says that they signed it; believed of nothing but whose key to check it with.
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

/// The account that the claims name, and the secret of their issuer, who must own that account.
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

/// Checks the claims, and takes what they tell of the call.
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

/// Why a token could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// `expires_in` is out of range.
    #[error("expires_in must be from 1 to 2592000 seconds (30 days), got {0}")]
    Lifetime(u32),
    /// `party` does not go with a CallSid.
    #[error("party {0}")]
    Leg(#[from] ringback_api::LegError),
    /// `started_at` is ahead of now, or too long ago.
    #[error("started_at must be within the last 30 days, got {0}")]
    Start(Timestamp),
    /// The account's secret could not be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The token could not be signed.
    #[error("the token could not be signed: {0}")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

/// Makes a token, signed by the account itself.
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

/// For fuzzing: all that is read of a token but its signature.
#[cfg(fuzzing)]
pub(crate) fn read_unsigned(token: &str, now: Timestamp) -> Result<TokenCall, Reason> {
    issued(token)?;
    let payload = token.split('.').nth(1).unwrap_or_default();
    call(&claims(decode(payload)?)?, now)
}

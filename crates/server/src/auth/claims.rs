//! Reads the parts of a rating token and checks its claims. The errors tell its signer the mistake.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use ringback_api::{AUDIENCE, AccountSid, Claims, KeySid, Leg, MAX_LIFETIME_SECONDS, TYPE, shorten};
use serde::Deserialize;
use serde_json::Value;

use super::error::Reason;
use crate::json::parse_json;
use crate::store::TokenCall;

/// How far the signer's clock may be ahead of ours.
pub(super) const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// How long before its token a call may have started.
pub(super) const OLDEST_START: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The longest excerpt of a header or claim that an error quotes.
const MAX_ECHO_CHARS: usize = 100;
/// A time from here on is in milliseconds: as seconds, this is the year 5138.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;

/// A token whose signature has not been verified yet.
pub(super) struct Unverified {
    /// The issuer, whose secret verifies the signature.
    pub(super) iss: Iss,
    payload: Vec<u8>,
}

/// The issuer of a token.
pub(super) enum Iss {
    /// The token is signed with the AuthToken of this account.
    Account(AccountSid),
    /// The token is signed with the secret of this API key.
    Key(KeySid),
}

#[derive(Deserialize)]
struct TokenHeader {
    typ: Option<Value>,
    alg: Option<Value>,
    /// Extensions that the recipient must support. We support none.
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Issued {
    iss: Option<Value>,
}

impl Unverified {
    /// Checks the header and reads the issuer. The errors repeat no claim, because anyone can write an unsigned token.
    pub(super) fn read(token: &str) -> Result<Self, Reason> {
        let parts: Vec<_> = token.splitn(4, '.').collect();
        let [header, payload, _signature] = parts[..] else {
            return Err(Reason::MalformedToken("it must have three parts with dots between them".to_owned()));
        };
        let (_, TokenHeader { typ, alg, crit }) = decode("header", header)?;
        in_header("typ", typ.as_ref(), TYPE)?;
        in_header("alg", alg.as_ref(), "HS256")?;
        if crit.is_some() {
            return Err(Reason::MalformedToken("crit in its header is not supported".to_owned()));
        }
        let (payload, Issued { iss }) = decode("payload", payload)?;
        let iss = iss.as_ref().and_then(Value::as_str).unwrap_or_default();
        let account = iss.parse().map(Iss::Account);
        let iss = account.or_else(|_| iss.parse().map(Iss::Key)).map_err(|_| {
            bad("iss must be the AccountSid (AC…) or the sid of the API key (SK…) whose secret signs the token")
        })?;
        Ok(Self { iss, payload })
    }

    /// Reads all claims. The caller has verified the signature, so the errors may repeat them.
    pub(super) fn claims(&self) -> Result<Claims, Reason> {
        parse_json(&self.payload).map_err(bad)
    }
}

fn bad(mistake: impl Into<String>) -> Reason {
    Reason::BadClaims(mistake.into())
}

fn decode<T: serde::de::DeserializeOwned>(name: &str, part: &str) -> Result<(Vec<u8>, T), Reason> {
    let malformed = || Reason::MalformedToken(format!("its {name} must be a JSON object in base64url without padding"));
    let json = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed())?;
    let value = parse_json(&json).map_err(|_| malformed())?;
    Ok((json, value))
}

fn in_header(name: &str, value: Option<&Value>, allowed: &str) -> Result<(), Reason> {
    let came = match value {
        Some(value) if value == allowed => return Ok(()),
        Some(value) => format!("got {}", shorten(&value.to_string(), MAX_ECHO_CHARS)),
        None => "it is missing".to_owned(),
    };
    Err(Reason::MalformedToken(format!("{name} in its header must be \"{allowed}\"; {came}")))
}

/// Checks the claims and returns their data about the call.
pub(super) fn call(claims: &Claims, now: Timestamp) -> Result<TokenCall, Reason> {
    if claims.aud != AUDIENCE {
        return Err(bad(format!("aud must be '{AUDIENCE}'; got '{}'", shorten(&claims.aud, MAX_ECHO_CHARS))));
    }
    let (issued, expires) = (time("iat", claims.iat)?, time("exp", claims.exp)?);
    let lifetime = expires.duration_since(issued).as_secs();
    if lifetime <= 0 {
        return Err(bad(format!("exp must be after iat; exp is {} and iat is {}", claims.exp, claims.iat)));
    }
    if lifetime > MAX_LIFETIME_SECONDS {
        return Err(bad(format!("exp must be at most {MAX_LIFETIME_SECONDS} s (30 days) after iat; got {lifetime} s")));
    }
    not_ahead("iat", issued, now, ", so the signer's clock is ahead")?;
    if let Some(start) = claims.nbf {
        not_ahead("nbf", time("nbf", start)?, now, "")?;
    }
    if expires <= now {
        return Err(Reason::ExpiredToken);
    }
    let started_at = claims.started_at.unwrap_or(issued).clamp(issued - OLDEST_START, issued);
    let leg = Leg::new(claims.call.clone(), claims.party.clone()).map_err(|error| bad(format!("party {error}")))?;
    Ok(TokenCall { leg, started_at, direction: claims.direction, labels: claims.labels.clone(), callers: Vec::new() })
}

/// Parses the time in a claim.
pub(super) fn time(name: &str, seconds: i64) -> Result<Timestamp, Reason> {
    if seconds >= FIRST_MILLISECONDS {
        return Err(bad(format!("{name} must be in seconds since 1970, not in milliseconds; got {seconds}")));
    }
    Timestamp::from_second(seconds).map_err(|_| bad(format!("{name} must be in seconds since 1970; got {seconds}")))
}

/// Returns an error if a time is more than the leeway ahead; `so` ends its message.
fn not_ahead(name: &str, time: Timestamp, now: Timestamp, so: &str) -> Result<(), Reason> {
    let ahead = time.duration_since(now);
    if ahead <= LEEWAY {
        return Ok(());
    }
    let (ahead, most) = (ahead.as_secs(), LEEWAY.as_secs());
    Err(bad(format!("{name} must be at most {most} s ahead of this server's clock; it is {ahead} s ahead{so}")))
}

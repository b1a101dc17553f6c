//! Any token, without a check of its signature, is refused or names a leg whose call can have started at that time.
//!
//! The input is tried as a whole token and as the claims of a token.
#![no_main]

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use ringback_api::AccountSid;
use ringback_server::fuzzing;

/// Noon of 15 March 2026, which the seeds expect.
const NOW: Timestamp = Timestamp::constant(1_773_576_000, 0);
const DAYS: SignedDuration = SignedDuration::from_hours(24);

fuzz_target!(|bytes: &[u8]| {
    let encoded = |part: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(part);
    let header = encoded(br#"{"typ":"ringback-rating+jwt","alg":"HS256"}"#);
    let tokens = [String::from_utf8_lossy(bytes).into_owned(), format!("{header}.{}.AA", encoded(bytes))];
    for token in tokens {
        if let Some((leg, started_at)) = fuzzing::leg_of_token(&token, NOW) {
            assert!(started_at <= NOW + DAYS && started_at >= NOW - DAYS * 61, "{started_at}");
            let _ = leg.sid(&AccountSid::from_bytes([1; 16]));
        }
    }
});

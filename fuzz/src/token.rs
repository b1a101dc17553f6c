//! Whatever comes as a token, up to its signature: it is refused, or it names a leg whose call may have started then.
//!
//! The bytes are the claims, or, where they are not JSON, the token as a whole.
#![no_main]

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use ringback_api::AccountSid;
use ringback_server::fuzzing;

/// 15 March 2026, noon, as the seeds have it.
const NOW: Timestamp = Timestamp::constant(1_773_576_000, 0);
const DAYS: SignedDuration = SignedDuration::from_hours(24);

fuzz_target!(|bytes: &[u8]| {
    let encoded = |part: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(part);
    let header = encoded(br#"{"typ":"ringback-rating+jwt","alg":"HS256"}"#);
    let tokens = [String::from_utf8_lossy(bytes).into_owned(), format!("{header}.{}.AA", encoded(bytes))];
    for token in tokens {
        if let Some((leg, started_at)) = fuzzing::leg_of_token(&token, NOW) {
            assert!(started_at <= NOW + DAYS && started_at >= NOW - DAYS * 61, "{started_at}");
            leg.sid(&AccountSid::from_bytes([1; 16]));
        }
    }
});

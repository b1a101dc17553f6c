//! The request to a StatusCallback URL when a summary ends.

use axum::http::header::InvalidHeaderValue;
use axum::http::{HeaderMap, HeaderName};
use hmac::digest::InvalidLength;
use ringback_api::{AccountSid, CallbackMethod, StatusCallback, SummarySid, SummaryStatus};

use super::signature::sign;
use crate::outbound::Message;

const SIGNATURE: HeaderName = HeaderName::from_static("x-twilio-signature");

/// A callback cannot be signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignError {
    /// The AuthToken is not a valid key.
    #[error("the AuthToken cannot sign")]
    Key(#[from] InvalidLength),
    /// The signature is not a valid header value.
    #[error("the signature cannot be sent")]
    Header(#[from] InvalidHeaderValue),
}

/// A summary that has ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended {
    pub(crate) account: AccountSid,
    pub(crate) summary: SummarySid,
    pub(crate) status: SummaryStatus,
}

/// Returns the request, signed with the AuthToken of the summary's account.
pub(crate) fn message(ended: Ended, to: &StatusCallback, auth_token: &str) -> Result<Message, SignError> {
    let (account, summary) = (ended.account.to_string(), ended.summary.to_string());
    let uri = format!("/2010-04-01/Accounts/{account}/Calls/FeedbackSummary/{summary}.json");
    let parameters = [
        ("AccountSid", account.as_str()),
        ("FeedbackSummarySid", &summary),
        ("Status", ended.status.as_str()),
        ("ResourceUri", &uri),
    ];
    let mut url = to.url.url().clone();
    let (signature, form) = match to.method {
        CallbackMethod::Get => {
            url.query_pairs_mut().extend_pairs(parameters);
            (sign(auth_token, url.as_str(), &[])?, None)
        }
        CallbackMethod::Post => {
            let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
            (sign(auth_token, url.as_str(), &parameters)?, Some(form))
        }
    };
    Ok(Message { url, headers: HeaderMap::from_iter([(SIGNATURE, signature.parse()?)]), form })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message_to(url: &str, method: CallbackMethod) -> Message {
        let ended = Ended {
            account: AccountSid::from_bytes([0xaa; 16]),
            summary: SummarySid::from_bytes([0xaa; 16]),
            status: SummaryStatus::Completed,
        };
        message(ended, &StatusCallback { url: url.parse().unwrap(), method }, "12345").unwrap()
    }

    fn parameters() -> String {
        let sid = "a".repeat(32);
        format!(
            "AccountSid=AC{sid}&FeedbackSummarySid=FS{sid}&Status=completed\
             &ResourceUri=%2F2010-04-01%2FAccounts%2FAC{sid}%2FCalls%2FFeedbackSummary%2FFS{sid}.json"
        )
    }

    #[test]
    fn a_get_extends_the_query_of_the_url() {
        for (url, query) in [
            ("http://www.example.com/feedback", "?"),
            ("http://www.example.com/feedback?", "?"),
            ("http://www.example.com/feedback?a=%2f&b=+c", "?a=%2f&b=+c&"),
        ] {
            let message = message_to(url, CallbackMethod::Get);
            assert_eq!(message.url.as_str(), format!("http://www.example.com/feedback{query}{}", parameters()));
            assert_eq!(message.form, None);
            assert_eq!(message.headers[SIGNATURE], sign("12345", message.url.as_str(), &[]).unwrap());
        }
    }

    #[test]
    fn a_post_does_not_change_the_url() {
        let message = message_to("http://www.example.com/feedback?a=b", CallbackMethod::Post);
        assert_eq!(message.url.as_str(), "http://www.example.com/feedback?a=b");
        assert_eq!(message.form, Some(parameters()));
    }
}

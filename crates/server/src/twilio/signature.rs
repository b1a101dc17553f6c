use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// `X-Twilio-Signature`: base64(HMAC-SHA1(AuthToken, URL + parameters)).
///
/// `url` is the requested URL with its query; `form` has the parameters of a POST. They follow the URL without separators,
/// as name and value, sorted by the bytes of name and value. Duplicates count once.
pub(super) fn sign(auth_token: &str, url: &str, form: &[(&str, &str)]) -> Result<String, InvalidLength> {
    let mut mac = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes())?;
    mac.update(url.as_bytes());
    for (name, value) in form.iter().collect::<BTreeSet<_>>() {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    Ok(BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn call_signatures_match_the_test_vectors() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        for (number, signature) in
            [("+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="), ("+14158675310", "GvWf1cFY/Q7PnoempGyD5oXAezc=")]
        {
            let form = [
                ("To", "+18005551212"),
                ("Digits", "1234"),
                ("CallSid", "CA1234567890ABCDE"),
                ("From", number),
                ("Caller", number),
            ];
            assert_eq!(sign("12345", url, &form).unwrap(), signature);
        }
    }

    #[test]
    fn summary_signatures_match_the_test_vectors() {
        let (account, summary) = (format!("AC{}", "a".repeat(32)), format!("FS{}", "a".repeat(32)));
        let uri = format!("/2010-04-01/Accounts/{account}/Calls/FeedbackSummary/{summary}");
        let url = "http://www.example.com/feedback";
        let form = [
            ("AccountSid", account.as_str()),
            ("FeedbackSummarySid", &summary),
            ("Status", "completed"),
            ("ResourceUri", &uri),
        ];
        assert_eq!(sign("12345", url, &form).unwrap(), "NcjA2YHN3d5rIME8bdjdvhZATw0=");
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        assert_eq!(sign("12345", &format!("{url}?{query}"), &[]).unwrap(), "ocBOkXOR3bIdl7kW05t3cPlJ0Nc=");
    }

    #[test]
    fn a_repeated_value_counts_once_and_values_are_sorted() {
        let sign = |form: &[(&str, &str)]| sign("12345", "https://example.com/", form).unwrap();
        // Without separators, one name can stand for several parameters.
        assert_eq!(sign(&[("a", "2"), ("a", "1"), ("a", "2")]), sign(&[("a1a", "2")]));
        assert_eq!(sign(&[("a", "1"), ("B", "2")]), sign(&[("B2a", "1")]));
    }
}

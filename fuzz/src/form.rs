//! Any form body parses as a rating or a summary, or is refused with a short error. A rating survives serialising and
//! parsing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ringback_api::{RatingForm, SummaryForm};
use ringback_server::fuzzing;

fuzz_target!(|bytes: &[u8]| {
    let Some(pairs) = fuzzing::pairs(bytes) else { return };
    match RatingForm::parse(&pairs) {
        Ok(form) => {
            let mut written = form_urlencoded::Serializer::new(String::new());
            form.encode(|name, value| {
                written.append_pair(name, value);
            });
            let written = written.finish();
            let read = fuzzing::pairs(written.as_bytes()).expect("a serialised form is UTF-8");
            assert_eq!(RatingForm::parse(&read), Ok(form));
        }
        Err(error) => assert!(error.to_string().chars().count() < 500, "{error}"),
    }
    match SummaryForm::parse(&pairs) {
        Ok(form) => assert!(form.start_date <= form.end_date),
        Err(error) => assert!(error.to_string().chars().count() < 500, "{error}"),
    }
});

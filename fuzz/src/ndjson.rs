//! The chunks of a body do not change its lines. Each line is a call that survives serialising and parsing, or is
//! refused with a short error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ringback_server::fuzzing;

fuzz_target!(|bytes: &[u8]| {
    let Some((&cut, body)) = bytes.split_first() else { return };
    let max_bytes = 16 + usize::from(cut) * 4;
    let whole = fuzzing::lines(&[body], max_bytes);
    let chunks: Vec<_> = body.chunks(1 + usize::from(cut) % 23).collect();
    assert_eq!(fuzzing::lines(&chunks, max_bytes), whole);

    let joined: usize = whole.iter().map(|line| line.as_ref().map_or(max_bytes + 1, Vec::len)).sum();
    assert!(joined <= body.len(), "the lines are longer than the body");
    for line in whole.into_iter().flatten() {
        match fuzzing::call(&line) {
            Ok((line, call)) => {
                let written = serde_json::to_vec(&line).expect("a call can be serialised");
                assert_eq!(fuzzing::call(&written), Ok((line, call)));
            }
            Err(error) => assert!(error.chars().count() < 1000, "{error}"),
        }
    }
});

//! Whatever texts are in an answer, another parser reads from its XML what stands in it: each character, or, for what XML
//! cannot hold, the replacement character.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ringback_server::fuzzing;

/// What XML 1.0 can hold, less the controls that nobody wants to read.
fn stays(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn expected(text: &str) -> String {
    text.chars().map(|c| if stays(c) { c } else { '\u{fffd}' }).collect()
}

fuzz_target!(|texts: (String, String)| {
    let (message, more_info) = texts;
    let xml = fuzzing::exception_xml(message.clone(), more_info.clone()).expect("it can be written");
    let xml = String::from_utf8(xml).expect("it is UTF-8");
    let document = roxmltree::Document::parse(&xml).expect("it is XML");
    let text = |name: &str| {
        let element = document.descendants().find(|node| node.has_tag_name(name)).expect("it is there");
        assert_eq!(element.children().filter(|child| !child.is_text()).count(), 0, "{xml}");
        element.text().unwrap_or_default().to_owned()
    };
    assert_eq!(text("Message"), expected(&message), "{xml}");
    assert_eq!(text("MoreInfo"), expected(&more_info), "{xml}");
});

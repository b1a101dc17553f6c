//! An independent parser reads the same texts from our XML. The replacement character stands for each character that
//! XML cannot contain.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ringback_server::fuzzing;

/// Whether XML 1.0 can contain the character; excludes the control characters U+007F to U+009F.
fn is_kept(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn expected(text: &str) -> String {
    text.chars().map(|c| if is_kept(c) { c } else { '\u{fffd}' }).collect()
}

fuzz_target!(|texts: (String, String)| {
    let (message, more_info) = texts;
    let xml = fuzzing::exception_xml(message.clone(), more_info.clone()).expect("an error can be serialised");
    let xml = String::from_utf8(xml).expect("the response is UTF-8");
    let document = roxmltree::Document::parse(&xml).expect("the response is XML");
    let text = |name: &str| {
        let element = document.descendants().find(|node| node.has_tag_name(name)).expect("the element exists");
        assert_eq!(element.children().filter(|child| !child.is_text()).count(), 0, "{xml}");
        element.text().unwrap_or_default().to_owned()
    };
    assert_eq!(text("Message"), expected(&message), "{xml}");
    assert_eq!(text("MoreInfo"), expected(&more_info), "{xml}");
});

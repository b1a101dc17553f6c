use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{NOWHERE, Widget, forged_token, requests, until};

#[wasm_bindgen_test]
async fn five_radios_form_one_named_group() {
    let widget = Widget::open(NOWHERE, &forged_token("five-radios")).await;
    assert_eq!(widget.text("fieldset:has([type=radio]) legend"), "How was your call?");
    for (score, label) in
        (1..).zip(["1 star, Terrible", "2 stars, Poor", "3 stars, OK", "4 stars, Good", "5 stars, Great"])
    {
        let star = widget.star(score);
        assert_eq!(star.name(), widget.star(1).name());
        assert_eq!(star.closest("label").unwrap().unwrap().text_content().unwrap(), label);
        let size = star.get_bounding_client_rect();
        assert!(size.width() >= 24.0 && size.height() >= 24.0, "{} × {}", size.width(), size.height());
    }
    assert!(!widget.is_shown("[type=checkbox]") && !widget.is_shown("textarea"));
}

#[wasm_bindgen_test]
async fn a_star_shows_its_meaning_and_below_five_the_issues() {
    let widget = Widget::open(NOWHERE, &forged_token("a-star")).await;
    widget.star(3).click();
    until("the meaning is shown", || widget.text(".rb-hint") == "OK").await;
    assert!(widget.is_shown("[type=checkbox]") && widget.is_shown("textarea"));
    // A click on the label works like one on the radio.
    widget
        .star(5)
        .closest("label")
        .unwrap()
        .unwrap()
        .dispatch_event(&web_sys::MouseEvent::new("click").unwrap())
        .unwrap();
    until("the issues are gone", || !widget.is_shown("[type=checkbox]")).await;
    assert!(widget.star(5).checked() && widget.is_shown("textarea"));
    assert_eq!(widget.events(), []);
}

#[wasm_bindgen_test]
async fn send_without_a_star_explains_and_focuses_the_first_star() {
    let widget = Widget::open(NOWHERE, &forged_token("without-a-star")).await;
    widget.press_send();
    until("the first star is focused", || widget.focused() == Some(widget.star(1).into())).await;
    let described_by = widget.find("fieldset").get_attribute("aria-describedby").unwrap();
    assert_eq!(widget.text(&format!("#{described_by}")), "Please choose a star first");
    assert_eq!((widget.events(), requests("without-a-star/Feedback")), (vec![], 0));
    widget.star(4).click();
    until("the problem is gone", || widget.text(".rb-hint") == "Good").await;
}

#[wasm_bindgen_test]
async fn a_comment_that_is_too_long_is_not_sent() {
    let widget = Widget::open(NOWHERE, &forged_token("too-long")).await;
    widget.star(5).click();
    widget.write(&"ö".repeat(899));
    assert_eq!(widget.text(".rb-left"), "");
    widget.write(&"ö".repeat(1000));
    until("the count is shown", || widget.text(".rb-left") == "0 characters left").await;
    widget.write(&"ö".repeat(1001));
    widget.press_send();
    until("the comment is focused", || widget.focused() == Some(widget.find("textarea").into())).await;
    assert_eq!(widget.problem(), "The comment is too long. Please shorten it.");
    assert_eq!(widget.text(".rb-left"), "1 character too many");
    assert_eq!((widget.events(), requests("too-long/Feedback")), (vec![], 0));
}

#[wasm_bindgen_test]
async fn the_element_needs_no_inline_style() {
    let widget = Widget::open(NOWHERE, &forged_token("style")).await;
    widget.star(1).click();
    assert!(!widget.has("style") && !widget.has("[style]"));
    assert_eq!(widget.root().adopted_style_sheets().length(), 1);
}

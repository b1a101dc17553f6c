use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{NOWHERE, Widget, document, forged_token, get, requests, until};

#[wasm_bindgen_test]
async fn moving_the_element_keeps_the_choice() {
    let widget = Widget::open(NOWHERE, &forged_token("moved")).await;
    widget.star(2).click();
    widget.issue("dropped-call").click();
    let form = widget.find("form");
    let elsewhere = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&elsewhere).unwrap();
    elsewhere.append_child(&widget.element).unwrap();
    until("the form still has its score", || widget.text(".rb-hint") == "Poor").await;
    assert_eq!(widget.find("form"), form);
    assert!(widget.star(2).checked() && widget.issue("dropped-call").checked());
    widget.star(4).click();
    until("it still responds", || widget.text(".rb-hint") == "Good").await;
    until("it reports that it asked", || requests("/calls/moved/asked") > 0).await;
    assert_eq!(requests("/calls/moved/asked"), 1);
    elsewhere.remove();
}

#[wasm_bindgen_test]
async fn removing_the_element_ends_the_form_and_adding_it_again_restores_the_choice() {
    let widget = Widget::open(NOWHERE, &forged_token("removed")).await;
    widget.set("partial", "off").await;
    widget.star(2).click();
    widget.issue("dropped-call").click();
    widget.write("Where did it go?");
    widget.element.remove();
    until("the form is gone", || !widget.has(".rb")).await;
    document().body().unwrap().append_child(&widget.element).unwrap();
    until("there is a new form", || widget.has(".rb")).await;
    until("it has the old choice", || widget.text(".rb-hint") == "Poor").await;
    assert!(widget.star(2).checked() && widget.issue("dropped-call").checked());
    assert!(!widget.star(1).checked() && !widget.issue("one-way-audio").checked());
    assert_eq!(get(&widget.find("textarea"), "value"), "Where did it go?");
    assert_eq!(requests("/calls/removed/asked"), 2);
    assert_eq!(requests("/Calls/removed/Feedback"), 0);
}

#[wasm_bindgen_test]
async fn removing_the_element_while_sending_does_not_affect_others() {
    let widget = Widget::open(NOWHERE, &forged_token("removed-sending")).await;
    widget.star(5).click();
    widget.press_send();
    widget.element.remove();
    until("it has sent a request", || requests("removed-sending/Feedback") > 0).await;
    let another = Widget::open(NOWHERE, &forged_token("another")).await;
    another.star(5).click();
    until("another one works", || another.text(".rb-hint") == "Great").await;
}

#[wasm_bindgen_test]
async fn a_newer_token_keeps_the_form_and_a_token_for_another_leg_starts_over() {
    let widget = Widget::open(NOWHERE, &forged_token("first")).await;
    widget.star(2).click();
    widget.set("token", &(forged_token("first") + "A")).await;
    until("the form is as it was", || widget.text(".rb-hint") == "Poor").await;
    assert!(widget.star(2).checked());
    widget.set("token", &forged_token("second")).await;
    assert_eq!(widget.text(".rb-hint"), "Choose one to five stars");
    assert_eq!(widget.root().query_selector_all(".rb").unwrap().length(), 1);
    until("both are reported as asked", || requests("/calls/second/asked") == 1 && requests("/calls/first/asked") == 1)
        .await;
}

#[wasm_bindgen_test]
async fn an_invalid_token_shows_an_error_until_a_valid_one_is_set() {
    for bad in ["nonsense", "a.b.c", "e30.bnVsbA.c2ln", "e30.e30.c2ln", "ö.e30.\n", "a.b.c.d"] {
        let widget = Widget::open(NOWHERE, bad).await;
        assert_eq!(widget.text(".rb"), "This call can no longer be rated.");
        until("the event is fired", || !widget.events().is_empty()).await;
        let (name, detail) = widget.events().remove(0);
        assert_eq!(name, "ringback-error");
        assert!(detail.starts_with(r#"{"code":"bad-token","message":"the token "#), "{detail}");
        widget.set("token", &forged_token("mended")).await;
        widget.star(1).click();
        until("it works", || widget.text(".rb-hint") == "Terrible").await;
        assert_eq!(widget.events().len(), 1);
    }
}

#[wasm_bindgen_test]
async fn without_a_token_it_shows_nothing_and_remembers_the_focus() {
    let widget = Widget::open(NOWHERE, &forged_token("gone")).await;
    widget.element.remove_attribute("token").unwrap();
    until("there is nothing", || !widget.has(".rb")).await;
    widget.element.focus().unwrap();
    widget.set("token", &forged_token("come")).await;
    until("the first star has the focus", || widget.focused() == Some(widget.star(1).into())).await;
    assert!(widget.events().is_empty());
}

#[wasm_bindgen_test]
async fn two_elements_on_one_page_are_independent() {
    let one = Widget::open(NOWHERE, &forged_token("one")).await;
    let two = Widget::open(NOWHERE, &forged_token("two")).await;
    one.star(1).click();
    two.star(4).click();
    until("each has its own score", || one.text(".rb-hint") == "Terrible" && two.text(".rb-hint") == "Good").await;
    assert!(one.star(1).checked() && two.star(4).checked());
}

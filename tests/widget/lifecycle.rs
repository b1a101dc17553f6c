use leptos::mount::mount_to;
use leptos::prelude::*;
use ringback_widget::{RatingClient, RatingWidget};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::page::{NOWHERE, Widget, document, forged_token, get, requests, until};

#[wasm_bindgen_test]
async fn being_moved_keeps_what_was_chosen() {
    let widget = Widget::open(NOWHERE, &forged_token("moved")).await;
    widget.star(2).click();
    widget.issue("dropped-call").click();
    let form = widget.find("form");
    let elsewhere = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&elsewhere).unwrap();
    elsewhere.append_child(&widget.element).unwrap();
    until("the form lives on", || widget.text(".rb-hint") == "Poor").await;
    assert_eq!(widget.find("form"), form);
    assert!(widget.star(2).checked() && widget.issue("dropped-call").checked());
    widget.star(4).click();
    until("it still answers", || widget.text(".rb-hint") == "Good").await;
    until("it asked", || requests("/calls/moved/asked") > 0).await;
    assert_eq!(requests("/calls/moved/asked"), 1);
    elsewhere.remove();
}

#[wasm_bindgen_test]
async fn being_removed_ends_it_and_coming_back_it_knows_what_was_chosen() {
    let widget = Widget::open(NOWHERE, &forged_token("removed")).await;
    widget.set("partial", "off").await;
    widget.star(2).click();
    widget.issue("dropped-call").click();
    widget.write("Where did it go?");
    widget.element.remove();
    until("the form is gone", || !widget.has(".rb")).await;
    document().body().unwrap().append_child(&widget.element).unwrap();
    until("there is a new form", || widget.has(".rb")).await;
    until("with the old choice", || widget.text(".rb-hint") == "Poor").await;
    assert!(widget.star(2).checked() && widget.issue("dropped-call").checked());
    assert!(!widget.star(1).checked() && !widget.issue("one-way-audio").checked());
    assert_eq!(get(&widget.find("textarea"), "value"), "Where did it go?");
    assert_eq!(requests("/calls/removed/asked"), 2);
    assert_eq!(requests("/Calls/removed/Feedback"), 0);
}

#[wasm_bindgen_test]
async fn being_removed_while_sending_hurts_nobody() {
    let widget = Widget::open(NOWHERE, &forged_token("removed-sending")).await;
    widget.star(5).click();
    widget.press_send();
    widget.element.remove();
    until("it has tried", || requests("removed-sending/Feedback") > 0).await;
    let another = Widget::open(NOWHERE, &forged_token("another")).await;
    another.star(5).click();
    until("another one works", || another.text(".rb-hint") == "Great").await;
}

#[wasm_bindgen_test]
async fn a_newer_token_goes_on_and_another_legs_starts_anew() {
    let widget = Widget::open(NOWHERE, &forged_token("first")).await;
    widget.star(2).click();
    widget.set("token", &(forged_token("first") + "A")).await;
    until("the form is as it was", || widget.text(".rb-hint") == "Poor").await;
    assert!(widget.star(2).checked());
    widget.set("token", &forged_token("second")).await;
    assert_eq!(widget.text(".rb-hint"), "Choose one to five stars");
    assert_eq!(widget.root().query_selector_all(".rb").unwrap().length(), 1);
    until("both were asked", || requests("/calls/second/asked") == 1 && requests("/calls/first/asked") == 1).await;
}

#[wasm_bindgen_test]
async fn a_bad_token_says_so_and_a_good_one_mends_it() {
    for bad in ["nonsense", "a.b.c", "e30.bnVsbA.c2ln", "e30.e30.c2ln", "ö.e30.\n", "a.b.c.d"] {
        let widget = Widget::open(NOWHERE, bad).await;
        assert_eq!(widget.text(".rb"), "This call can no longer be rated.");
        until("the host knows", || !widget.events().is_empty()).await;
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
async fn without_a_token_it_waits_for_one() {
    let widget = Widget::open(NOWHERE, &forged_token("gone")).await;
    widget.element.remove_attribute("token").unwrap();
    until("there is nothing", || !widget.has(".rb")).await;
    widget.element.focus().unwrap();
    widget.set("token", &forged_token("come")).await;
    until("the first star has the focus", || widget.focused() == Some(widget.star(1).into())).await;
    assert!(widget.events().is_empty());
}

#[wasm_bindgen_test]
async fn two_on_one_page_do_not_meet() {
    let one = Widget::open(NOWHERE, &forged_token("one")).await;
    let two = Widget::open(NOWHERE, &forged_token("two")).await;
    one.star(1).click();
    two.star(4).click();
    until("each has its own", || one.text(".rb-hint") == "Terrible" && two.text(".rb-hint") == "Good").await;
    assert!(one.star(1).checked() && two.star(4).checked());
}

#[wasm_bindgen_test]
async fn two_components_in_one_document_do_not_meet_either() {
    let body = document().create_element("div").unwrap().unchecked_into::<HtmlElement>();
    document().body().unwrap().append_child(&body).unwrap();
    let client = RatingClient::new(NOWHERE, &forged_token("component")).unwrap();
    let handle = mount_to(body.clone(), move || {
        view! { <RatingWidget client=client.clone() /> <RatingWidget client /> }
    });
    let radios = body.query_selector_all("[type=radio]").unwrap();
    for index in [1, 8] {
        radios.item(index).unwrap().unchecked_into::<HtmlElement>().click();
    }
    let hint = |i| body.query_selector_all(".rb-hint").unwrap().item(i).unwrap().text_content().unwrap();
    until("each has its own", || hint(0) == "Poor" && hint(1) == "Good").await;
    assert_eq!(body.query_selector_all(":checked").unwrap().length(), 2);
    drop(handle);
    assert_eq!(body.child_element_count(), 0);
    body.remove();
}

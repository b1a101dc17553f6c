use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{NOWHERE, Widget, endpoint, forged_token, get, requests, tick, until};

/// A call that has just ended, on the server under test.
struct Call {
    endpoint: &'static str,
    token: String,
    sid: String,
    account: String,
}

impl Call {
    async fn new() -> Self {
        let endpoint = endpoint();
        let call = gloo_net::http::Request::post(&format!("{endpoint}/demo/calls"))
            .header("Content-Type", "application/json")
            .body(r#"{"duration": 60, "direction": "outbound"}"#)
            .unwrap();
        let json = JSON::parse(&call.send().await.unwrap().text().await.unwrap()).unwrap();
        let text = |key| get(&json, key).as_string().unwrap();
        Self { endpoint, token: text("token"), sid: text("call_sid"), account: text("account_sid") }
    }

    fn url(&self) -> String {
        let Self { endpoint, sid, account, .. } = self;
        format!("{endpoint}/2010-04-01/Accounts/{account}/Calls/{sid}/Feedback.json")
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// The status and the body of the call's feedback.
    async fn feedback(&self) -> (u16, JsValue) {
        let request = gloo_net::http::Request::get(&self.url()).header("Authorization", &self.bearer());
        let answer = request.send().await.unwrap();
        (answer.status(), JSON::parse(&answer.text().await.unwrap()).unwrap())
    }

    /// One star, from another device.
    async fn rate_elsewhere(&self, revision: u32) {
        let request = gloo_net::http::Request::post(&self.url())
            .header("Authorization", &self.bearer())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(format!("QualityScore=1&Revision={revision}"));
        request.unwrap().send().await.unwrap();
        self.assert_rated(1.0, "[]").await;
    }

    async fn assert_rated(&self, score: f64, issues: &str) {
        let (status, feedback) = self.feedback().await;
        assert_eq!((status, get(&feedback, "quality_score")), (200, score.into()));
        assert_eq!(JSON::stringify(&get(&feedback, "issues")).unwrap(), issues);
    }

    /// The call's token with an invalid signature.
    fn forged(&self) -> String {
        let (signed, _) = self.token.rsplit_once('.').unwrap();
        format!("{signed}.AAAA")
    }
}

#[wasm_bindgen_test]
async fn a_rating_reaches_the_server_and_can_be_changed() {
    let call = Call::new().await;
    let widget = Widget::open(call.endpoint, &call.token).await;
    widget.star(2).click();
    widget.issue("one-way-audio").click();
    widget.issue("dropped-call").click();
    widget.write("They did not hear me");
    widget.find(".rb-form button").focus().unwrap();
    widget.press_send();
    until("it thanks the user", || widget.is_thanked()).await;
    until("the focus is on Change rating", || widget.focused() == Some(widget.find(".rb-thanks button").into())).await;
    let detail = widget.only_event("ringback-submitted");
    assert_eq!(JSON::stringify(&detail).unwrap(), r#"{"score":2,"issues":["dropped-call","one-way-audio"]}"#);
    call.assert_rated(2.0, r#"["dropped-call","one-way-audio"]"#).await;

    widget.find(".rb-thanks button").click();
    until("the chosen star has the focus", || widget.focused() == Some(widget.star(2).into())).await;
    assert!(widget.issue("one-way-audio").checked());
    widget.star(5).click();
    widget.press_send();
    until("it thanks the user again", || widget.is_thanked()).await;
    call.assert_rated(5.0, "[]").await;
}

#[wasm_bindgen_test]
async fn a_form_opened_later_counts_although_its_revisions_start_over() {
    let call = Call::new().await;
    for score in [1, 4] {
        let widget = Widget::open(call.endpoint, &call.token).await;
        widget.star(score).click();
        widget.press_send();
        until("it thanks the user", || widget.is_thanked()).await;
        call.assert_rated(f64::from(score), "[]").await;
    }
}

#[wasm_bindgen_test]
async fn a_choice_made_here_counts_although_another_device_has_a_higher_revision() {
    for revision in [4_000_000_000, u32::MAX] {
        let call = Call::new().await;
        call.rate_elsewhere(revision).await;
        let widget = Widget::open(call.endpoint, &call.token).await;
        // The second rating changes the first.
        for score in [4, 2] {
            widget.star(score).click();
            widget.press_send();
            until("it thanks the user", || widget.is_thanked()).await;
            call.assert_rated(f64::from(score), "[]").await;
            widget.find(".rb-thanks button").click();
            tick().await;
        }
    }
}

#[wasm_bindgen_test]
async fn a_rating_that_is_overtaken_each_time_is_not_reported_as_sent() {
    // A server that always has a higher revision already.
    let fetch = js_sys::Function::new_with_args(
        "url, { body }",
        "const revision = Number(new URLSearchParams(body).get('Revision')) + 1;
        const account_sid = url.match(/AC\\w+/)[0];
        return Promise.resolve(Response.json({ account_sid }, { headers: { 'Ringback-Revision': revision } }))",
    );
    let window = JsValue::from(web_sys::window().unwrap());
    let real = get(&window, "fetch");
    Reflect::set(&window, &"fetch".into(), &fetch).unwrap();
    let widget = Widget::open(NOWHERE, &forged_token("overtaken")).await;
    widget.star(4).click();
    widget.press_send();
    until("there is an outcome", || !widget.events().is_empty()).await;
    Reflect::set(&window, &"fetch".into(), &real).unwrap();
    assert_eq!(get(&widget.only_event("ringback-error"), "code"), "refused");
    until("it says so", || widget.problem() == "Your rating was not accepted.").await;
    assert!(!widget.is_thanked());
}

#[wasm_bindgen_test]
async fn pressing_send_twice_sends_once() {
    let call = Call::new().await;
    let widget = Widget::open(call.endpoint, &call.token).await;
    widget.star(3).click();
    widget.press_send();
    widget.press_send();
    tick().await;
    assert_eq!(widget.text(".rb-form button"), "Sending…");
    until("it thanks the user", || widget.is_thanked()).await;
    let sent = || requests(&format!("{}/Feedback", call.sid));
    until("the browser has recorded the request", || sent() > 0).await;
    assert_eq!((widget.events().len(), sent()), (1, 1));
}

#[wasm_bindgen_test]
async fn the_form_reports_once_that_it_asked() {
    let call = Call::new().await;
    let widget = Widget::open(call.endpoint, &call.token).await;
    let asked = || requests(&format!("{}/asked", call.sid));
    until("it has reported", || asked() > 0).await;
    widget.star(3).click();
    widget.press_send();
    until("it thanks the user", || widget.is_thanked()).await;
    assert_eq!(asked(), 1);
}

#[wasm_bindgen_test]
async fn without_a_server_a_rating_is_stored_and_can_be_changed() {
    let call = Call::new().await;
    let widget = Widget::open(NOWHERE, &call.token).await;
    widget.star(1).click();
    widget.issue("audio-latency").click();
    widget.write("Slow");
    widget.press_send();
    until("it says so", || widget.text("[role=status]") == "Saved here. It will be sent when you are online.").await;
    assert!(!widget.is_shown(".rb-form"));
    let detail = widget.only_event("ringback-queued");
    assert_eq!((get(&detail, "score"), get(&get(&detail, "reason"), "code")), (1.into(), "network".into()));
    assert_eq!(call.feedback().await.0, 404);

    widget.find(".rb-thanks button").click();
    until("the form is shown again", || widget.is_shown(".rb-form")).await;

    // On another server this is another leg, for which nothing is stored.
    widget.set("endpoint", call.endpoint).await;
    until("it starts over", || !widget.star(1).checked()).await;
    widget.star(1).click();
    widget.issue("audio-latency").click();
    widget.press_send();
    until("it thanks the user", || widget.is_thanked()).await;
    call.assert_rated(1.0, r#"["audio-latency"]"#).await;
}

#[wasm_bindgen_test]
async fn a_refused_token_can_be_replaced() {
    let call = Call::new().await;
    let widget = Widget::open(call.endpoint, &call.forged()).await;
    // Before the user chooses anything.
    until("it shows the problem", || widget.problem() == "This call can no longer be rated.").await;
    let detail = widget.only_event("ringback-error");
    assert_eq!((get(&detail, "code"), get(&detail, "status")), ("bad-token".into(), 401.into()));
    assert!(get(&detail, "message").as_string().unwrap().contains("not signed with the secret"));
    assert_eq!(widget.text(".rb-form button"), "Send");

    widget.set("token", &call.token).await;
    until("the problem is gone", || widget.problem().is_empty()).await;
    widget.star(4).click();
    widget.press_send();
    until("it thanks the user", || widget.is_thanked()).await;
    call.assert_rated(4.0, "[]").await;
}

#[wasm_bindgen_test]
async fn a_rating_sent_with_a_refused_token_is_sent_again_with_a_valid_one() {
    let call = Call::new().await;
    let widget = Widget::open(call.endpoint, &call.forged()).await;
    until("it shows the problem", || !widget.problem().is_empty()).await;
    widget.star(4).click();
    widget.press_send();
    // The form does not promise that it will be sent: the token has a mistake.
    until("both are reported", || widget.events().len() == 2).await;
    assert_eq!(widget.text("[role=status]"), "");
    assert_eq!(widget.problem(), "This call can no longer be rated.");
    let names: Vec<_> = widget.events().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["ringback-error", "ringback-error"]);
    assert_eq!(call.feedback().await.0, 404);

    widget.set("token", &call.token).await;
    until("it thanks the user", || widget.is_thanked()).await;
    assert_eq!(widget.events().last().unwrap().1, r#"{"score":4,"issues":[]}"#);
    call.assert_rated(4.0, "[]").await;
}

#[wasm_bindgen_test]
async fn an_unsent_choice_counts_when_the_form_is_removed_unless_partial_is_off() {
    let (call, private) = (Call::new().await, Call::new().await);
    let widget = Widget::open(call.endpoint, &call.token).await;
    let other = Widget::open(private.endpoint, &private.token).await;
    other.set("partial", "off").await;
    assert!(!widget.is_shown(".rb-partial"));
    for widget in [&widget, &other] {
        widget.star(2).click();
        widget.issue("dropped-call").click();
    }
    until("the form announces it", || widget.is_shown(".rb-partial") && !other.is_shown(".rb-partial")).await;
    for widget in [&widget, &other] {
        widget.element.remove();
        until("it is gone", || !widget.has(".rb")).await;
    }
    until("it was sent", || requests(&format!("{}/Feedback", call.sid)) == 1).await;
    call.assert_rated(2.0, r#"["dropped-call"]"#).await;
    assert_eq!(private.feedback().await.0, 404);
    let partial = r#"{"score":2,"issues":["dropped-call"],"partial":true}"#;
    until("it is reported", || widget.events() == [("ringback-submitted".to_owned(), partial.to_owned())]).await;
    assert!(other.events().is_empty());
}

#[wasm_bindgen_test]
async fn two_elements_on_one_page_rate_their_own_calls() {
    let (call, other) = (Call::new().await, Call::new().await);
    let one = Widget::open(call.endpoint, &call.token).await;
    let two = Widget::open(other.endpoint, &other.token).await;
    one.star(1).click();
    two.star(5).click();
    one.press_send();
    two.press_send();
    until("both thank the user", || one.is_thanked() && two.is_thanked()).await;
    call.assert_rated(1.0, "[]").await;
    other.assert_rated(5.0, "[]").await;
}

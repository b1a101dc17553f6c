//! Every response in JSON and XML, errors included, read by independent parsers.

use reqwest::{Method, RequestBuilder};
use ringback_api::CallSid;
use ringback_server::jobs::summaries;
use serde_json::{Value, json};

use crate::support::{Server, WRONG_TOKEN, header};

const FORM: &str = "application/x-www-form-urlencoded";
/// The extension of the path, the Accept header, and whether the response is JSON.
const FORMATS: [(&str, &str, bool); 6] = [
    (".json", "", true),
    (".xml", "", false),
    ("", "", false),
    ("", "application/json", true),
    (".json", "application/xml", true),
    (".xml", "application/json", false),
];

/// Builds a request for a path with this extension.
type BuildRequest<'a> = Box<dyn Fn(&str) -> RequestBuilder + 'a>;

/// The names and texts of the resource in a `TwilioResponse` and of the elements below it, in document order.
fn read_xml(text: &str) -> Vec<(String, String)> {
    assert!(text.starts_with("<?xml version='1.0' encoding='UTF-8'?>\n"), "{text}");
    let document = roxmltree::Document::parse(text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "TwilioResponse");
    let resource = root.first_element_child().unwrap();
    let mut read = vec![(resource.tag_name().name().to_owned(), String::new())];
    for element in resource.descendants().skip(1).filter(roxmltree::Node::is_element) {
        let text =
            if element.children().any(|child| child.is_element()) { "" } else { element.text().unwrap_or_default() };
        read.push((element.tag_name().name().to_owned(), text.to_owned()));
    }
    read
}

fn names(read: &[(String, String)]) -> Vec<&str> {
    read.iter().map(|(name, _)| name.as_str()).collect()
}

fn value<'a>(read: &'a [(String, String)], name: &str) -> &'a str {
    &read.iter().find(|(n, _)| n == name).unwrap().1
}

/// Sends a request, checks the format of the response, and returns its status and body.
async fn send(request: RequestBuilder, (_, accept, is_json): (&str, &str, bool)) -> (u16, String) {
    let request = if accept.is_empty() { request } else { request.header("accept", accept) };
    let response = request.send().await.unwrap();
    let content_type = if is_json { "application/json; charset=utf-8" } else { "application/xml; charset=utf-8" };
    let status = response.status().as_u16();
    if status != 204 {
        assert_eq!(header(&response, "content-type"), content_type);
    }
    (status, response.text().await.unwrap())
}

/// Checks that a request is refused in every format, with the same message.
async fn assert_refused_in_every_format(kind: &str, status: u16, code: u16, request: impl Fn(&str) -> RequestBuilder) {
    let mut messages = Vec::new();
    for format in FORMATS {
        let request = request(format.0);
        let path = request.try_clone().unwrap().build().unwrap().url().path().to_owned();
        let (got, body) = send(request, format).await;
        assert_eq!(got, status, "{kind} as {format:?}: {body}");
        let message = if format.2 {
            let body: Value = serde_json::from_str(&body).unwrap();
            let keys: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, ["code", "message", "more_info", "status"], "{kind}");
            assert_eq!((&body["code"], &body["status"]), (&json!(code), &json!(status)), "{kind}");
            body["message"].as_str().unwrap().to_owned()
        } else {
            let read = read_xml(&body);
            assert_eq!(names(&read), ["RestException", "Code", "Message", "MoreInfo", "Status"], "{kind}");
            assert_eq!((value(&read, "Code"), value(&read, "Status")), (&*code.to_string(), &*status.to_string()));
            value(&read, "Message").to_owned()
        };
        if status == 404 {
            assert_eq!(message, format!("The requested resource {path} was not found"));
        } else {
            messages.push(message);
        }
    }
    assert!(messages.windows(2).all(|pair| pair[0] == pair[1]), "{kind}: {messages:?}");
}

#[tokio::test]
async fn every_error_has_every_format() {
    let server = Server::start().await;
    let rated = server.feedback(server.call(1, "2026-03-15T11:50:00Z").await);
    let rated = rated.strip_suffix(".json").unwrap();
    let summaries = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary", server.account);
    let days = [("StartDate", "2026-03-01"), ("EndDate", "2026-03-02")];
    let queued: Value = server
        .post(&summaries)
        .header("accept", "application/json")
        .form(&days)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let queued = format!("{summaries}/{}", queued["sid"].as_str().unwrap());
    let (mint, secret) = server.key("mint").await;
    let server = &server;
    let too_large = format!("QualityScore=5&Unknown={}", "x".repeat(64 * 1024));
    let typed = |request: RequestBuilder, content_type: &str, body: &str| {
        request.header("content-type", content_type).body(body.to_owned())
    };
    let post = |path: String, content_type: &str, body: &str| typed(server.post(&path), content_type, body);
    let kinds: [(&str, u16, u16, BuildRequest<'_>); 15] = [
        ("a parameter that is missing", 400, 20001, Box::new(|end| post(format!("{rated}{end}"), FORM, ""))),
        ("a score of six", 400, 20001, Box::new(|end| post(format!("{rated}{end}"), FORM, "QualityScore=6"))),
        (
            "an end before the start",
            400,
            20001,
            Box::new(|end| post(format!("{summaries}{end}"), FORM, "StartDate=2026-03-02&EndDate=2026-03-01")),
        ),
        ("bad UTF-8", 400, 20001, Box::new(|end| post(format!("{rated}{end}"), FORM, "QualityScore=5&Comment=%ff"))),
        ("a wrong type", 400, 20001, Box::new(|end| post(format!("{rated}{end}"), "text/plain", "QualityScore=5"))),
        ("too large", 413, 20001, Box::new(|end| post(format!("{rated}{end}"), FORM, &too_large))),
        ("no credentials", 401, 20003, Box::new(|end| server.request(Method::GET, &format!("{rated}{end}")))),
        (
            "a wrong secret",
            401,
            20003,
            Box::new(|end| {
                server.request(Method::GET, &format!("{rated}{end}")).basic_auth(server.account, Some(WRONG_TOKEN))
            }),
        ),
        (
            "a scope that is missing",
            403,
            20006,
            Box::new(|end| server.request(Method::GET, &format!("{rated}{end}")).basic_auth(mint, Some(&secret))),
        ),
        ("a call without feedback", 404, 20404, Box::new(|end| server.get(&format!("{rated}{end}")))),
        ("an unknown summary", 404, 20404, Box::new(|end| server.get(&format!("{summaries}/FS{:032}{end}", 0)))),
        ("an unknown path", 404, 20404, Box::new(|end| server.get(&format!("/2010-04-01/Nothing{end}")))),
        ("a path that is not UTF-8", 404, 20404, Box::new(|end| server.get(&format!("{summaries}/%FF{end}")))),
        ("a wrong verb", 405, 20004, Box::new(|end| server.request(Method::PUT, &format!("{rated}{end}")))),
        (
            "a summary that is not finished",
            409,
            20009,
            Box::new(|end| {
                server
                    .request(Method::DELETE, &format!("{queued}{end}"))
                    .basic_auth(server.account, Some(crate::support::AUTH_TOKEN))
            }),
        ),
    ];
    for (kind, status, code, request) in &kinds {
        assert_refused_in_every_format(kind, *status, *code, request).await;
    }
    assert_eq!(server.ratings().await, 0);
}

#[tokio::test]
async fn errors_of_limits_suspension_and_the_store_have_every_format() {
    let server = Server::start().await;
    let rated = server.feedback(server.call(1, "2026-03-15T11:50:00Z").await).replace(".json", "");
    let token = server.mint(json!({ "call": CallSid::from_bytes([1; 16]) })).await;
    let by_token = |end: &str| server.request(Method::GET, &format!("{rated}{end}")).bearer_auth(&token);
    for _ in 0..60 {
        by_token(".json").send().await.unwrap();
    }
    assert_refused_in_every_format("too many requests", 429, 20429, by_token).await;

    let own = |end: &str| server.get(&format!("{rated}{end}"));
    let account = server.app.store.account(server.account).await.unwrap().unwrap();
    server.app.store.suspend(account.id, Some(server.app.clock.now())).await.unwrap();
    assert_refused_in_every_format("a suspended account", 403, 20005, own).await;

    server.app.store.close().await;
    assert_refused_in_every_format("a store that is gone", 500, 20500, own).await;
}

#[tokio::test]
async fn every_response_has_every_format() {
    let server = Server::start().await;
    let feedback = server.feedback(server.call(1, "2026-03-10T12:00:00Z").await).replace(".json", "");
    let summaries_path = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary", server.account);
    for (n, format) in FORMATS.into_iter().enumerate() {
        let rate = server.post(&format!("{feedback}{}", format.0));
        let (status, created) = send(rate.form(&[("QualityScore", "2"), ("Issue", "one-way-audio")]), format).await;
        assert_eq!(status, if n == 0 { 201 } else { 200 });
        let (status, read) = send(server.get(&format!("{feedback}{}", format.0)), format).await;
        assert_eq!((status, &read), (200, &created));
        if format.2 {
            let feedback: Value = serde_json::from_str(&read).unwrap();
            assert_eq!(feedback.as_object().unwrap().len(), 6);
        } else {
            let xml = read_xml(&read);
            let expected =
                ["Feedback", "Sid", "AccountSid", "QualityScore", "Issues", "Issue", "DateCreated", "DateUpdated"];
            assert_eq!(names(&xml), expected);
            assert_eq!((value(&xml, "QualityScore"), value(&xml, "Issue")), ("2", "one-way-audio"));
        }

        let form = [("StartDate", "2026-03-10"), ("EndDate", "2026-03-10")];
        let (status, queued) = send(server.post(&format!("{summaries_path}{}", format.0)).form(&form), format).await;
        assert_eq!(status, 201);
        let sid = if format.2 {
            let queued: Value = serde_json::from_str(&queued).unwrap();
            queued["sid"].as_str().unwrap().to_owned()
        } else {
            let queued = read_xml(&queued);
            assert_eq!(names(&queued), SUMMARY_WITHOUT_ISSUES);
            for name in ["CallCount", "CallFeedbackCount", "QualityScoreAverage", "QualityScoreMedian"] {
                assert_eq!(value(&queued, name), "", "a null is an empty element");
            }
            value(&queued, "Sid").to_owned()
        };
        summaries::run_due(&server.app).await.unwrap();
        let path = format!("{summaries_path}/{sid}{}", format.0);
        let (status, completed) = send(server.get(&path), format).await;
        assert_eq!(status, 200);
        if format.2 {
            let completed: Value = serde_json::from_str(&completed).unwrap();
            assert_eq!((completed.as_object().unwrap().len(), &completed["status"]), (14, &json!("completed")));
        } else {
            let completed = read_xml(&completed);
            let mut expected = SUMMARY_WITHOUT_ISSUES.to_vec();
            expected.splice(13..13, ["Issue", "Description", "Count", "PercentageOfTotalCalls"]);
            assert_eq!(names(&completed), expected);
            assert_eq!(value(&completed, "QualityScoreAverage"), "2.0", "numbers have a decimal point");
            assert_eq!(value(&completed, "PercentageOfTotalCalls"), "100.0%");
        }
        let delete = server.request(Method::DELETE, &path).basic_auth(server.account, Some(crate::support::AUTH_TOKEN));
        assert_eq!(send(delete, format).await, (204, String::new()));
    }
}

const SUMMARY_WITHOUT_ISSUES: [&str; 15] = [
    "FeedbackSummary",
    "Sid",
    "StartDate",
    "EndDate",
    "AccountSid",
    "IncludeSubaccounts",
    "Status",
    "CallCount",
    "CallFeedbackCount",
    "QualityScoreAverage",
    "QualityScoreMedian",
    "QualityScoreStandardDeviation",
    "Issues",
    "DateCreated",
    "DateUpdated",
];

#[tokio::test]
async fn hostile_text_survives_json_and_xml() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, "2026-03-15T11:50:00Z").await);
    for (issue, in_xml) in [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("&amp;&#60;\"'", "&amp;&#60;\"'"),
        ("]]><!-- --><?pi?>", "]]><!-- --><?pi?>"),
        ("\u{1}\u{b}\u{7f}é\u{1f600}", "\u{fffd}\u{fffd}\u{fffd}é\u{1f600}"),
        ("\u{fffe}\u{ffff}\u{200b}", "\u{fffd}\u{fffd}\u{200b}"),
        ("a\nb\tc", "a\nb\tc"),
        ("a\rb\r\nc", "a\rb\r\nc"),
    ] {
        let form = [("QualityScore", "5"), ("Issue", issue)];
        let json: Value = server.post(&path).form(&form).send().await.unwrap().json().await.unwrap();
        let message = json["message"].as_str().unwrap();
        assert!(message.ends_with(&format!("got '{issue}'")), "{message}");
        let xml = server.post(&path.replace(".json", ".xml")).form(&form).send().await.unwrap().text().await.unwrap();
        let read = read_xml(&xml);
        assert_eq!(value(&read, "Message"), message.replace(issue, in_xml), "{issue:?}");
    }
}

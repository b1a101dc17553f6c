//! Lists of calls, their CSV, and single calls.

use reqwest::Method;
use ringback_api::CallSid;
use serde_json::{Value, json};

use crate::support::{SUBACCOUNT_TOKEN, Server, header, json_of};

async fn list(server: &Server, query: &str) -> (u16, Value) {
    json_of(server.get(&format!("/v1/accounts/{}/feedback?{query}", server.account))).await
}

/// The foreign ids of the listed calls, in order.
async fn calls(server: &Server, query: &str) -> Vec<String> {
    let (status, page) = list(server, query).await;
    assert_eq!(status, 200, "{query}: {page}");
    page["calls"].as_array().unwrap().iter().map(|call| call["call"].as_str().unwrap().to_owned()).collect()
}

/// Reports a call and returns its sid; rates it unless `form` is empty.
async fn report(server: &Server, call: Value, form: &[(&str, &str)]) -> String {
    let (status, recorded) = json_of(server.post(&format!("/v1/accounts/{}/calls", server.account)).json(&call)).await;
    assert_eq!(status, 200, "{recorded}");
    let sid = recorded["sid"].as_str().unwrap().to_owned();
    if !form.is_empty() {
        assert_eq!(json_of(server.post(&server.feedback(&sid)).form(form)).await.0, 201);
    }
    sid
}

/// Five calls in the week from Monday, 9 March, and one of the subaccount. `a` and `d` are on that Monday; `c` is unrated.
async fn week(server: &Server) {
    for (name, start, direction, queue, form) in [
        ("a", "2026-03-09T08:30:00Z", "inbound", "sales", &[("QualityScore", "5")][..]),
        (
            "b",
            "2026-03-10T09:00:00Z",
            "outbound",
            "help",
            &[("QualityScore", "1"), ("Issue", "dropped-call"), ("Comment", "It, \"ended\"\r\nat once")],
        ),
        ("c", "2026-03-11T09:00:00Z", "inbound", "sales", &[]),
        ("d", "2026-03-09T23:30:00Z", "inbound", "help", &[("QualityScore", "2"), ("Issue", "audio-latency")]),
        ("e", "2026-03-14T09:00:00Z", "outbound", "sales", &[("QualityScore", "5"), ("Comment", "=1+1")]),
    ] {
        let call = json!({
            "call": name, "party": "x", "started_at": start, "duration": 61, "direction": direction, "from": "+4930123",
            "to": "sip:x@y", "status": "completed", "labels": { "queue": queue, "app": "1:2" },
        });
        report(server, call, form).await;
    }
    let path = format!("/v1/accounts/{}/calls", server.subaccount);
    let call = json!({ "call": "sub", "started_at": "2026-03-12T09:00:00Z" });
    let request = server.request(Method::POST, &path).basic_auth(server.subaccount, Some(SUBACCOUNT_TOKEN));
    assert_eq!(json_of(request.json(&call)).await.0, 200);
}

#[tokio::test]
async fn a_row_has_every_field_of_a_call() {
    let server = Server::start().await;
    week(&server).await;
    let (_, page) = list(&server, "score=1").await;
    let b = json!({
        "account_sid": server.account, "sid": page["calls"][0]["sid"], "call": "b", "party": "x",
        "started_at": "2026-03-10T09:00:00Z", "duration": 61, "direction": "outbound", "from": "+4930123",
        "to": "sip:x@y", "status": "completed", "labels": { "app": "1:2", "queue": "help" },
        "asked_at": null, "dismissed_at": null,
        "created_at": "2026-03-15T12:00:00Z", "updated_at": "2026-03-15T12:00:00Z",
        "feedback": {
            "score": 1, "issues": ["dropped-call"], "comment": "It, \"ended\"\r\nat once", "revision": 0,
            "created_at": "2026-03-15T12:00:00Z", "updated_at": "2026-03-15T12:00:00Z",
        },
    });
    assert_eq!(page, json!({ "calls": [b], "next": null, "cut_short": false }));

    // A single call has the same shape, by its sid or by its foreign id.
    let path = |call: &str| format!("/v1/accounts/{}/calls/{call}", server.account);
    assert_eq!(json_of(server.get(&path(b["sid"].as_str().unwrap()))).await, (200, b.clone()));
    assert_eq!(json_of(server.get(&path("b?party=x"))).await, (200, b.clone()));
    for unknown in ["b", "b?party=y", "%00", &CallSid::from_bytes([9; 16]).to_string()] {
        assert_eq!(json_of(server.get(&path(unknown))).await.0, 404, "{unknown}");
    }
    let of_sid = json_of(server.get(&path(&format!("{}?party=x", b["sid"].as_str().unwrap())))).await;
    assert_eq!(
        (of_sid.0, &of_sid.1["detail"]),
        (400, &json!("Parameter party must be omitted for a CallSid, which already names one leg; got 'x'"))
    );
    let foreign = report(&server, json!({ "call": "x/y?z", "started_at": "2026-03-10T09:00:00Z" }), &[]).await;
    let (status, shown) = json_of(server.get(&path("x%2Fy%3Fz"))).await;
    assert_eq!((status, &shown["sid"], &shown["feedback"]), (200, &json!(foreign), &json!(null)));
}

#[tokio::test]
async fn each_filter_selects_the_right_calls() {
    let server = Server::start().await;
    week(&server).await;
    let march = "from=2026-03-09&to=2026-03-15";
    for (query, expected) in [
        ("", &["e", "b", "d", "a"][..]),
        ("rated=all", &["e", "c", "b", "d", "a"]),
        ("rated=false", &["c"]),
        ("rated=false&score=1", &[]),
        ("rated=all&subaccounts=true", &["e", "sub", "c", "b", "d", "a"]),
        ("order=oldest", &["a", "d", "b", "e"]),
        ("order=lowest", &["b", "d", "e", "a"]),
        ("order=highest", &["e", "a", "d", "b"]),
        ("from=2026-03-10", &["e", "b"]),
        ("to=2026-03-09", &["d", "a"]),
        ("to=2026-03-09&tz=Europe/Berlin", &["a"]),
        ("score=1&score=2", &["b", "d"]),
        ("score=1,5", &["e", "b", "a"]),
        ("score=1,5&order=highest", &["e", "a", "b"]),
        ("issue=dropped-call,audio-latency", &["b", "d"]),
        ("issue=one-way-audio", &[]),
        ("has_comment=true", &["e", "b"]),
        ("has_comment=true&score=5", &["e"]),
        ("has_comment=false", &["d", "a"]),
        ("has_comment=false&rated=all", &["c", "d", "a"]),
        ("direction=outbound", &["e", "b"]),
        ("direction=unknown&rated=all&subaccounts=true", &["sub"]),
        ("label=queue:sales&rated=all", &["e", "c", "a"]),
        ("label=queue:sales&label=app:1:2&direction=inbound", &["a"]),
        ("label=queue:sale", &[]),
        (&format!("{march}&weekday=monday"), &["d", "a"]),
        (&format!("{march}&weekday=monday&hour=8"), &["a"]),
        (&format!("{march}&weekday=tuesday,saturday&hour=0&hour=9"), &["e", "b"]),
        (&format!("{march}&weekday=tuesday,saturday&tz=Europe/Berlin"), &["e", "b", "d"]),
        (&format!("{march}&hour=0&tz=Europe/Berlin"), &["d"]),
    ] {
        assert_eq!(calls(&server, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn bad_queries_are_refused() {
    let server = Server::start().await;
    let newest = list(&server, "").await.1;
    assert_eq!(newest["next"], json!(null));
    for (query, detail) in [
        ("scores=1", "Parameter 'scores' is unknown; this route takes from, to, tz, subaccounts,"),
        ("order=newest&order=oldest", "Parameter order must be given once"),
        ("order=score", "Parameter order must be one of newest, oldest, lowest, highest; got 'score'"),
        ("order=lowest&rated=all", "Parameter order must not be lowest unless rated is true"),
        ("score=6", "Parameter score must be an integer from 1 to 5; got '6'"),
        ("score=1,", "Parameter score must be an integer from 1 to 5; got ''"),
        ("issue=noise", "Parameter issue must be one of imperfect-audio, dropped-call"),
        ("has_comment=yes", "Parameter has_comment must be true or false; got 'yes'"),
        ("rated=no", "Parameter rated must be true, false or all; got 'no'"),
        ("direction=", "Parameter direction must be one of inbound, outbound, unknown; got ''"),
        ("label=queue", "Parameter label must be a key and a value with a colon in between; got 'queue'"),
        ("label=a%20b:c", "Parameter label is not a label: a label's key must be 1 to 32"),
        ("label=a:", "Parameter label is not a label: the value of label 'a' must be 1 to 100"),
        (
            "label=a:1&label=a:2",
            "Parameter label must name each key once, because a call has one value for it; got 'a:2'",
        ),
        (
            "label=a:1&label=b:1&label=c:1&label=d:1&label=e:1&label=f:1&label=g:1&label=h:1&label=i:1",
            "Parameter label must come at most 8 times; got '9 labels'",
        ),
        ("from=2026-02-30", "Parameter from must be a valid date in the form YYYY-MM-DD; got '2026-02-30'"),
        (
            "from=2026-03-02&to=2026-03-01",
            "Parameter to must not be before from, which is 2026-03-02; got '2026-03-01'",
        ),
        ("from=1999-12-31", "from and to must be in the years 2000 to 9998"),
        ("tz=Mars/Base", "Parameter tz must be an IANA time zone"),
        ("weekday=monday&from=2026-03-01", "Parameter to is required with weekday or hour"),
        ("hour=24&from=2026-03-01&to=2026-03-01", "Parameter hour must be an hour from 0 to 23; got '24'"),
        ("weekday=Mo", "Parameter weekday must be one of monday, tuesday,"),
        ("hour=8&from=2000-01-01&to=2999-01-01", "weekday and hour match more than 10000 times in this range"),
        ("limit=0", "Parameter limit must be an integer from 1 to 200; got '0'"),
        ("limit=201", "Parameter limit must be an integer from 1 to 200; got '201'"),
        ("limit=%2B5", "Parameter limit must be an integer from 1 to 200; got '+5'"),
        ("cursor=x", "Parameter cursor must be the next of a previous page, in the same order; got 'x'"),
        ("subaccounts=2", "Parameter subaccounts must be true or false; got '2'"),
    ] {
        let (status, problem) = list(&server, query).await;
        let actual = problem["detail"].as_str().unwrap();
        assert!(status == 400 && actual.starts_with(detail), "{query}: {actual}");
        if !["limit", "cursor"].iter().any(|name| query.starts_with(name)) {
            let csv = server.get(&format!("/v1/accounts/{}/feedback.csv?{query}", server.account));
            assert_eq!(json_of(csv).await.0, 400, "{query}");
        }
    }
}

#[tokio::test]
async fn paging_is_stable_while_ratings_arrive() {
    let server = Server::start().await;
    for n in 1..=9 {
        let sid = server.call(n, &format!("2026-03-0{n}T09:00:00Z")).await;
        json_of(server.post(&server.feedback(sid)).form(&[("QualityScore", "3")])).await;
    }
    for (order, expected) in [
        ("newest", [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ("oldest", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("lowest", [9, 8, 7, 6, 5, 4, 3, 2, 1]),
    ] {
        let (mut found, mut query) = (Vec::new(), format!("order={order}&limit=2"));
        for round in 0.. {
            let (status, page) = list(&server, &query).await;
            assert_eq!((status, &page["cut_short"]), (200, &json!(false)));
            found.extend(
                page["calls"].as_array().unwrap().iter().map(|call| call["sid"].as_str().unwrap()[2..4].to_owned()),
            );
            let Some(next) = page["next"].as_str() else { break };
            query = format!("order={order}&limit=2&cursor={next}");
            // New calls sort both before and after the cursor.
            for start in ["2026-02-01", "2026-03-14"] {
                let sid = server.call(100 + round, &format!("{start}T09:00:00Z")).await;
                json_of(server.post(&server.feedback(sid)).form(&[("QualityScore", "3")])).await;
            }
        }
        found.retain(|sid| sid.as_str() < "10");
        assert_eq!(found, expected.map(|n| format!("{n:02}")), "{order}");
        let other = if order == "oldest" { "newest" } else { "oldest" };
        let (status, problem) = list(&server, &query.replace(order, other)).await;
        assert!(status == 400 && problem["detail"].as_str().unwrap().starts_with("Parameter cursor must be the next"));
    }
}

#[tokio::test]
async fn the_list_downloads_as_csv() {
    let server = Server::start().await;
    week(&server).await;
    let path = format!("/v1/accounts/{}/feedback.csv", server.account);
    let response = server.get(&format!("{path}?from=2026-03-10&tz=Europe/Berlin&order=oldest")).send().await.unwrap();
    assert_eq!(header(&response, "content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(header(&response, "content-disposition"), r#"attachment; filename="ringback-feedback-2026-03-10.csv""#);
    let text = String::from_utf8(response.bytes().await.unwrap().into()).unwrap();
    let sids = list(&server, "order=oldest").await.1["calls"].clone();
    let account = server.account;
    let row = |sid: &Value, rest: &str| format!("{account},{},{rest}\r\n", sid["sid"].as_str().unwrap());
    let now = "2026-03-15 13:00:00";
    let expected = [
        "\u{feff}account_sid,sid,call,party,started_at,time_zone,duration,direction,from,to,status,labels,asked_at,\
         dismissed_at,score,issues,comment,rated_at,rating_changed_at\r\n"
            .to_owned(),
        row(
            &sids[1],
            &format!(
                "d,x,2026-03-10 00:30:00,Europe/Berlin,61,inbound,'+4930123,sip:x@y,completed,app=1:2; queue=help,,,2,audio-latency,,{now},{now}"
            ),
        ),
        row(
            &sids[2],
            &format!(
                "b,x,2026-03-10 10:00:00,Europe/Berlin,61,outbound,'+4930123,sip:x@y,completed,app=1:2; queue=help,,,1,dropped-call,\"It, \"\"ended\"\"\r\nat once\",{now},{now}"
            ),
        ),
        row(
            &sids[3],
            &format!(
                "e,x,2026-03-14 10:00:00,Europe/Berlin,61,outbound,'+4930123,sip:x@y,completed,app=1:2; queue=sales,,,5,,'=1+1,{now},{now}"
            ),
        ),
    ];
    assert_eq!(text, expected.concat());
}

#[tokio::test]
async fn csv_is_streamed_and_breaks_off_on_an_error() {
    let server = Server::start().await;
    let lines: Vec<_> = (0..1_700)
        .map(|n| json!({ "call": n.to_string(), "started_at": "2026-03-10T09:00:00Z", "labels": { "pad": "x".repeat(100) } }))
        .map(|line| line.to_string())
        .collect();
    let report = server.post(&format!("/v1/accounts/{}/calls", server.account));
    let report = report.header("content-type", "application/x-ndjson").body(lines.join("\n"));
    assert_eq!(json_of(report).await.1["recorded"], json!(1_700));

    let path = format!("/v1/accounts/{}/feedback.csv?rated=all", server.account);
    let whole = server.get(&path).send().await.unwrap();
    assert_eq!(header(&whole, "content-length"), "", "the response is streamed");
    let whole = whole.text().await.unwrap();
    let mut names: Vec<u32> =
        whole.lines().skip(1).map(|line| line.split(',').nth(2).unwrap().parse().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, (0..1_700).collect::<Vec<_>>());

    // An unreadable row after rows that were already sent.
    server.sql("UPDATE calls SET labels = 'no JSON' WHERE id = 1").await;
    let broken = server.get(&path).send().await.unwrap();
    assert_eq!(broken.status(), 200);
    assert!(broken.bytes().await.is_err(), "the response broke off");
    assert_eq!(json_of(server.get(&format!("{path}&order=oldest"))).await.0, 500);
}

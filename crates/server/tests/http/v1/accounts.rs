use reqwest::Method;
use serde_json::json;

use crate::support::{Server, json_of};

fn path(server: &Server) -> String {
    format!("/v1/accounts/{}", server.account)
}

#[tokio::test]
async fn settings_change_one_by_one_and_null_takes_one_away() {
    let server = Server::start().await;
    let patch = |body| {
        let request = server.request(Method::PATCH, &path(&server));
        request.basic_auth(server.account, Some(crate::support::AUTH_TOKEN)).json(&body)
    };
    let view = |time_zone, days: Option<u16>| {
        json!({
            "sid": server.account, "name": "Account 1", "status": "active", "time_zone": time_zone,
            "retention_days": days, "sealed_before": null,
        })
    };
    assert_eq!(json_of(server.get(&path(&server))).await, (200, view("UTC", None)));
    for (body, expected) in [
        (json!({ "time_zone": "Europe/Berlin" }), view("Europe/Berlin", None)),
        (json!({ "retention_days": 365 }), view("Europe/Berlin", Some(365))),
        (json!({}), view("Europe/Berlin", Some(365))),
        (json!({ "retention_days": null }), view("Europe/Berlin", None)),
    ] {
        assert_eq!(json_of(patch(body)).await, (200, expected.clone()));
        assert_eq!(json_of(server.get(&path(&server))).await, (200, expected));
    }
    for (body, detail) in [
        (
            json!({ "time_zone": "Mars" }),
            "Parameter time_zone must be an IANA time zone such as Europe/Berlin; got 'Mars'",
        ),
        (
            json!({ "retention_days": 0 }),
            "retention_days: invalid value: integer `0`, expected a whole number from 1 to 65535",
        ),
        (json!({ "retention": 1 }), "retention: unknown field `retention`, expected `time_zone` or `retention_days`"),
    ] {
        let (status, problem) = json_of(patch(body)).await;
        assert_eq!((status, problem["detail"].as_str().unwrap()), (400, detail));
    }
    let figures = format!("{}/stats?from=2026-03-15&to=2026-03-15", path(&server));
    assert_eq!(json_of(server.get(&figures)).await.1["time_zone"], "Europe/Berlin");
}

#[tokio::test]
async fn sealed_days_take_nothing_more_and_keep_their_counts() {
    let server = Server::start().await;
    let old = server.call(1, "2026-03-09T23:59:59Z").await;
    let new = server.call(2, "2026-03-10T00:00:00Z").await;
    for sid in [old, new] {
        assert_eq!(json_of(server.post(&server.feedback(sid)).form(&[("QualityScore", "2")])).await.0, 201);
    }
    let figures = format!("{}/stats?from=2026-03-01&to=2026-03-15", path(&server));
    let before = json_of(server.get(&figures)).await;
    let account = server.app.store.account(server.account).await.unwrap().unwrap();
    let patch = server.request(Method::PATCH, &path(&server)).json(&json!({ "retention_days": 5 }));
    let patch = patch.basic_auth(server.account, Some(crate::support::AUTH_TOKEN));
    assert_eq!(json_of(patch).await.0, 200);
    ringback_server::jobs::retention::run_due(&server.app).await.unwrap();

    assert_eq!(json_of(server.get(&path(&server))).await.1["sealed_before"], "2026-03-10");
    assert_eq!(json_of(server.get(&figures)).await, before);
    assert_eq!(json_of(server.get(&server.feedback(old))).await.0, 404);
    assert_eq!(json_of(server.post(&server.feedback(old)).form(&[("QualityScore", "2")])).await.0, 404);
    assert_eq!(json_of(server.post(&server.feedback(new)).form(&[("QualityScore", "3")])).await.0, 200);
    // One that was rated, one that is left.
    assert_eq!(server.ratings().await, 1);

    let sealed = "started_at: the day of this call is sealed: calls so old are not kept (see retention_days)";
    let calls = format!("{}/calls", path(&server));
    let report = |sid, start: &str| json!({ "sid": sid, "started_at": start });
    for call in [report(old, "2026-03-09T23:59:59Z"), report(new, "2026-03-09T23:59:59Z")] {
        let (status, problem) = json_of(server.post(&calls).json(&call)).await;
        assert_eq!((status, problem["detail"].as_str().unwrap()), (409, sealed));
    }
    let lines = [report(old, "2026-03-01T00:00:00Z"), report(new, "2026-03-10T00:00:01Z"), json!({})];
    let lines = lines.map(|line| line.to_string()).join("\n");
    let request = server.post(&calls).header("content-type", "application/x-ndjson").body(lines);
    let (_, report) = json_of(request).await;
    assert_eq!((&report["recorded"], &report["refused"]), (&json!(1), &json!(2)));
    assert_eq!(report["errors"][0], json!({ "line": 1, "error": sealed }));
    assert_eq!(report["errors"][1]["line"], 3);

    // A token of an old call opens nothing either.
    let token = server.mint(json!({ "call": "x", "started_at": "2026-03-01T12:00:00Z" })).await;
    let rate = server.request(Method::POST, &server.feedback("x")).bearer_auth(token).form(&[("QualityScore", "2")]);
    assert_eq!(json_of(rate).await.0, 404);
    // What is sealed stays sealed.
    server.app.store.seal(account.id, "2026-03-01T00:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(json_of(server.get(&path(&server))).await.1["sealed_before"], "2026-03-10");
    assert_eq!(json_of(server.get(&figures)).await.1["totals"]["scores"], json!([0, 1, 1, 0, 0]));
}

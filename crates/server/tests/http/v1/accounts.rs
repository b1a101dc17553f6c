use reqwest::Method;
use ringback_api::AccountSid;
use serde_json::json;

use crate::support::{AUTH_TOKEN, STRANGER_TOKEN, SUBACCOUNT_TOKEN, Server, json_of};

fn path(server: &Server) -> String {
    format!("/v1/accounts/{}", server.account)
}

#[tokio::test]
async fn settings_change_one_by_one_and_null_clears_one() {
    let server = Server::start().await;
    let patch = |body| {
        let request = server.request(Method::PATCH, &path(&server));
        request.basic_auth(server.account, Some(AUTH_TOKEN)).json(&body)
    };
    let view = |time_zone, days: Option<u16>| {
        json!({
            "sid": server.account, "name": "Account 1", "status": "active", "is_subaccount": false,
            "time_zone": time_zone, "retention_days": days, "allowed_origins": [], "sample": 1.0, "sealed_before": null,
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
        (
            json!({ "allowed_origins": ["https://phone.example/"] }),
            "allowed_origins[0]: an origin must be http:// or https://, a host in lower case and optionally a port other \
             than the scheme's default, such as https://phone.example",
        ),
        (
            json!({ "allowed_origins": vec!["https://phone.example"; 101] }),
            "allowed_origins: at most 100 entries are allowed, got 101",
        ),
        (
            json!({ "retention": 1 }),
            "retention: unknown field `retention`, expected one of `name`, `status`, `time_zone`, `retention_days`, \
             `allowed_origins`, `sample`",
        ),
        (json!({ "name": "" }), "name: must be 1 to 255 characters without control characters"),
        (json!({ "sample": 1.01 }), "sample: a share of calls must be a number from 0 to 1, such as 0.25"),
    ] {
        let (status, problem) = json_of(patch(body)).await;
        assert_eq!((status, problem["detail"].as_str().unwrap()), (400, detail));
    }
    let figures = format!("{}/stats?from=2026-03-15&to=2026-03-15", path(&server));
    assert_eq!(json_of(server.get(&figures)).await.1["time_zone"], "Europe/Berlin");
}

#[tokio::test]
async fn sealed_days_accept_no_changes_and_keep_their_counts() {
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
    let patch = patch.basic_auth(server.account, Some(AUTH_TOKEN));
    assert_eq!(json_of(patch).await.0, 200);
    ringback_server::jobs::retention::run_due(&server.app).await.unwrap();

    assert_eq!(json_of(server.get(&path(&server))).await.1["sealed_before"], "2026-03-10");
    assert_eq!(json_of(server.get(&figures)).await, before);
    assert_eq!(json_of(server.get(&server.feedback(old))).await.0, 404);
    assert_eq!(json_of(server.post(&server.feedback(old)).form(&[("QualityScore", "2")])).await.0, 404);
    assert_eq!(json_of(server.post(&server.feedback(new)).form(&[("QualityScore", "3")])).await.0, 200);
    // Of the two ratings, the one on the sealed day is gone.
    assert_eq!(server.ratings().await, 1);

    let sealed = "started_at: the day of this call is sealed, because calls older than retention_days are not kept";
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

    // Nor does a token rate a call on a sealed day.
    let token = server.mint(json!({ "call": "x", "started_at": "2026-03-01T12:00:00Z" })).await;
    let rate = server.request(Method::POST, &server.feedback("x")).bearer_auth(token).form(&[("QualityScore", "2")]);
    assert_eq!(json_of(rate).await.0, 404);
    // Sealing never moves back.
    server.app.store.seal(account.id, "2026-03-01T00:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(json_of(server.get(&path(&server))).await.1["sealed_before"], "2026-03-10");
    assert_eq!(json_of(server.get(&figures)).await.1["totals"]["scores"], json!([0, 1, 1, 0, 0]));
}

#[tokio::test]
async fn a_subaccount_is_created_and_used() {
    let server = Server::start().await;
    let subaccounts = format!("{}/subaccounts", path(&server));
    let (status, made) = json_of(server.post(&subaccounts).json(&json!({ "name": "Sales" }))).await;
    assert_eq!((status, &made["name"], &made["status"]), (201, &json!("Sales"), &json!("active")));
    let (_, listed) = json_of(server.get(&subaccounts)).await;
    let names: Vec<_> = listed.as_array().unwrap().iter().map(|account| &account["name"]).collect();
    assert_eq!(names, ["Account 2", "Sales"]);
    assert_eq!(listed[1]["auth_token"], json!(null));
    let sid = made["sid"].as_str().unwrap();
    let own = server.request(Method::GET, &format!("/v1/accounts/{sid}"));
    assert_eq!(json_of(own.basic_auth(sid, made["auth_token"].as_str())).await.0, 200);
    for (body, detail) in [
        (json!({}), "missing field `name`"),
        (json!({ "name": "" }), "name: must be 1 to 255 characters without control characters"),
    ] {
        let (status, problem) = json_of(server.post(&subaccounts).json(&body)).await;
        assert_eq!((status, problem["detail"].as_str().unwrap()), (400, detail));
    }
}

#[tokio::test]
async fn only_allowed_origins_may_rate_with_a_token() {
    let server = Server::start().await;
    let token = server.mint(json!({ "call": "x" })).await;
    let patch = |origins: &[&str]| {
        let request = server.request(Method::PATCH, &path(&server)).json(&json!({ "allowed_origins": origins }));
        request.basic_auth(server.account, Some(AUTH_TOKEN)).send()
    };
    let rate = async |origin: Option<&str>| {
        let request = server.request(Method::POST, &server.feedback("x")).bearer_auth(&token);
        let request = request.form(&[("QualityScore", "5")]);
        let request = if let Some(origin) = origin { request.header("origin", origin) } else { request };
        json_of(request).await
    };
    assert_eq!(rate(Some("https://any.example")).await.0, 201);
    assert_eq!(patch(&["https://phone.example"]).await.unwrap().status(), 200);
    for (origin, status) in [
        (Some("https://phone.example"), 200),
        (Some(server.url.as_str()), 200),
        (None, 200),
        (Some("https://any.example"), 403),
        (Some("http://phone.example"), 403),
        (Some("https://phone.example.evil.example"), 403),
        (Some("null"), 403),
    ] {
        assert_eq!(rate(origin).await.0, status, "{origin:?}");
    }
    let (_, body) = rate(Some("null")).await;
    let message = "The account accepts ratings only from its allowed origins, and this page's origin is not among them";
    assert_eq!(body["message"], message);
    // The check does not apply to the account's own credentials.
    let own = server.post(&server.feedback("x")).header("origin", "https://any.example");
    assert_eq!(json_of(own.form(&[("QualityScore", "5")])).await.0, 200);
    assert_eq!(patch(&[]).await.unwrap().status(), 200);
    assert_eq!(rate(Some("https://any.example")).await.0, 200);
}

#[tokio::test]
async fn an_account_is_renamed_and_its_sample_reaches_the_frame() {
    let server = Server::start().await;
    let frame = async || {
        let page = server.request(Method::GET, &format!("/frame/{}", server.account)).send().await.unwrap();
        page.text().await.unwrap()
    };
    assert!(frame().await.contains("<ringback-rating></ringback-rating>"));
    let request = server.request(Method::PATCH, &path(&server)).json(&json!({ "name": "Sales", "sample": 0.25 }));
    let (status, view) = json_of(request.basic_auth(server.account, Some(AUTH_TOKEN))).await;
    assert_eq!((status, &view["name"], &view["sample"]), (200, &json!("Sales"), &json!(0.25)));
    assert!(frame().await.contains("<ringback-rating sample=\"0.25\"></ringback-rating>"));
}

#[tokio::test]
async fn a_parent_suspends_its_subaccount_and_no_account_suspends_itself() {
    let server = Server::start().await;
    let patch = |account: AccountSid, (user, secret): (AccountSid, &str), status: &str| {
        let request = server.request(Method::PATCH, &format!("/v1/accounts/{account}"));
        json_of(request.basic_auth(user, Some(secret)).json(&json!({ "status": status })))
    };
    let (parent, child) = ((server.account, AUTH_TOKEN), (server.subaccount, SUBACCOUNT_TOKEN));
    let child_status = async || {
        let request = server.request(Method::GET, &format!("/v1/accounts/{}", child.0));
        json_of(request.basic_auth(child.0, Some(child.1))).await.0
    };
    for status in ["suspended", "active"] {
        for own in [parent, child] {
            let (status, problem) = patch(own.0, own, status).await;
            let detail = "An account cannot change its own status; its parent account or the operator can";
            assert_eq!((status, problem["detail"].as_str().unwrap()), (409, detail));
        }
    }
    assert_eq!(child_status().await, 200);
    let (status, view) = patch(child.0, parent, "suspended").await;
    assert_eq!((status, &view["status"], &view["is_subaccount"]), (200, &json!("suspended"), &json!(true)));
    assert_eq!(child_status().await, 403);
    assert_eq!(patch(child.0, parent, "active").await.1["status"], "active");
    assert_eq!(child_status().await, 200);
    assert_eq!(patch(child.0, (server.stranger, STRANGER_TOKEN), "suspended").await.0, 404);
}

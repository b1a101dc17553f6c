use reqwest::Method;
use ringback_api::AccountSid;
use serde_json::{Value, json};

use crate::support::{AUTH_TOKEN, SUBACCOUNT_TOKEN, Server, header, json_of};

async fn stats(server: &Server, query: &str) -> (u16, Value) {
    json_of(server.get(&format!("/v1/accounts/{}/stats?{query}", server.account))).await
}

#[tokio::test]
async fn stats_have_figures_distribution_issues_and_series() {
    let server = Server::start().await;
    for (n, start, score, issues) in [
        (1, "2026-03-09T23:30:00Z", "1", &["one-way-audio"][..]),
        (2, "2026-03-10T00:30:00Z", "4", &["audio-latency", "one-way-audio"]),
        (3, "2026-03-10T23:30:00Z", "5", &[]),
        (4, "2026-03-11T00:30:00Z", "", &[]),
    ] {
        let sid = server.call(n, start).await;
        let mut form = vec![("QualityScore", score)];
        form.extend(issues.iter().map(|issue| ("Issue", *issue)));
        if !score.is_empty() {
            json_of(server.post(&server.feedback(sid)).form(&form)).await;
        }
    }
    // In Berlin, the first call falls on the 10th and the last two fall on the 11th.
    let (status, berlin) = stats(&server, "from=2026-03-10&to=2026-03-11&tz=Europe%2FBerlin").await;
    assert_eq!(status, 200);
    assert_eq!(
        berlin,
        json!({
            "from": "2026-03-10", "to": "2026-03-11", "time_zone": "Europe/Berlin", "step": "day",
            "totals": { "calls": 4, "asked": 3, "dismissed": 0, "scores": [1, 0, 0, 1, 1] },
            "average": 10.0 / 3.0, "median": 4.0, "standard_deviation": 26f64.sqrt() / 3.0, "response_rate": 1.0,
            "issues": [
                { "issue": "one-way-audio", "scores": [1, 0, 0, 1, 0] },
                { "issue": "audio-latency", "scores": [0, 0, 0, 1, 0] },
            ],
            "directions": [{ "direction": null, "calls": 4, "asked": 3, "dismissed": 0, "scores": [1, 0, 0, 1, 1] }],
            "weekday_hours": null,
            "series": [
                { "date": "2026-03-10", "start": "2026-03-09T23:00:00Z", "calls": 2, "asked": 2, "dismissed": 0, "scores": [1, 0, 0, 1, 0] },
                { "date": "2026-03-11", "start": "2026-03-10T23:00:00Z", "calls": 2, "asked": 1, "dismissed": 0, "scores": [0, 0, 0, 0, 1] },
            ],
        })
    );
    let (_, utc) = stats(&server, "from=2026-03-09&to=2026-03-11&step=month").await;
    assert_eq!((utc["series"].as_array().unwrap().len(), &utc["totals"]), (1, &berlin["totals"]));
    let (_, hours) = stats(&server, "from=2026-03-10&to=2026-03-10&step=hour&tz=Asia/Kathmandu").await;
    let calls: Vec<_> =
        hours["series"].as_array().unwrap().iter().map(|hour| hour["calls"].as_u64().unwrap()).collect();
    // 23:30 and 00:30 UTC are 05:15 and 06:15 there.
    assert_eq!((calls.len(), calls[5], calls[6], calls.iter().sum()), (24, 1, 1, 2_u64));
}

/// Reports a call and rates it.
async fn report_and_rate(server: &Server, account: AccountSid, secret: &str, call: Value, score: &str) {
    let report =
        server.request(Method::POST, &format!("/v1/accounts/{account}/calls")).basic_auth(account, Some(secret));
    let (status, sid) = json_of(report.json(&call)).await;
    assert_eq!(status, 200, "{sid}");
    let path = format!("/2010-04-01/Accounts/{account}/Calls/{}/Feedback.json", sid["sid"].as_str().unwrap());
    let rate = server.request(Method::POST, &path).basic_auth(account, Some(secret));
    assert_eq!(json_of(rate.form(&[("QualityScore", score)])).await.0, 201);
}

#[tokio::test]
async fn stats_filter_by_direction_and_include_subaccounts_on_request() {
    let server = Server::start().await;
    let start = "2026-03-10T12:00:00Z";
    for (n, direction) in [(1, json!("inbound")), (2, json!("outbound")), (3, json!("outbound")), (4, json!(null))] {
        let call = json!({ "call": n.to_string(), "started_at": start, "direction": direction });
        report_and_rate(&server, server.account, AUTH_TOKEN, call, &n.to_string()).await;
    }
    let call = json!({ "call": "5", "started_at": start, "direction": "inbound" });
    report_and_rate(&server, server.subaccount, SUBACCOUNT_TOKEN, call, "5").await;

    let figures = |direction: Value, calls: u64, scores: [u64; 5]| json!({ "direction": direction, "calls": calls, "asked": calls, "dismissed": 0, "scores": scores });
    let day = "from=2026-03-10&to=2026-03-10";
    let (_, own) = stats(&server, day).await;
    let [inbound, outbound] =
        [figures(json!("inbound"), 1, [1, 0, 0, 0, 0]), figures(json!("outbound"), 2, [0, 1, 1, 0, 0])];
    let unknown = figures(json!(null), 1, [0, 0, 0, 1, 0]);
    assert_eq!(own["directions"], json!([inbound, outbound, unknown]));
    let (_, all) = stats(&server, &format!("{day}&subaccounts=true")).await;
    assert_eq!(all["directions"], json!([figures(json!("inbound"), 2, [1, 0, 0, 0, 1]), outbound, unknown]));
    for (only, expected) in [("inbound", &inbound), ("outbound", &outbound), ("unknown", &unknown)] {
        let (_, filtered) = stats(&server, &format!("{day}&direction={only}")).await;
        assert_eq!(filtered["directions"], json!([expected]));
        for counts in [&filtered["totals"], &filtered["series"][0]] {
            assert_eq!((&counts["calls"], &counts["scores"]), (&expected["calls"], &expected["scores"]), "{only}");
        }
    }
}

#[tokio::test]
async fn weekdays_and_hours_are_local_even_where_clocks_change() {
    let server = Server::start().await;
    // In Berlin: Saturday 23:15, Sunday 01:59 (just before the clocks change), Sunday 03:00; in autumn, Sunday 02:30 twice.
    for (n, start) in [
        (1, "2025-03-29T22:15:00Z"),
        (2, "2025-03-30T00:59:59Z"),
        (3, "2025-03-30T01:00:00Z"),
        (4, "2025-10-26T00:30:00Z"),
        (5, "2025-10-26T01:30:00Z"),
    ] {
        server.call(n, start).await;
    }
    let calls = async |query: &str| {
        let (status, answer) = stats(&server, &format!("{query}&weekday_hours=true")).await;
        assert_eq!(status, 200, "{answer}");
        let hours = answer["weekday_hours"].as_array().unwrap();
        assert!(hours.len() == 7 && hours.iter().all(|day| day.as_array().unwrap().len() == 24));
        let cells = (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
        cells
            .map(|(day, hour)| (day, hour, hours[day][hour]["calls"].as_u64().unwrap()))
            .filter(|cell| cell.2 > 0)
            .collect::<Vec<_>>()
    };
    let years = "from=2016-01-01&to=2026-01-01&step=month";
    assert_eq!(calls(&format!("{years}&tz=Europe/Berlin")).await, [(5, 23, 1), (6, 1, 1), (6, 2, 2), (6, 3, 1)]);
    assert_eq!(calls(&format!("{years}&tz=UTC")).await, [(5, 22, 1), (6, 0, 2), (6, 1, 2)]);
    assert_eq!(calls(&format!("{years}&tz=Asia/Kathmandu")).await, [(6, 4, 1), (6, 6, 3), (6, 7, 1)]);
    assert_eq!(calls("from=2025-03-30&to=2025-03-30&tz=Europe/Berlin").await, [(6, 1, 1), (6, 3, 1)]);
}

#[tokio::test]
async fn the_series_downloads_as_csv() {
    let server = Server::start().await;
    let call = |n: &str, start: &str| json!({ "call": n, "started_at": start });
    report_and_rate(&server, server.account, AUTH_TOKEN, call("1", "2025-03-29T23:00:00Z"), "2").await;
    report_and_rate(&server, server.account, AUTH_TOKEN, call("2", "2025-03-30T21:59:59Z"), "5").await;
    let path = format!("/v1/accounts/{}/stats.csv?from=2025-03-30&to=2025-03-31&tz=Europe/Berlin", server.account);
    let response = server.get(&path).send().await.unwrap();
    assert_eq!(header(&response, "content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(
        header(&response, "content-disposition"),
        r#"attachment; filename="ringback-stats-2025-03-30-2025-03-31-by-day.csv""#
    );
    // `text()` would strip the byte order mark.
    assert_eq!(
        String::from_utf8(response.bytes().await.unwrap().into()).unwrap(),
        "\u{feff}start,calls,asked,dismissed,rated,score_1,score_2,score_3,score_4,score_5,average,median,\
         standard_deviation,response_rate\r\n\
         2025-03-30 00:00:00,2,2,0,2,0,1,0,0,1,3.5,3.5,1.5,1.0\r\n\
         2025-03-31 00:00:00,0,0,0,0,0,0,0,0,0,,,,\r\n"
    );
    let (status, problem) = json_of(server.get(&format!("{path}&weekday_hours=true"))).await;
    assert_eq!(
        (status, &problem["detail"]),
        (
            400,
            &json!("Parameter 'weekday_hours' is unknown; this route takes from, to, step, tz, direction, subaccounts")
        )
    );
}

#[tokio::test]
async fn figures_are_null_without_calls() {
    let server = Server::start().await;
    let (_, none) = stats(&server, "from=2026-03-10&to=2026-03-10").await;
    for name in ["average", "median", "standard_deviation", "response_rate"] {
        assert_eq!(none[name], json!(null), "{name}");
    }
    assert_eq!((none["series"].as_array().unwrap().len(), &none["directions"]), (1, &json!([])));
}

#[tokio::test]
async fn bad_queries_are_refused() {
    let server = Server::start().await;
    for (query, detail) in [
        ("", "Parameter from is required and must be a valid date in the form YYYY-MM-DD"),
        (
            "from=2026-02-30&to=2026-03-01",
            "Parameter from must be a valid date in the form YYYY-MM-DD; got '2026-02-30'",
        ),
        ("from=2026-03-01", "Parameter to is required"),
        (
            "from=2026-03-02&to=2026-03-01",
            "Parameter to must not be before from, which is 2026-03-02; got '2026-03-01'",
        ),
        ("from=2026-03-01&to=2026-03-01&step=year", "Parameter step must be one of hour, day, week, month; got 'year'"),
        (
            "from=2026-03-01&to=2026-03-01&tz=Mars/Base",
            "Parameter tz must be an IANA time zone such as Europe/Berlin; got 'Mars/Base'",
        ),
        ("from=2026-03-01&to=2026-03-01&tz=localtime", "Parameter tz must be an IANA time zone"),
        ("from=2026-03-01&to=2026-03-01&tz=Etc/Unknown", "Parameter tz must be an IANA time zone"),
        ("from=2000-01-01&to=2026-03-01&step=hour", "step hour yields more than 10000 steps in this range"),
        ("from=2026-03-01&to=2026-03-01&from=2026-03-01", "Parameter from must be given once"),
        (
            "from=2026-03-01&to=2026-03-01&steps=day",
            "Parameter 'steps' is unknown; this route takes from, to, step, tz",
        ),
        ("from=2026-03-01&to=2026-03-01&%FF=day", "The query must be UTF-8"),
        (
            "from=2026-03-01&to=2026-03-01&direction=up",
            "Parameter direction must be one of inbound, outbound, unknown; got 'up'",
        ),
        ("from=2026-03-01&to=2026-03-01&subaccounts=yes", "Parameter subaccounts must be true or false; got 'yes'"),
        ("from=1999-01-01&to=2026-03-01", "from and to must be in the years 2000 to 9998"),
    ] {
        let (status, problem) = stats(&server, query).await;
        let actual = problem["detail"].as_str().unwrap();
        assert!(status == 400 && actual.contains(detail), "{query}: {actual}");
    }
}

use serde_json::{Value, json};

use crate::support::{Server, json_of};

async fn stats(server: &Server, query: &str) -> (u16, Value) {
    json_of(server.get(&format!("/v1/accounts/{}/stats?{query}", server.account))).await
}

#[tokio::test]
async fn figures_distribution_issues_and_series() {
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
    // In Berlin the first of them was on the 10th, the last two on the 11th.
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

#[tokio::test]
async fn without_calls_there_are_nulls() {
    let server = Server::start().await;
    let (_, none) = stats(&server, "from=2026-03-10&to=2026-03-10").await;
    for name in ["average", "median", "standard_deviation", "response_rate"] {
        assert_eq!(none[name], json!(null), "{name}");
    }
    assert_eq!(none["series"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_refused() {
    let server = Server::start().await;
    for (query, detail) in [
        ("", "Parameter from is required and must be a date that exists, written YYYY-MM-DD"),
        (
            "from=2026-02-30&to=2026-03-01",
            "Parameter from must be a date that exists, written YYYY-MM-DD; got '2026-02-30'",
        ),
        ("from=2026-03-01", "Parameter to is required"),
        ("from=2026-03-02&to=2026-03-01", "to must not be before from"),
        ("from=2026-03-01&to=2026-03-01&step=year", "Parameter step must be one of hour, day, week, month; got 'year'"),
        (
            "from=2026-03-01&to=2026-03-01&tz=Mars/Base",
            "Parameter tz must be an IANA time zone such as Europe/Berlin; got 'Mars/Base'",
        ),
        ("from=2026-03-01&to=2026-03-01&tz=localtime", "Parameter tz must be an IANA time zone"),
        ("from=2026-03-01&to=2026-03-01&tz=Etc/Unknown", "Parameter tz must be an IANA time zone"),
        ("from=2000-01-01&to=2026-03-01&step=hour", "step hour gives more than 10000 steps over this range"),
        ("from=1999-01-01&to=2026-03-01", "from and to must be dates of the years 2000 to 9998"),
    ] {
        let (status, problem) = stats(&server, query).await;
        let said = problem["detail"].as_str().unwrap();
        assert!(status == 400 && said.contains(detail), "{query}: {said}");
    }
}

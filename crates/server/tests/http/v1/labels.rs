use serde_json::{Value, json};

use crate::support::{Server, json_of};

/// Reports one call for each of these seconds of 10 March, with the labels that `labels` returns for the second.
async fn report(server: &Server, seconds: std::ops::Range<usize>, labels: impl Fn(usize) -> Value) {
    let line = |n: usize| {
        let started_at = format!("2026-03-10T{:02}:{:02}:{:02}Z", n / 3600, n / 60 % 60, n % 60);
        json!({ "call": format!("c{n}"), "started_at": started_at, "labels": labels(n) }).to_string()
    };
    let lines = seconds.map(line).collect::<Vec<_>>().join("\n");
    let path = format!("/v1/accounts/{}/calls", server.account);
    let request = server.post(&path).header("content-type", "application/x-ndjson").body(lines);
    assert_eq!(json_of(request).await.1["refused"], 0);
}

async fn labels(server: &Server, query: &str) -> (Vec<String>, Value) {
    let (status, known) = json_of(server.get(&format!("/v1/accounts/{}/labels?{query}", server.account))).await;
    assert_eq!(status, 200, "{known}");
    let text = |label: &Value| format!("{}:{}", label["key"].as_str().unwrap(), label["value"].as_str().unwrap());
    (known["labels"].as_array().unwrap().iter().map(text).collect(), known["cut_short"].clone())
}

#[tokio::test]
async fn labels_of_the_range_are_listed_once_and_sorted_by_key() {
    let server = Server::start().await;
    report(&server, 0..4, |n| json!({ "queue": if n % 2 == 0 { "sales" } else { "help" }, "agent": "7" })).await;
    let expected = ["agent:7", "queue:help", "queue:sales"].map(str::to_owned).to_vec();
    assert_eq!(labels(&server, "").await, (expected.clone(), json!(false)));
    assert_eq!(labels(&server, "from=2026-03-10&to=2026-03-10").await.0, expected);
    assert_eq!(labels(&server, "from=2026-03-11&to=2026-03-11").await, (vec![], json!(false)));
    // Midnight UTC is still the day before in New York.
    assert_eq!(labels(&server, "from=2026-03-09&to=2026-03-09&tz=America/New_York").await.0, expected);
}

#[tokio::test]
async fn the_most_frequent_labels_of_the_newest_calls_are_listed() {
    let server = Server::start().await;
    report(&server, 0..250, |n| json!({ "agent": format!("{n:03}") })).await;
    report(&server, 250..260, |_| json!({ "queue": "sales", "agent": "249" })).await;
    let (some, cut_short) = labels(&server, "").await;
    assert_eq!((some.len(), cut_short), (200, json!(true)));
    assert_eq!((some[0].as_str(), some[199].as_str()), ("agent:000", "queue:sales"));
    assert!(some.contains(&"agent:249".to_owned()));
    assert!(!some.contains(&"agent:248".to_owned()));

    report(&server, 1_000..3_000, |_| json!({ "queue": "help" })).await;
    assert_eq!(labels(&server, "").await, (vec!["queue:help".to_owned()], json!(true)));
}

#[tokio::test]
async fn unknown_parameters_are_refused() {
    let server = Server::start().await;
    let path = format!("/v1/accounts/{}/labels?label=queue:sales", server.account);
    let (status, problem) = json_of(server.get(&path)).await;
    let detail = "Parameter 'label' is unknown; this route takes from, to, tz, subaccounts";
    assert_eq!((status, &problem["detail"]), (400, &json!(detail)));
}

//! The OpenAPI document: it equals the committed one and describes every route.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;

use crate::support::{Server, header};

#[tokio::test]
async fn the_served_document_equals_the_committed_one() {
    let server = Server::start().await;
    let response = server.request(Method::GET, "/openapi.json").send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, "application/json"));
    let document = response.text().await.unwrap();
    let committed = include_str!("../../../../docs/openapi.json");
    assert!(
        document.trim_end() == committed.trim_end(),
        "docs/openapi.json is out of date; regenerate it with\n\
         cargo run --package ringback-server -- openapi > docs/openapi.json"
    );
}

/// The routes of both APIs with the names of their parameters, read from the router's debug output.
fn routes(router: &axum::Router) -> BTreeSet<String> {
    let inside = format!("{router:?}");
    let quoted = inside.split('"').skip(1).step_by(2);
    let of_apis = |path: &&str| ["/2010-04-01/Accounts", "/v1/"].iter().any(|api| path.starts_with(api));
    quoted.filter(of_apis).filter(|path| !path.contains("__private") && *path != "/v1/").map(str::to_owned).collect()
}

#[tokio::test]
async fn every_route_is_described_with_every_verb() {
    let server = Server::start().await;
    let document = serde_json::to_value(ringback_server::openapi::document()).unwrap();
    let described: BTreeMap<&str, BTreeSet<String>> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, item)| (path.as_str(), item.as_object().unwrap().keys().map(|verb| verb.to_uppercase()).collect()))
        .collect();
    let routes = routes(&ringback_server::router::router(server.app.clone()));
    assert!(routes.len() >= 12, "the router's debug output has another form: {routes:?}");
    for route in &routes {
        assert!(described.contains_key(route.as_str()), "{route} is not described");
    }
    for (path, mut verbs) in described {
        let known = routes.contains(path) || routes.contains(path.trim_end_matches(".json").trim_end_matches(".xml"));
        assert!(known, "{path} is described, but there is no such route");
        let request = server.request(Method::from_bytes(b"BREW").unwrap(), &path.replace(['{', '}'], ""));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 405, "{path}");
        if verbs.contains("GET") {
            verbs.insert("HEAD".to_owned());
        }
        let allowed: BTreeSet<_> = header(&response, "allow").split(',').map(|verb| verb.trim().to_owned()).collect();
        assert_eq!(allowed, verbs, "{path}");
    }
}

#[test]
fn every_operation_has_a_summary_parameters_and_security() {
    let document = serde_json::to_value(ringback_server::openapi::document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let tags: BTreeSet<_> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            let place = format!("{verb} {path}");
            for member in ["summary", "operationId", "responses", "security"] {
                assert!(!operation[member].is_null(), "{place} has no {member}");
            }
            assert!(
                ids.insert(operation["operationId"].as_str().unwrap().to_owned()),
                "{place}: its operationId is not unique"
            );
            assert!(tags.contains(operation["tags"][0].as_str().unwrap()), "{place} has no known tag");
            let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
            let in_path = parameters.iter().filter(|parameter| parameter["in"] == "path");
            let named: BTreeSet<_> = in_path.map(|parameter| parameter["name"].as_str().unwrap()).collect();
            let in_template: BTreeSet<_> = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
            assert_eq!(named, in_template, "{place}");
            for parameter in parameters {
                assert!(parameter["description"].is_string(), "{place}: {} has no description", parameter["name"]);
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                let content = response["content"].as_object();
                assert!(status == "204" || content.is_some(), "{place} {status} has no body");
            }
        }
    }
}

#[tokio::test]
async fn the_page_shows_every_operation_and_has_no_script() {
    let server = Server::start().await;
    let response = server.request(Method::GET, "/docs").send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, "text/html; charset=utf-8"));
    let policy = header(&response, "content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
    let page = response.text().await.unwrap();
    assert!(!page.contains("<script") && !page.contains("style="), "the policy forbids both");
    let document = serde_json::to_value(ringback_server::openapi::document()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            let shown = page.replace("<wbr>", "").contains(&format!("<code class=\"path\">{path}</code>"));
            assert!(shown, "{verb} {path} is not shown");
            let id = operation["operationId"].as_str().unwrap();
            let in_full =
                path.starts_with("/v1") || path.rsplit_once('.').is_some_and(|(_, extension)| extension == "json");
            assert_eq!(page.contains(&format!("<details id=\"{id}\">")), in_full, "{id}");
        }
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("<article id=\"type-{name}\">")), "{name}");
    }
    // Readers copy the commands verbatim.
    let rate = "curl &quot;{url}/2010-04-01/Accounts/$ACCOUNT_SID/Calls/a84b4c76e66710@pc33.example.com/Feedback.json&quot; \\\n  \
                -u &quot;$ACCOUNT_SID:$AUTH_TOKEN&quot; \\\n  -d &quot;QualityScore=4&quot;";
    assert!(page.contains(&rate.replace("{url}", &server.url)), "{page}");
    let style = server.request(Method::GET, "/docs.css").send().await.unwrap();
    assert_eq!(header(&style, "content-type"), "text/css; charset=utf-8");
    assert!(style.text().await.unwrap().contains("--accent"));
}

use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use ringback_api::CallSid;
use serde_json::json;

use crate::support::{AUTH_TOKEN, Server, header, json_of};

const START: &str = "2026-03-15T11:50:00Z";

#[tokio::test]
async fn a_rating_is_created_read_and_replaced() {
    let server = Server::start().await;
    let sid = server.call(1, START).await;
    let path = server.feedback(sid);

    let form = [("QualityScore", "2"), ("Issue", "one-way-audio"), ("Issue", "dropped-call")];
    let created = json!({
        "account_sid": server.account, "sid": sid, "quality_score": 2, "issues": ["dropped-call", "one-way-audio"],
        "date_created": "Sun, 15 Mar 2026 12:00:00 +0000", "date_updated": "Sun, 15 Mar 2026 12:00:00 +0000",
    });
    assert_eq!(json_of(server.post(&path).form(&form)).await, (201, created.clone()));
    assert_eq!(json_of(server.get(&path)).await, (200, created.clone()));

    // An identical rating changes nothing; a different one replaces score and issues.
    server.clock.advance(SignedDuration::from_mins(5));
    assert_eq!(json_of(server.post(&path).form(&form)).await, (200, created));
    let (status, replaced) = json_of(server.post(&path).form(&[("QualityScore", "5")])).await;
    assert_eq!((status, &replaced["quality_score"], &replaced["issues"]), (200, &json!(5), &json!([])));
    assert_eq!(replaced["date_created"], "Sun, 15 Mar 2026 12:00:00 +0000");
    assert_eq!(replaced["date_updated"], "Sun, 15 Mar 2026 12:05:00 +0000");
    assert_eq!(server.ratings().await, 1);
}

#[tokio::test]
async fn a_late_retry_never_undoes_a_newer_choice() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, START).await);
    let rate = async |score: &str, revision: &str| {
        let form = [("QualityScore", score), ("Revision", revision)];
        let response = server.post(&path).form(&form).send().await.unwrap();
        let (status, stored) = (response.status().as_u16(), header(&response, "ringback-revision").to_owned());
        let body: serde_json::Value = response.json().await.unwrap();
        (status, body["quality_score"].as_u64().unwrap(), stored)
    };
    assert_eq!(rate("1", "3").await, (201, 1, "3".into()));
    assert_eq!(rate("5", "2").await, (200, 1, "3".into()), "an older revision is acknowledged with the stored rating");
    assert_eq!(rate("4", "3").await, (200, 4, "3".into()), "of equal revisions, the last one counts");
    assert_eq!(rate("2", "4").await, (200, 2, "4".into()));
}

#[tokio::test]
async fn xml_is_the_default_and_has_its_own_extension() {
    let server = Server::start().await;
    let sid = server.call(1, START).await;
    let json_path = server.feedback(sid);
    json_of(server.post(&json_path).form(&[("QualityScore", "4"), ("Issue", "dropped-call")])).await;
    let path = json_path.strip_suffix(".json").unwrap();
    let expected = format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><Feedback><Sid>{sid}</Sid>\
         <AccountSid>{}</AccountSid><QualityScore>4</QualityScore><Issues><Issue>dropped-call</Issue></Issues>\
         <DateCreated>Sun, 15 Mar 2026 12:00:00 +0000</DateCreated>\
         <DateUpdated>Sun, 15 Mar 2026 12:00:00 +0000</DateUpdated></Feedback></TwilioResponse>",
        server.account
    );
    for xml_path in [path.to_owned(), format!("{path}.xml")] {
        let response = server.get(&xml_path).send().await.unwrap();
        assert_eq!(header(&response, "content-type"), "application/xml; charset=utf-8");
        assert_eq!(response.text().await.unwrap(), expected);
    }
    let response = server.get(path).header("accept", "application/json").send().await.unwrap();
    assert_eq!(header(&response, "content-type"), "application/json; charset=utf-8");
}

#[tokio::test]
async fn a_foreign_call_id_works_in_place_of_a_call_sid() {
    let server = Server::start().await;
    let calls = format!("/v1/accounts/{}/calls", server.account);
    let call = json!({ "call": "a/b c@10.0.0.1", "started_at": START });
    let (_, recorded) = json_of(server.post(&calls).json(&call)).await;
    let by_name = server.feedback("a%2Fb%20c%4010.0.0.1");
    let (status, rated) = json_of(server.post(&by_name).form(&[("QualityScore", "4")])).await;
    assert_eq!((status, &rated["sid"]), (201, &recorded["sid"]));
    let by_sid = server.feedback(recorded["sid"].as_str().unwrap());
    assert_eq!(json_of(server.get(&by_sid)).await, (200, rated));
}

#[tokio::test]
async fn a_call_without_feedback_and_an_unknown_call_are_404() {
    let server = Server::start().await;
    let known = server.feedback(server.call(1, START).await);
    let unknown = server.feedback(CallSid::from_bytes([9; 16]));
    assert_eq!(json_of(server.get(&known)).await.0, 404);
    assert_eq!(json_of(server.get(&unknown)).await.0, 404);
    let (status, body) = json_of(server.post(&unknown).form(&[("QualityScore", "5")])).await;
    let message = format!("The requested resource {unknown} was not found");
    let more_info = "https://www.twilio.com/docs/errors/20404";
    assert_eq!(
        (status, body),
        (404, json!({ "code": 20404, "message": message, "more_info": more_info, "status": 404 }))
    );
    assert_eq!(server.ratings().await, 0);
}

#[tokio::test]
async fn other_accounts_get_404_for_calls_that_exist() {
    let server = Server::start().await;
    let sid = server.call(1, START).await;
    for (user, token) in
        [(server.subaccount, crate::support::SUBACCOUNT_TOKEN), (server.stranger, crate::support::STRANGER_TOKEN)]
    {
        let request = server.request(Method::POST, &server.feedback(sid)).basic_auth(user, Some(token));
        assert_eq!(json_of(request.form(&[("QualityScore", "1")])).await.0, 404);
    }
    // A parent reaches its subaccount.
    let calls = format!("/v1/accounts/{}/calls", server.subaccount);
    let call = json!({ "sid": CallSid::from_bytes([5; 16]), "started_at": START });
    assert_eq!(json_of(server.post(&calls).json(&call)).await.0, 200);
    let path = server
        .feedback(CallSid::from_bytes([5; 16]))
        .replace(&server.account.to_string(), &server.subaccount.to_string());
    assert_eq!(json_of(server.post(&path).form(&[("QualityScore", "1")])).await.0, 201);
    assert_eq!(server.ratings().await, 1);
}

#[tokio::test]
async fn api_keys_need_the_right_scope() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, START).await);
    for (scopes, post, get) in
        [("mint", 403, 403), ("read", 403, 404), ("ingest", 201, 403), ("ingest,read", 200, 200), ("admin", 200, 200)]
    {
        let (sid, secret) = server.key(scopes).await;
        let request = |method| server.request(method, &path).basic_auth(sid, Some(&secret));
        let (status, body) = json_of(request(Method::POST).form(&[("QualityScore", "1")])).await;
        assert_eq!(status, post, "{scopes}");
        if status == 403 {
            assert_eq!(
                (&body["code"], &body["message"]),
                (&json!(20006), &json!("These credentials lack the scope ingest"))
            );
        }
        assert_eq!(json_of(request(Method::GET)).await.0, get, "{scopes}");
    }
}

#[tokio::test]
async fn cors_allows_any_origin_but_no_cookies() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, START).await);
    let preflight = server
        .request(Method::OPTIONS, &path)
        .header("origin", "https://phone.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status(), StatusCode::OK);
    assert_eq!(header(&preflight, "access-control-allow-origin"), "*");
    assert_eq!(header(&preflight, "access-control-allow-headers"), "authorization,content-type");
    let response = server
        .request(Method::POST, &path)
        .header("origin", "https://phone.example")
        .basic_auth(server.account, Some(AUTH_TOKEN))
        .form(&[("QualityScore", "5")])
        .send()
        .await
        .unwrap();
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert_eq!(header(&response, "access-control-allow-credentials"), "");
    assert!(header(&response, "access-control-expose-headers").contains("retry-after"));
}

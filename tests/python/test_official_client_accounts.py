"""Further features of Twilio's Python client for the two resources: subaccounts, API keys, every issue and parameter,
and a connection that survives every error."""

import json
import unittest
import urllib.request
from base64 import b64encode
from datetime import date

from twilio.rest import Client

from test_official_client import ACCOUNT_SID, AUTH_TOKEN, ENDPOINT, OfficialClient, call_sids, client, finished, report_call

ISSUES = [
    "imperfect-audio",
    "dropped-call",
    "incorrect-caller-id",
    "post-dial-delay",
    "digits-not-captured",
    "unsolicited-call",
    "audio-latency",
    "one-way-audio",
]


def post(path, body, user=ACCOUNT_SID, secret=AUTH_TOKEN):
    credentials = b64encode(f"{user}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{ENDPOINT}/v1/accounts/{path}", data=json.dumps(body).encode(), headers=headers)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def client_of(user, secret, account_sid):
    client = Client(user, secret, account_sid)
    client.api.base_url = ENDPOINT
    return client


class Parameters(OfficialClient):
    def test_every_score_and_every_issue(self):
        sid = report_call()
        for score in range(1, 6):
            for issues in ([], *([issue] for issue in ISSUES), ISSUES):
                rated = self.feedback(sid).update(quality_score=score, issue=issues)
                self.assertEqual((rated.quality_score, rated.issues), (score, issues))
        self.assertEqual(self.feedback(sid).fetch().issues, ISSUES)

    def test_every_parameter_of_a_summary(self):
        for subaccounts in (True, False):
            for method in ("GET", "POST"):
                created = client().calls.feedback_summaries.create(
                    start_date=date(2016, 2, 29),
                    end_date=date(2016, 2, 29),
                    include_subaccounts=subaccounts,
                    # No one receives this callback. The summary completes all the same.
                    status_callback="https://callbacks.invalid/done?a=b",
                    status_callback_method=method,
                )
                self.assertEqual(finished(created.sid).include_subaccounts, subaccounts)
                self.assertTrue(client().calls.feedback_summaries(created.sid).delete())

    def test_one_connection_survives_every_error(self):
        one = client()
        sid = report_call()
        summaries = one.calls.feedback_summaries
        for _ in range(20):
            self.assertEqual(one.calls(sid).feedback().update(quality_score=4).quality_score, 4)
            self.assert_refused(400, 20001, lambda: one.calls(sid).feedback().update(quality_score=0))
            self.assert_refused(404, 20404, one.calls(next(call_sids)).feedback().fetch)
            self.assert_refused(404, 20404, summaries("FS" + "0" * 32).delete)
            self.assert_refused(
                413, 20001, lambda: one.calls(sid).feedback().update(quality_score=4, issue=["dropped-call"] * 6000)
            )
            self.assert_refused(
                400, 20001, lambda: summaries.create(start_date="2014-02-31", end_date="2014-03-01")
            )
            created = summaries.create(start_date=date(2015, 1, 1), end_date=date(2015, 1, 1))
            finished(created.sid)
            self.assertTrue(summaries(created.sid).delete())


class Accounts(OfficialClient):
    @classmethod
    def setUpClass(cls):
        cls.subaccount = post(f"{ACCOUNT_SID}/subaccounts", {"name": "Sales"})
        cls.sid, cls.token = cls.subaccount["sid"], cls.subaccount["auth_token"]

    def report(self):
        sid = next(call_sids)
        post(f"{self.sid}/calls", {"sid": sid, "started_at": "2017-05-01T12:00:00Z"}, self.sid, self.token)
        return sid

    def test_a_subaccount_reaches_itself_and_its_parent_reaches_it(self):
        sid = self.report()
        own = client_of(self.sid, self.token, self.sid)
        parent = client_of(ACCOUNT_SID, AUTH_TOKEN, self.sid)
        self.assertEqual(own.calls(sid).feedback().update(quality_score=2).account_sid, self.sid)
        self.assertEqual(parent.calls(sid).feedback().fetch().quality_score, 2)
        self.assertEqual(parent.calls(sid).feedback().update(quality_score=3).quality_score, 3)
        upwards = client_of(self.sid, self.token, ACCOUNT_SID)
        self.assert_refused(404, 20404, upwards.calls(report_call()).feedback().fetch)
        self.assert_refused(
            404, 20404, lambda: upwards.calls.feedback_summaries.create(start_date="2017-05-01", end_date="2017-05-01")
        )

    def test_a_summary_counts_subaccounts_on_request(self):
        client_of(self.sid, self.token, self.sid).calls(self.report()).feedback().update(quality_score=1)
        counts = []
        for included in (False, True):
            day = date(2017, 5, 1)
            made = client().calls.feedback_summaries.create(start_date=day, end_date=day, include_subaccounts=included)
            counts.append(finished(made.sid).call_feedback_count)
        self.assertGreater(counts[1], counts[0])

    def test_an_api_key_can_do_what_its_scopes_permit(self):
        keys = {}
        for scope in ("ingest", "read", "mint"):
            key = post(f"{ACCOUNT_SID}/api-keys", {"scopes": [scope]})
            keys[scope] = client_of(key["sid"], key["secret"], ACCOUNT_SID)
        sid = report_call()
        self.assertEqual(keys["ingest"].calls(sid).feedback().update(quality_score=5).quality_score, 5)
        self.assertEqual(keys["read"].calls(sid).feedback().fetch().quality_score, 5)
        self.assert_refused(403, 20006, keys["ingest"].calls(sid).feedback().fetch)
        self.assert_refused(403, 20006, lambda: keys["read"].calls(sid).feedback().update(quality_score=1))
        self.assert_refused(403, 20006, keys["mint"].calls(sid).feedback().fetch)
        made = keys["read"].calls.feedback_summaries.create(start_date="2015-01-01", end_date="2015-01-01")
        finished(made.sid)
        self.assertTrue(keys["read"].calls.feedback_summaries(made.sid).delete())
        wrong = client_of("SK" + "0" * 32, "secret", ACCOUNT_SID)
        self.assert_refused(401, 20003, wrong.calls(sid).feedback().fetch)
        self.assertEqual(client().calls(sid).feedback().fetch().quality_score, 5)


if __name__ == "__main__":
    unittest.main()

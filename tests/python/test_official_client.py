"""Twilio's Python client, used as in existing code. Only the base URL is changed."""

import itertools
import json
import os
import time
import unittest
import urllib.request
from base64 import b64encode
from datetime import date, timezone

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

ENDPOINT = os.environ["RINGBACK_TEST_ENDPOINT"]
ACCOUNT_SID = os.environ["RINGBACK_TEST_ACCOUNT_SID"]
AUTH_TOKEN = os.environ["RINGBACK_TEST_AUTH_TOKEN"]

call_sids = (f"CA{number:032x}" for number in itertools.count(0xC11E))


def client(auth_token=AUTH_TOKEN):
    client = Client(ACCOUNT_SID, auth_token)
    client.api.base_url = ENDPOINT
    return client


def report_call(started_at="2015-08-20T21:45:46Z"):
    """Reports a call, as a phone system would, and returns its sid."""
    sid = next(call_sids)
    credentials = b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
    request = urllib.request.Request(
        f"{ENDPOINT}/v1/accounts/{ACCOUNT_SID}/calls",
        data=json.dumps({"sid": sid, "started_at": started_at, "direction": "inbound"}).encode(),
        headers={"Authorization": f"Basic {credentials}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        assert 200 <= response.status < 300, response.read()
    return sid


def finished(sid):
    """Waits until the server has completed the summary, and returns it."""
    for _ in range(600):
        summary = client().calls.feedback_summaries(sid).fetch()
        if summary.status not in ("queued", "in-progress"):
            return summary
        time.sleep(0.05)
    raise AssertionError(f"{sid} is still {summary.status}")


class OfficialClient(unittest.TestCase):
    def assert_refused(self, status, code, request):
        with self.assertRaises(TwilioRestException) as caught:
            request()
        self.assertEqual((caught.exception.status, caught.exception.code), (status, code), caught.exception.msg)
        return caught.exception

    def feedback(self, sid, **options):
        return client(**options).calls(sid).feedback()


class Feedback(OfficialClient):
    def test_a_call_is_rated_with_two_issues_and_read_back(self):
        sid = report_call()
        rated = self.feedback(sid).update(quality_score=3, issue=["one-way-audio", "imperfect-audio"])
        read = self.feedback(sid).fetch()
        for feedback in (rated, read):
            self.assertEqual(feedback.sid, sid)
            self.assertEqual(feedback.account_sid, ACCOUNT_SID)
            self.assertEqual(feedback.quality_score, 3)
            self.assertEqual(feedback.issues, ["imperfect-audio", "one-way-audio"])
            self.assertEqual(feedback.date_created.tzinfo, timezone.utc)
            self.assertLessEqual(feedback.date_created, feedback.date_updated)

    def test_a_second_rating_replaces_the_first_as_a_whole(self):
        sid = report_call()
        self.feedback(sid).update(quality_score=1, issue=["dropped-call"])
        self.feedback(sid).update(quality_score=5)
        read = self.feedback(sid).fetch()
        self.assertEqual((read.quality_score, read.issues), (5, []))

    def test_an_unknown_call_is_not_found(self):
        sid = next(call_sids)
        error = self.assert_refused(404, 20404, self.feedback(sid).fetch)
        self.assertIn(f"/2010-04-01/Accounts/{ACCOUNT_SID}/Calls/{sid}/Feedback.json was not found", error.msg)
        self.assert_refused(404, 20404, lambda: self.feedback(sid).update(quality_score=4))

    def test_a_call_without_a_rating_is_not_found(self):
        self.assert_refused(404, 20404, self.feedback(report_call()).fetch)

    def test_a_score_of_six_is_refused_and_nothing_is_stored(self):
        sid = report_call()
        error = self.assert_refused(400, 20001, lambda: self.feedback(sid).update(quality_score=6))
        self.assertIn("QualityScore", error.msg)
        self.assert_refused(404, 20404, self.feedback(sid).fetch)

    def test_an_unknown_issue_is_refused(self):
        sid = report_call()
        request = lambda: self.feedback(sid).update(quality_score=2, issue=["dtmf-not-captured"])
        self.assertIn("dtmf-not-captured", self.assert_refused(400, 20001, request).msg)

    def test_a_wrong_token_is_refused(self):
        sid = report_call()
        self.assert_refused(401, 20003, self.feedback(sid, auth_token="0" * 32).fetch)


class FeedbackSummary(OfficialClient):
    DAY = date(2015, 8, 19)

    def test_a_summary_is_created_fetched_and_deleted(self):
        for score, issues in ((5, []), (4, ["audio-latency"]), (2, ["audio-latency", "dropped-call"])):
            self.feedback(report_call("2015-08-19T12:00:00Z")).update(quality_score=score, issue=issues)
        report_call("2015-08-19T23:59:59Z")
        report_call("2015-08-20T00:00:00Z")

        created = client().calls.feedback_summaries.create(
            start_date=self.DAY, end_date=self.DAY, include_subaccounts=False
        )
        self.assertRegex(created.sid, "^FS[0-9a-f]{32}$")
        self.assertEqual((created.status, created.call_count, created.issues), ("queued", None, []))
        summary = finished(created.sid)
        self.assertEqual((summary.sid, summary.account_sid), (created.sid, ACCOUNT_SID))
        self.assertEqual((summary.start_date, summary.end_date), (self.DAY, self.DAY))
        self.assertEqual((summary.include_subaccounts, summary.status), (False, "completed"))
        self.assertEqual((summary.call_count, summary.call_feedback_count), (4, 3))
        self.assertAlmostEqual(float(summary.quality_score_average), 11 / 3, places=12)
        self.assertEqual(float(summary.quality_score_median), 4.0)
        self.assertAlmostEqual(float(summary.quality_score_standard_deviation), (14 / 9) ** 0.5, places=12)
        self.assertEqual(
            summary.issues,
            [
                {"count": 1, "description": "dropped-call", "percentage_of_total_calls": "25.0%"},
                {"count": 2, "description": "audio-latency", "percentage_of_total_calls": "50.0%"},
            ],
        )

        self.assertTrue(client().calls.feedback_summaries(created.sid).delete())
        self.assert_refused(404, 20404, client().calls.feedback_summaries(created.sid).fetch)

    def test_an_end_before_the_start_is_refused(self):
        request = lambda: client().calls.feedback_summaries.create(
            start_date=date(2015, 8, 20), end_date=date(2015, 8, 19)
        )
        self.assertIn("EndDate", self.assert_refused(400, 20001, request).msg)

"""Twilio's Python client requests status callbacks, and its own validator accepts their signatures."""

import queue
import threading
import unittest
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator

import test_official_client as official


class Receiver(ThreadingHTTPServer):
    """Puts method, URL, signature and body of every request into `seen`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen = queue.Queue()
        self.origin = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def receive(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        url = self.server.origin + self.path
        self.server.seen.put((self.command, url, self.headers["X-Twilio-Signature"], body))
        self.send_response(204)
        self.end_headers()

    do_GET = do_POST = receive

    def log_message(self, *_):
        pass


class StatusCallback(unittest.TestCase):
    def setUp(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)

    def callback(self, path, **options):
        """Creates a summary; returns the expected parameters of its callback and the request that arrives."""
        day = date(2016, 2, 29)
        summary = official.client().calls.feedback_summaries.create(
            start_date=day, end_date=day, status_callback=self.receiver.origin + path, **options
        )
        uri = f"/2010-04-01/Accounts/{official.ACCOUNT_SID}/Calls/FeedbackSummary/{summary.sid}.json"
        expected = {
            "AccountSid": official.ACCOUNT_SID,
            "FeedbackSummarySid": summary.sid,
            "Status": "completed",
            "ResourceUri": uri,
        }
        return expected, self.receiver.seen.get(timeout=60)

    def assert_valid(self, url, parameters, signature):
        self.assertTrue(RequestValidator(official.AUTH_TOKEN).validate(url, parameters, signature))
        self.assertFalse(RequestValidator("f" * 32).validate(url, parameters, signature))
        self.assertFalse(RequestValidator(official.AUTH_TOKEN).validate(f"{url}x", parameters, signature))

    def test_a_post_is_valid(self):
        for options in ({}, {"status_callback_method": "POST"}):
            expected, (method, url, signature, body) = self.callback("/ended?shop=7&b=%2f", **options)
            self.assertEqual((method, url), ("POST", f"{self.receiver.origin}/ended?shop=7&b=%2f"))
            parameters = dict(parse_qsl(body))
            self.assertEqual(parameters, expected)
            self.assert_valid(url, parameters, signature)

    def test_a_get_is_valid(self):
        for path, own in (("/ended", {}), ("/ended?shop=7&b=%2f", {"shop": "7", "b": "/"})):
            expected, (method, url, signature, body) = self.callback(path, status_callback_method="GET")
            self.assertEqual((method, body), ("GET", ""))
            self.assertEqual(dict(parse_qsl(urlsplit(url).query)), {**own, **expected})
            self.assert_valid(url, {}, signature)

"""Validates the server's OpenAPI 3.1 document, compares the server with it, and prints how many operations passed.

An operation fails if a check of schemathesis fails, if it got fewer than MIN_CASES requests, or if none of them
succeeded.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from base64 import b64encode
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

HERE = Path(__file__).resolve().parent
ENDPOINT = os.environ["RINGBACK_TEST_ENDPOINT"]
ACCOUNT = os.environ["RINGBACK_TEST_ACCOUNT_SID"]
AUTH_TOKEN = os.environ["RINGBACK_TEST_AUTH_TOKEN"]
MIN_CASES = 50
SUMMARIES = 600
KEYS = 200
# Operations that cannot succeed here, with the reason.
WITHOUT_SUCCESS = {
    "signIn": "a generated body does not contain the account's secret",
}
# Operations that schemathesis.toml disables, which gives the reasons.
DISABLED = {"followFeedback"}


def request(method, path, body=None, content_type="application/x-www-form-urlencoded"):
    credentials = b64encode(f"{ACCOUNT}:{AUTH_TOKEN}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": content_type}
    outgoing = urllib.request.Request(ENDPOINT + path, method=method, headers=headers, data=body and body.encode())
    with urllib.request.urlopen(outgoing) as response:
        text = response.read()
    return json.loads(text) if text else None


def seed():
    """Creates rated calls, a summary and a key to read, and further summaries and keys to delete."""
    calls = [f"CA{number:032x}" for number in range(1, 9)]
    lines = "\n".join(json.dumps({"sid": sid, "started_at": "2026-03-01T09:30:00Z"}) for sid in calls)
    request("POST", f"/v1/accounts/{ACCOUNT}/calls", lines, "application/x-ndjson")
    account = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"
    for sid in calls:
        request("POST", f"{account}/{sid}/Feedback.json", "QualityScore=4&Issue=dropped-call")
    days = urllib.parse.urlencode({"StartDate": "2026-03-01", "EndDate": "2026-03-01"})
    summaries = [request("POST", f"{account}/FeedbackSummary.json", days)["sid"] for _ in range(SUMMARIES)]
    while request("GET", f"{account}/FeedbackSummary/{summaries[-1]}.json")["status"] != "completed":
        time.sleep(0.05)
    keys = f"/v1/accounts/{ACCOUNT}/api-keys"
    keys = [request("POST", keys, '{"scopes": ["read"]}', "application/json")["sid"] for _ in range(KEYS)]
    return {
        "account": ACCOUNT,
        "calls": calls,
        "summary": summaries.pop(0),
        "summaries": summaries,
        "key": keys.pop(0),
        "keys": keys,
    }


def operations(document):
    return {
        operation["operationId"]: (f"{verb.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for verb, operation in item.items()
    }


def takes_nothing(operation):
    """Returns True if all requests of the operation are the same."""
    return not operation.get("parameters") and "requestBody" not in operation


def main():
    document = request("GET", "/openapi.json")
    OpenAPIV31SpecValidator(document).validate()
    with tempfile.TemporaryDirectory() as folder:
        report, responses = Path(folder, "report.json"), Path(folder, "responses.json")
        environment = {
            **os.environ,
            "RINGBACK_TEST_SEEDED": json.dumps(seed()),
            "RINGBACK_TEST_RESPONSES": str(responses),
        }
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(HERE / "schemathesis.toml")),
            *("run", f"{ENDPOINT}/openapi.json", "--no-color", "--report", "json", "--report-json-path", str(report)),
        ]
        status = subprocess.run(command, env=environment, cwd=HERE, check=False).returncode
        result, counted = json.loads(report.read_text()), json.loads(responses.read_text())

    tested = {name: operation for name, operation in operations(document).items() if name not in DISABLED}
    wrong = {label for failure in result["failures"] for label in failure["operations"]}
    passed = 0
    for name, (label, operation) in sorted(tested.items(), key=lambda item: item[1][0]):
        statuses = counted.get(name, {})
        cases = sum(statuses.values())
        complaints = []
        if label in wrong:
            complaints.append("a check failed (see above)")
        wanted = 1 if takes_nothing(operation) else MIN_CASES
        if cases < wanted:
            complaints.append(f"fewer than {wanted} requests")
        if name not in WITHOUT_SUCCESS and not any(status.startswith("2") for status in statuses):
            complaints.append("no request succeeded")
        passed += not complaints
        counts = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
        print(f"{'✗' if complaints else '✓'} {label}: {cases} ({counts}) {'; '.join(complaints)}".rstrip())
    failed = len(tested) - passed
    if status != 0 and failed == 0:
        print(f"schemathesis exited with {status}")
        failed = 1
    print(f"Operations: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

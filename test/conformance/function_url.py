"""Asks a function URL, which no model describes."""

from __future__ import annotations

import json
from typing import Any

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from by_boto3 import Run


def function_url(run: Run) -> None:
    """A function URL is plain HTTP: botocore signs, urllib3 sends."""
    sandbox, url = run.sandbox, run.sandbox.world["functionUrl"]
    http = urllib3.PoolManager(retries=False)

    def ask(
        who: str, region: str = sandbox.region, service: str = "lambda", sent: str = '{"a":"ä"}'
    ) -> tuple[int, Any]:
        keys = sandbox.keys[who]
        credentials = Credentials(keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken"))
        request = AWSRequest(
            "POST", url + "decide?x=1&y=a%20b", data='{"a":"ä"}'.encode(), headers={"content-type": "application/json"}
        )
        SigV4Auth(credentials, service, region).add_auth(request)
        answer = http.request("POST", request.url, body=sent.encode(), headers=dict(request.headers))
        return answer.status, json.loads(answer.data)

    status, event = ask("source")
    run.counts["successes"] += 1
    run.check(
        status == 200 and event["body"] == '{"a":"ä"}' and event["rawQueryString"] == "x=1&y=a%20b",
        f"function URL: {status} {event}",
    )
    run.check(
        event["requestContext"]["authorizer"]["iam"]["userArn"] == "arn:aws:iam::111111111111:user/admin",
        "function URL: who asks",
    )
    others = [{"who": who} for who in ("unknown", "expired", "nobody", "destination")]
    for other in [
        *others,
        {"who": "source", "region": "eu-west-2"},
        {"who": "source", "service": "sts"},
        {"who": "source", "sent": "{}"},
    ]:
        run.counts["errors"] += 1
        status, answer = ask(**other)
        run.check(
            status == 403 and "Forbidden" in answer.get("Message", ""), f"function URL, {other}: {status} {answer}"
        )

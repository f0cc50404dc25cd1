"""Witness 2: boto3 and the AWS CLI drive the embedded AWS for every operation that the source calls."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import urllib3
from botocore import xform_name
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.model import OperationModel, Shape

import answers
import schemas
from cases import ONE_PAGE, Bad, Case, Good, Pages, cases, seed
from operations import BY_HAND, in_source
from sandbox import Sandbox

Json = dict[str, Any]

# https://docs.aws.amazon.com/awsbackup/latest/APIReference/CommonErrors.html and its like of each service: the errors that
# are not in an operation's model. `rest`, `json`, `query` as botocore names the protocols.
COMMON = {
    "rest-json": {"AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException", "ThrottlingException"},
    "json": {"AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException", "ThrottlingException", "ValidationException"},
    "query": {"AccessDenied", "InvalidClientTokenId", "ExpiredToken", "Throttling", "ValidationError"},
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: no operation's model names an error.
    "ec2": {"UnauthorizedOperation", "AuthFailure", "RequestExpired", "RequestLimitExceeded", "InvalidAMIID.NotFound", "InvalidSnapshot.NotFound"},
}
# SQS speaks JSON and keeps the codes of its Query protocol.
SQS = COMMON["query"] | {"RequestThrottled", "InvalidParameterValue", "MissingParameter"}

INVALID_TOKEN = {"rest-json": ("UnrecognizedClientException", 403), "json": ("UnrecognizedClientException", 400), "query": ("InvalidClientTokenId", 403), "ec2": ("AuthFailure", 401)}
EXPIRED_TOKEN = {"rest-json": ("ExpiredTokenException", 403), "json": ("ExpiredTokenException", 400), "query": ("ExpiredToken", 403), "ec2": ("RequestExpired", 400)}

# AWS answers so, and botocore's model says otherwise.
UNLIKE_THE_MODEL = {
    # "Name": "" of a grant without a name: https://docs.aws.amazon.com/cli/latest/reference/kms/list-grants.html#examples
    "kms:ListGrants": re.compile(r"^Invalid length for parameter Grants\[\d+\]\.Name, value: 0", re.M),
}

# Not the same from call to call.
CHANGES = ("Start", "Send", "Publish", "Assume", "Put", "Update", "Delete")


class Run:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()
        self._wire: bytes = b""
        # Codes of SQS's Query protocol: only the SDK's schemas still have them.
        errors = schemas.of_sdk(["sqs:SendMessage"])["sqs"]["errors"]
        self._sqs = {name: error["code"] for name, error in errors.items() if "code" in error}

    def check(self, holds: bool, what: str) -> None:
        if not holds:
            self.wrong.append(what)

    def operation(self, name: str, case: Case) -> None:
        service, operation = name.split(":")
        client = self.sandbox.client(service)
        model = client.meta.service_model.operation_model(operation)
        self.check(bool(case.good), f"{name}: no success is asked for")
        self.check(bool(case.bad) or case.refused is not None or operation == "GetCallerIdentity", f"{name}: no error is asked for")
        for good in case.good:
            self.good(name, model, good)
        for bad in [*case.bad, *self.refusals(case, case.good[0], self.protocol(model))]:
            self.bad(name, model, bad)
        self.throttled(name, model, case.good[0])
        paginated = client.can_paginate(xform_name(operation)) and name not in ONE_PAGE
        self.check(paginated == (case.pages is not None), f"{name}: paginated in botocore: {paginated}; here: {case.pages is not None}")
        if paginated and case.pages:
            self.pages(name, case.pages)

    def protocol(self, model: OperationModel) -> str:
        # Codes and statuses of SQS are those of the Query protocol.
        return "query" if model.service_model.service_name == "sqs" else model.service_model.resolved_protocol

    def call(self, name: str, params: Json, who: str = "source", attempts: int = 1) -> Json:
        service, operation = name.split(":")
        client = self.sandbox.client(service, who, attempts)
        client.meta.events.register("response-received", self._heard, unique_id="conformance")
        return dict(getattr(client, xform_name(operation))(**params))

    def _heard(self, response_dict: Json | None = None, **_: Any) -> None:
        self._wire = (response_dict or {}).get("body", b"")

    def good(self, name: str, model: OperationModel, good: Good) -> None:
        self.counts["successes"] += 1
        try:
            answer = self.call(name, good.params, good.who)
        except ClientError as error:
            self.wrong.append(f"{name}: {error}")
            return
        if name == "iam:GetRole":  # botocore decodes the policy; the model says that it is text
            answer_as_modelled = {**answer, "Role": {**answer["Role"], "AssumeRolePolicyDocument": "{}"}}
        else:
            answer_as_modelled = answer
        found = answers.faults(model, model.service_model.resolved_protocol, self._wire, answer_as_modelled)
        unlike = UNLIKE_THE_MODEL.get(name)
        found = [line for fault in found for line in fault.splitlines() if not (unlike and unlike.search(line))]
        self.wrong += [f"{name}: {fault}" for fault in found]
        self.check(bool(good.holds(answer)), f"{name}: not what was asked for: {answer}")

    def refusals(self, case: Case, good: Good, protocol: str) -> list[Bad]:
        invalid, expired = INVALID_TOKEN[protocol], EXPIRED_TOKEN[protocol]
        nobody = [Bad(case.refused[0], good.params, "nobody", case.refused[1])] if case.refused else []
        return [
            *nobody,
            Bad(invalid[0], good.params, "unknown", invalid[1]),
            Bad(expired[0], good.params, "expired", expired[1]),
        ]

    def code_of(self, model: OperationModel, shape: Shape) -> str:
        if model.service_model.service_name == "sqs":
            return self._sqs.get(shape.name, shape.name)
        return shape.metadata.get("error", {}).get("code") or shape.name

    def documented(self, model: OperationModel) -> set[str]:
        common = SQS if model.service_model.service_name == "sqs" else COMMON[model.service_model.resolved_protocol]
        return {self.code_of(model, shape) for shape in model.error_shapes} | common

    def bad(self, name: str, model: OperationModel, bad: Bad) -> None:
        self.counts["errors"] += 1
        what = f"{name} by {bad.who}"
        self.check(bad.code in self.documented(model), f"{what}: {bad.code} is not documented")
        try:
            answer = self.call(name, bad.params, bad.who)
        except ClientError as error:
            told = error.response
            status = told["ResponseMetadata"]["HTTPStatusCode"]
            self.check(told["Error"]["Code"] == bad.code, f"{what}: {told['Error']} instead of {bad.code}")
            self.check(status == bad.status, f"{what}: {bad.code} with status {status} instead of {bad.status}")
            self.check(bool(told["Error"].get("Message")), f"{what}: {bad.code} says nothing")
            self.check(bad.says in told["Error"].get("Message", ""), f"{what}: {told['Error']} does not say {bad.says}")
            for shape in model.error_shapes:
                if self.code_of(model, shape) == bad.code:
                    self.check(type(error).__name__ == shape.name, f"{what}: boto3 raises {type(error).__name__}, not {shape.name}")
        else:
            self.wrong.append(f"{what}: {bad.code} was expected, and the answer is {answer}")

    def throttled(self, name: str, model: OperationModel, good: Good) -> None:
        """boto3 takes the code for throttling: it tries again by itself."""
        self.counts["throttled"] += 1
        fault = {"service": model.service_model.signing_name, "operation": model.name, "throttle": True, "times": 1}
        self.sandbox.fault(**fault)
        try:
            self.call(name, good.params, good.who)
            self.wrong.append(f"{name}: not throttled")
        except ClientError as error:
            code = error.response["Error"]["Code"]
            self.check(code in self.documented(model), f"{name}: throttled by {code}, which is not documented")
        self.sandbox.fault(**fault)
        try:
            answer = self.call(name, good.params, good.who, attempts=2)
            self.check(answer["ResponseMetadata"]["RetryAttempts"] == 1, f"{name}: throttled, and not tried again")
        except ClientError as error:
            self.wrong.append(f"{name}: boto3 does not try again after {error.response['Error']}")

    def pages(self, name: str, pages: Pages) -> None:
        service, operation = name.split(":")
        paginator = self.sandbox.client(service).get_paginator(xform_name(operation))
        size = {"PageSize": pages.size} if pages.size else {}
        page = pages.size or pages.fixed
        told = list(paginator.paginate(**pages.params, PaginationConfig=size))
        self.counts["pages"] += len(told)
        sizes = [len(one[pages.items]) for one in told]
        items = [item for one in told for item in one[pages.items]]
        wanted = [page] * (pages.count // page) + ([pages.count % page] if pages.count % page else [])
        self.check([one for one in sizes if one] == wanted, f"{name}: pages of {sizes}, not {wanted}")
        self.check(len({repr(item) for item in items}) == len(items), f"{name}: an item stands on two pages")
        # In the middle of a page, and on from there.
        cut = page + 1
        first = paginator.paginate(**pages.params, PaginationConfig={**size, "MaxItems": cut}).build_full_result()
        rest = paginator.paginate(**pages.params, PaginationConfig={**size, "StartingToken": first["NextToken"]}).build_full_result()
        self.check(first[pages.items] == items[:cut] and rest[pages.items] == items[cut:], f"{name}: cut at {cut}, it does not go on")


def function_url(run: Run) -> None:
    """A function URL is plain HTTP: botocore signs, urllib3 sends."""
    sandbox, url = run.sandbox, run.sandbox.world["functionUrl"]
    http = urllib3.PoolManager(retries=False)

    def ask(who: str, region: str = sandbox.region, service: str = "lambda", sent: str = '{"a":"ä"}') -> tuple[int, Any]:
        keys = sandbox.keys[who]
        credentials = Credentials(keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken"))
        request = AWSRequest("POST", url + "decide?x=1&y=a%20b", data='{"a":"ä"}'.encode(), headers={"content-type": "application/json"})
        SigV4Auth(credentials, service, region).add_auth(request)
        answer = http.request("POST", request.url, body=sent.encode(), headers=dict(request.headers))
        return answer.status, json.loads(answer.data)

    status, event = ask("source")
    run.counts["successes"] += 1
    run.check(status == 200 and event["body"] == '{"a":"ä"}' and event["rawQueryString"] == "x=1&y=a%20b", f"function URL: {status} {event}")
    run.check(event["requestContext"]["authorizer"]["iam"]["userArn"] == "arn:aws:iam::111111111111:user/admin", "function URL: who asks")
    others = [{"who": who} for who in ("unknown", "expired", "nobody", "destination")]
    for other in [*others, {"who": "source", "region": "eu-west-2"}, {"who": "source", "service": "sts"}, {"who": "source", "sent": "{}"}]:
        run.counts["errors"] += 1
        status, answer = ask(**other)
        run.check(status == 403 and "Forbidden" in answer.get("Message", ""), f"function URL, {other}: {status} {answer}")


def plain(value: Any) -> Any:
    """As the AWS CLI prints it."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if name != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


class CommandLine:
    """The AWS CLI as a process of its own, with profiles, as a person runs it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.program = str(Path(sys.executable).parent / "aws")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | run.sandbox.environment
        self.folder = tempfile.TemporaryDirectory(prefix="conformance-")

    def ask(self, name: str, params: Json, who: str, *more: str) -> tuple[int, Any, str]:
        service, operation = name.split(":")
        with tempfile.NamedTemporaryFile("w", dir=self.folder.name, suffix=".json", delete=False) as file:
            json.dump(params, file)
        # Said twice: version 1 has an address of its own for SQS, which the environment does not change.
        endpoint = ["--endpoint-url", self.run.sandbox.endpoint]
        command = [self.program, *endpoint, "--profile", who, "--output", "json", service, xform_name(operation, "-"), "--cli-input-json", f"file://{file.name}", *more]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60)
        return done.returncode, json.loads(done.stdout) if done.stdout.strip() else {}, done.stderr.strip()

    def operation(self, name: str, case: Case) -> None:
        run, good = self.run, case.good[0]
        code, told, errors = self.ask(name, good.params, good.who)
        run.check(code == 0, f"aws {name}: exit {code}, {errors}")
        if code == 0:
            service, operation = name.split(":")
            client = run.sandbox.client(service, good.who)
            if client.can_paginate(xform_name(operation)):
                wanted = client.get_paginator(xform_name(operation)).paginate(**good.params).build_full_result()
            else:
                wanted = getattr(client, xform_name(operation))(**good.params)
            same = answers.outline if operation.startswith(CHANGES) else lambda value: value
            run.check(same(told) == same(plain(wanted)), f"aws {name}: prints {told}, and boto3 reads {plain(wanted)}")
        if case.bad:
            bad = case.bad[0]
            code, _, errors = self.ask(name, bad.params, bad.who)
            run.check(code > 0 and f"({bad.code})" in errors, f"aws {name}: exit {code}, {errors or 'no error'}, not {bad.code}")
        if case.pages:
            self.pages(name, case.pages)

    def pages(self, name: str, pages: Pages) -> None:
        size = ["--page-size", str(pages.size)] if pages.size else []
        cut = (pages.size or pages.fixed) + 1
        _, first, errors = self.ask(name, pages.params, "source", *size, "--max-items", str(cut))
        self.run.check(len(first.get(pages.items, [])) == cut and "NextToken" in first, f"aws {name} --max-items {cut}: {errors or first}")
        _, rest, errors = self.ask(name, pages.params, "source", *size, "--starting-token", first.get("NextToken", ""))
        found = first.get(pages.items, []) + rest.get(pages.items, [])
        self.run.check(len({repr(item) for item in found}) == len(found) == pages.count, f"aws {name} --starting-token: {errors or len(found)}")


def main() -> None:
    began = time.monotonic()
    wanted = in_source()
    with Sandbox() as sandbox:
        known = cases(sandbox.world)
        run = Run(sandbox)
        run.wrong += [f"{name} is called in {where}, and not asked for here" for name, where in wanted.items() if name not in known and name not in BY_HAND.values()]
        run.wrong += [f"{name} is asked for here, and nowhere in the source" for name in known if name not in wanted]
        run.wrong += [f"{name} has a reason to be one page, and no need" for name in ONE_PAGE if name not in wanted]
        seed(sandbox.client("dynamodb"))
        for name, case in known.items():
            run.operation(name, case)
        function_url(run)
        line = CommandLine(run)
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(line.operation, name, case) for name, case in known.items()]:
                done.result()
        line.folder.cleanup()
    print("\n".join(f"  {one}" for one in run.wrong))
    counts = ", ".join(f"{count} {what}" for what, count in run.counts.items())
    print(f"clients: {len(wanted)} operations by boto3 ({counts}), {len(known)} by the AWS CLI; {len(run.wrong)} differences, {time.monotonic() - began:.0f} s")
    raise SystemExit(1 if run.wrong else 0)


if __name__ == "__main__":
    main()

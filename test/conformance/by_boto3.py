"""Asks each operation by boto3, and holds the answers against botocore's models."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import OperationModel, Shape

import answers
import schemas
from cases import ONE_PAGE, Bad, Case, Good, Pages
from documented import COMMON, EXPIRED_TOKEN, INVALID_TOKEN, SQS
from sandbox import Sandbox

Json = dict[str, Any]

# AWS answers so, and botocore's model says otherwise.
UNLIKE_THE_MODEL = {
    # "Name": "" of a grant without a name: https://docs.aws.amazon.com/cli/latest/reference/kms/list-grants.html#examples
    "kms:ListGrants": re.compile(r"^Invalid length for parameter Grants\[\d+\]\.Name, value: 0", re.M),
}


class Run:
    """What boto3 finds; `wrong` has a line a difference."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()
        self._wire: bytes = b""
        # Codes of SQS's Query protocol: only the SDK's schemas still have them.
        errors = schemas.of_sdk(["sqs:SendMessage"])["sqs"]["errors"]
        self._sqs: dict[str, str] = {name: str(error["code"]) for name, error in errors.items() if "code" in error}

    def check(self, holds: bool, what: str) -> None:
        if not holds:
            self.wrong.append(what)

    def operation(self, name: str, case: Case) -> None:
        service, operation = name.split(":")
        client = self.sandbox.client(service)
        model = client.meta.service_model.operation_model(operation)
        self.check(bool(case.good), f"{name}: no success is asked for")
        self.check(
            bool(case.bad) or case.refused is not None or operation == "GetCallerIdentity",
            f"{name}: no error is asked for",
        )
        for good in case.good:
            self.good(name, model, good)
        for bad in [*case.bad, *self.refusals(case, case.good[0], self.protocol(model))]:
            self.bad(name, model, bad)
        self.throttled(name, model, case.good[0])
        paginated = client.can_paginate(xform_name(operation)) and name not in ONE_PAGE
        self.check(
            paginated == (case.pages is not None),
            f"{name}: paginated in botocore: {paginated}; here: {case.pages is not None}",
        )
        if paginated and case.pages:
            try:
                self.pages(name, case.pages)
            except ClientError as error:
                self.wrong.append(f"{name}, page by page: {error}")

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
            return self._sqs.get(str(shape.name), str(shape.name))
        return str(shape.metadata.get("error", {}).get("code") or shape.name)

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
                    self.check(
                        type(error).__name__ == shape.name,
                        f"{what}: boto3 raises {type(error).__name__}, not {shape.name}",
                    )
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
        rest = paginator.paginate(
            **pages.params, PaginationConfig={**size, "StartingToken": first["NextToken"]}
        ).build_full_result()
        self.check(
            first[pages.items] == items[:cut] and rest[pages.items] == items[cut:],
            f"{name}: cut at {cut}, it does not go on",
        )

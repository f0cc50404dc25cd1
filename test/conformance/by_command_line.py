"""Asks each operation by the AWS CLI, and holds what it prints against what boto3 reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore import xform_name

import answers
from by_boto3 import Run
from cases import Case, Pages

Json = dict[str, Any]

# Not the same from call to call.
CHANGES = ("Start", "Send", "Publish", "Assume", "Put", "Update", "Delete")


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
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("AWS_")
        } | run.sandbox.environment
        self.folder = tempfile.TemporaryDirectory(prefix="conformance-")

    def ask(self, name: str, params: Json, who: str, *more: str) -> tuple[int, Any, str]:
        service, operation = name.split(":")
        with tempfile.NamedTemporaryFile("w", dir=self.folder.name, suffix=".json", delete=False) as file:
            json.dump(params, file)
        # Said twice: version 1 has an address of its own for SQS, which the environment does not change.
        endpoint = ["--endpoint-url", self.run.sandbox.endpoint]
        command = [
            self.program,
            *endpoint,
            "--profile",
            who,
            "--output",
            "json",
            service,
            xform_name(operation, "-"),
            "--cli-input-json",
            f"file://{file.name}",
            *more,
        ]
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
            run.check(
                code > 0 and f"({bad.code})" in errors,
                f"aws {name}: exit {code}, {errors or 'no error'}, not {bad.code}",
            )
        if case.pages:
            self.pages(name, case.pages)

    def pages(self, name: str, pages: Pages) -> None:
        size = ["--page-size", str(pages.size)] if pages.size else []
        cut = (pages.size or pages.fixed) + 1
        _, first, errors = self.ask(name, pages.params, "source", *size, "--max-items", str(cut))
        self.run.check(
            len(first.get(pages.items, [])) == cut and "NextToken" in first,
            f"aws {name} --max-items {cut}: {errors or first}",
        )
        _, rest, errors = self.ask(name, pages.params, "source", *size, "--starting-token", first.get("NextToken", ""))
        found = first.get(pages.items, []) + rest.get(pages.items, [])
        self.run.check(
            len({repr(item) for item in found}) == len(found) == pages.count,
            f"aws {name} --starting-token: {errors or len(found)}",
        )

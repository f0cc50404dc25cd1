"""Witness 4b: the rules' patterns on moto's EventBridge (PutEvents, rule, SQS) and on the sandbox's own matcher."""

from __future__ import annotations

import json
import os
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-west-1"}

import boto3
from moto import mock_aws

from operations import ROOT
from templates import Template, all_files

Json = dict[str, Any]
EVENTS = Path(__file__).with_name("events")
# What PutEvents can carry of an event: a pattern that names anything else would be tried in vain.
CARRIED = {"source", "detail-type", "detail", "resources"}


def rules() -> list[tuple[str, Json]]:
    return [
        (f"{template.name} {name}", pattern)
        for template in map(Template, all_files())
        for name, rule in template.of_type("AWS::Events::Rule").items()
        if (pattern := template.value(rule["Properties"]).get("EventPattern"))
    ]


def corpus(rule: Json) -> list[tuple[str, Json, bool | None]]:
    """Events with names and, where a person has said so, whether they go through; the others two programs judge."""
    is_copy = "Copy Job State Change" in rule["detail-type"]
    text = (EVENTS / ("copy-jobs.json" if is_copy else "policy-changes.json")).read_text()
    text = text.replace("$WRITER", writer_in(rule) or "")
    rows = [(row["name"], row["event"], row["goes"]) for row in json.loads(text)]
    first = rows[0][1]
    return rows + (_states(first) if is_copy else _calls(first, writer_in(rule) or ""))


def writer_in(rule: Json) -> str | None:
    """The role whose changes the rule leaves out."""
    for one in rule["detail"].get("$or", []):
        for wanted in one["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"]:
            if "anything-but" in wanted:
                return str(wanted["anything-but"])
    return None


def _states(first: Json) -> list[tuple[str, Json, bool | None]]:
    kinds = ("Copy Job State Change", "Backup Job State Change", "Copy Job State Change ", "copy job state change", "")
    sources = ("aws.backup", "aws.backup.x", "aws.ec2", "AWS.BACKUP")
    states: tuple[Any, ...] = (
        "CREATED",
        "RUNNING",
        "COMPLETED",
        "FAILED",
        "PARTIAL",
        "EXPIRED",
        "ABORTED",
        "",
        "failed",
        None,
        0,
        True,
        ["PARTIAL"],
        ["COMPLETED", "PARTIAL"],
        {},
    )
    return [
        (
            f"{source} {kind} {state}",
            {**first, "source": source, "detail-type": kind, "detail": {**first["detail"], "state": state}},
            None,
        )
        for source, kind, state in product(sources, kinds, states)
        if source and kind
    ]


def _calls(first: Json, writer: str) -> list[tuple[str, Json, bool | None]]:
    names = ("PutBackupVaultAccessPolicy", "DeleteBackupVaultAccessPolicy", "PutBackupVaultLockConfiguration", None)
    failures: tuple[Json, ...] = ({}, {"errorCode": "AccessDenied"}, {"errorCode": None}, {"errorMessage": "x"})
    issuers: tuple[Json, ...] = (
        {},
        {"sessionContext": {"sessionIssuer": {"arn": writer}}},
        {"sessionContext": {"sessionIssuer": {"arn": writer.upper()}}},
        {"sessionContext": {"sessionIssuer": {}}},
        {"sessionContext": None},
    )
    return [
        (
            f"{name} {failure} {issuer}",
            {**first, "detail": {**first["detail"], "eventName": name, **failure, "userIdentity": issuer}},
            None,
        )
        for name, failure, issuer in product(names, failures, issuers)
    ]


def by_moto(pattern: Json, events: list[Json]) -> list[bool]:
    """Every event is put; what the rule lets through lies in the queue, with the number that it was given."""
    with mock_aws():
        sqs, bus = boto3.client("sqs"), boto3.client("events")
        url = sqs.create_queue(QueueName="failures")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        bus.put_rule(Name="rule", EventPattern=json.dumps(pattern))
        bus.put_targets(Rule="rule", Targets=[{"Id": "queue", "Arn": arn}])
        numbers: dict[str, int] = {}
        for number, event in enumerate(events):
            entry = {
                "Source": event["source"],
                "DetailType": event["detail-type"],
                "Detail": json.dumps(event["detail"]),
                "Resources": event["resources"],
            }
            answer = bus.put_events(Entries=[entry])
            if answer["FailedEntryCount"]:
                raise SystemExit(f"moto does not take {entry}: {answer['Entries']}")
            numbers[answer["Entries"][0]["EventId"]] = number
        through: set[int] = set()
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                through.add(numbers[json.loads(message["Body"])["id"]])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [number in through for number in range(len(events))]


def by_sandbox(pattern: Json, events: list[Json]) -> list[bool]:
    command = ["node_modules/.bin/tsx", "test/conformance/match-events.ts"]
    asked = json.dumps({"pattern": pattern, "events": events})
    return list(
        json.loads(subprocess.run(command, cwd=ROOT, input=asked, check=True, capture_output=True, text=True).stdout)
    )


def main() -> None:
    found = rules()
    wrong = [] if found else ["no rule has a pattern"]
    compared = labelled = through = 0
    for name, pattern in found:
        if not set(pattern) <= CARRIED:
            wrong.append(f"{name}: PutEvents carries none of {sorted(set(pattern) - CARRIED)}")
            continue
        rows = corpus(pattern)
        events = [event for _, event, _ in rows]
        for (what, _, goes), moto, sandbox in zip(
            rows, by_moto(pattern, events), by_sandbox(pattern, events), strict=True
        ):
            compared, labelled, through = compared + 1, labelled + (goes is not None), through + moto
            if len({moto, sandbox, moto if goes is None else goes}) > 1:
                wrong.append(
                    f"{name}: {what}: moto {moto}, the sandbox {sandbox}"
                    + ("" if goes is None else f", should be {goes}")
                )
    for one in wrong:
        print(f"  {one}")
    print(
        f"event patterns: {len(found)} rules, {compared} events ({labelled} judged by hand), {through} go through; {len(wrong)} differences"
    )
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()

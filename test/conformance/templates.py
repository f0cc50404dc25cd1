"""Reads synthesized templates: what their intrinsic functions give, as far as policies and patterns need it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from operations import ROOT

Json = dict[str, Any]

# What `run.sh` synthesizes, and what `cdk synth` writes beside it.
FILES = ("dist/conformance/*/*.template.json", "dist/*.template.json")

PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::AccountId": "111111111111",
    "AWS::Region": "eu-west-1",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "CopyDoctor",
    "AWS::StackId": "arn:aws:cloudformation:eu-west-1:111111111111:stack/CopyDoctor/00000000-0000-4000-8000-000000000000",
}
# An attribute that is not an ARN has no place in a policy here.
ARNS = {
    "AWS::SQS::Queue": "arn:aws:sqs:eu-west-1:111111111111:{id}",
    "AWS::SNS::Topic": "arn:aws:sns:eu-west-1:111111111111:{id}",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:eu-west-1:111111111111:table/{id}",
    "AWS::KMS::Key": "arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-4000-8000-000000000000",
    "AWS::IAM::Role": "arn:aws:iam::111111111111:role/{id}",
    "AWS::Lambda::Function": "arn:aws:lambda:eu-west-1:111111111111:function:{id}",
    "AWS::Events::Rule": "arn:aws:events:eu-west-1:111111111111:rule/{id}",
    "AWS::Logs::LogGroup": "arn:aws:logs:eu-west-1:111111111111:log-group:{id}:*",
}
NO_VALUE = object()


def all_files() -> list[Path]:
    return sorted(path for pattern in FILES for path in ROOT.glob(pattern))


class Template:
    def __init__(self, path: Path, parameters: dict[str, str] | None = None) -> None:
        self.name = str(path.relative_to(ROOT / "dist"))
        self.document: Json = json.loads(path.read_text())
        self.resources: Json = self.document["Resources"]
        self._given = parameters or {}

    def of_type(self, kind: str) -> dict[str, Json]:
        return {name: one for name, one in self.resources.items() if one["Type"] == kind}

    def value(self, node: Any) -> Any:
        """With every intrinsic function answered; a branch that depends on a condition is taken where it says most."""
        if isinstance(node, list):
            return [one for one in map(self.value, node) if one is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name == "Ref":
                return self._ref(argument)
            if name == "Fn::GetAtt":
                return self._attribute(*(argument if isinstance(argument, list) else argument.split(".", 1)))
            if name == "Fn::Sub":
                return re.sub(r"\$\{([^}!]+)\}", lambda found: str(self._named(found[1])), argument)
            if name == "Fn::Join":
                parts = self.value(argument[1])
                return argument[0].join(map(str, parts)) if isinstance(parts, list) else parts
            if name == "Fn::Split":
                return str(self.value(argument[1])).split(argument[0])
            if name == "Fn::Select":
                return self.value(argument[1])[int(argument[0])]
            if name == "Fn::If":
                options = [one for one in (self.value(argument[1]), self.value(argument[2])) if one is not NO_VALUE]
                return max(options, key=lambda one: len(json.dumps(one))) if options else NO_VALUE
            if name.startswith("Fn::"):
                raise SystemExit(f"{self.name}: {name} is not known here")
        values = {name: self.value(one) for name, one in node.items()}
        return {name: one for name, one in values.items() if one is not NO_VALUE}

    def _named(self, name: str) -> Any:
        return self._attribute(*name.split(".", 1)) if "." in name else self._ref(name)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in PSEUDO:
            return PSEUDO[name]
        parameter = self.document.get("Parameters", {}).get(name)
        if parameter is not None:
            given = self._given.get(name, parameter.get("Default", "")) or GUESSES.get(name, f"{name.lower()}")
            return given.split(",") if parameter["Type"] == "CommaDelimitedList" else given
        if name not in self.resources:
            raise SystemExit(f"{self.name}: what is {name}?")
        # A topic is named by its ARN, the rest by a name.
        return (
            self._arn(name) if self.resources[name]["Type"] in ("AWS::SNS::Topic", "AWS::IAM::ManagedPolicy") else name
        )

    def _attribute(self, name: str, attribute: str) -> Any:
        return self._arn(name) if attribute.lower().endswith("arn") else f"{name}.{attribute}"

    def _arn(self, name: str) -> str:
        return ARNS.get(self.resources[name]["Type"], "arn:aws:iam::111111111111:policy/{id}").format(id=name)


# Parameters without a default: what a person would type.
GUESSES = {
    "SourceAccount": "111111111111",
    "HubAccount": "111111111111",
    "Deployment": "main",
    "OrganizationId": "o-example00001",
    "Vaults": "arn:aws:backup:eu-west-1:222222222222:backup-vault:dr",
}

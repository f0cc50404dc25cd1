"""Witness 3: the schemas of the SDK against botocore's models, for the operations that the source calls."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import botocore.session
from botocore.model import OperationModel, Shape

from operations import ROOT, in_models

Json = dict[str, Any]

NUMBERS = ("integer", "long", "float", "double")
DEFAULT_FORMAT = {"json": "unixTimestamp", "rest-json": "unixTimestamp", "query": "iso8601", "ec2": "iso8601"}

# Differences that stay, by the beginning of their text, and why.
NEWER = "newer than the SDK that package.json pins; nothing here reads it"
KNOWN: dict[str, str] = {
    "backup:DescribeRegionSettings output: members [] in the SDK, ['ResourceTypeOptInIncremental']": NEWER,
    "cloudformation:DescribeStacks output.Stacks[]: members [] in the SDK, ['AliasName']": NEWER,
    "ec2:DescribeSnapshots output.Snapshots[]: members [] in the SDK, ['AssociatedKmsKeys']": NEWER,
    "iam:GetRole output.Role: members [] in the SDK, ['MaxSigninSessionDuration']": NEWER,
    "organizations:DescribeEffectivePolicy input.PolicyType: values [] in the SDK, ['SECURITYHUB_CSPM_POLICY']": NEWER,
    "organizations:DescribeEffectivePolicy output.EffectivePolicy.PolicyType: values [] in the SDK, ['SECURITYHUB_CSPM_POLICY']": NEWER,
    "organizations:DescribeOrganization output.Organization.AvailablePolicyTypes[].Type: values [] in the SDK, ['SECURITYHUB_CSPM_POLICY']": NEWER,
    "sts:AssumeRole error InvalidContextAssertionException: not in the SDK": NEWER,
}


def of_sdk(operations: list[str]) -> Json:
    script = Path(__file__).with_name("sdk-schemas.mjs")
    done = subprocess.run(["node", str(script), *operations], cwd=ROOT, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


class Comparison:
    def __init__(self, service: str, protocol: str, sdk: Json) -> None:
        self.service, self.protocol, self.sdk = service, protocol, sdk
        self.differences: list[str] = []
        self.counts: Counter[str] = Counter()

    def same(self, at: str, what: str, sdk: Any, botocore: Any) -> None:
        if sdk != botocore:
            self.differences.append(f"{at}: {what} {sdk!r} in the SDK, {botocore!r} in botocore")

    def operation(self, model: OperationModel) -> None:
        at = f"{self.service}:{model.name}"
        told = self.sdk["operations"][model.name]
        self.counts["operations"] += 1
        if self.protocol.startswith("rest"):
            method, uri, *_ = told["http"]
            self.same(at, "method", method, model.http["method"])
            self.same(at, "path", uri.rstrip("/"), self._with_member_names(model).rstrip("/"))
        for side, sdk, shape in (
            ("input", told["input"], model.input_shape),
            ("output", told["output"], model.output_shape),
        ):
            # Nothing, and a structure without members, are the same on the wire.
            if (sdk or {}).get("members") or (shape and shape.members):
                self.shape(f"{at} {side}", sdk or {"type": "structure", "members": {}, "required": []}, shape, ())
        for error in model.error_shapes:
            self._error(f"{at} error {error.name}", error)

    def _with_member_names(self, model: OperationModel) -> str:
        uri = str(model.http["requestUri"])
        for name, member in (model.input_shape.members if model.input_shape else {}).items():
            if member.serialization.get("location") == "uri":
                for label in ("{%s}", "{%s+}"):
                    uri = uri.replace(label % member.serialization["name"], label % name)
        return uri

    def shape(self, at: str, sdk: Json, shape: Shape | None, within: tuple[str, ...]) -> None:
        if shape is None:
            self.differences.append(f"{at}: only in the SDK")
            return
        if sdk["type"] == "recursive":
            self.same(at, "recursion into", sdk["shape"] in within, shape.name in within)
            return
        self.counts["shapes"] += 1
        kind = (
            "number" if shape.type_name in NUMBERS else "string" if shape.type_name == "character" else shape.type_name
        )
        self.same(at, "type", sdk["type"], kind)
        if sdk["type"] != kind:
            return
        self._on_the_wire(at, sdk, shape)
        inside = (*within, shape.name)
        if kind == "structure":
            members = shape.members
            self.same(at, "members", sorted(set(sdk["members"]) - set(members)), [])
            self.same(at, "members", [], sorted(set(members) - set(sdk["members"])))
            self.same(at, "required", sorted(sdk["required"]), sorted(shape.required_members))
            for name in members:
                if name in sdk["members"]:
                    self.counts["members"] += 1
                    self.shape(f"{at}.{name}", sdk["members"][name], members[name], inside)
        elif kind == "list":
            self.shape(f"{at}[]", sdk["member"], shape.member, inside)
        elif kind == "map":
            self.shape(f"{at}{{key}}", sdk["key"], shape.key, inside)
            self.shape(f"{at}{{}}", sdk["value"], shape.value, inside)
        elif kind == "string" and shape.enum:
            self._enum(at, shape)

    def _on_the_wire(self, at: str, sdk: Json, shape: Shape) -> None:
        place = shape.serialization.get("location")
        self.same(at, "place", sdk.get("location"), place)
        name = shape.serialization.get("name")
        if place in ("querystring", "header"):
            self.same(at, "name", sdk.get("locationName"), name)
        elif place is None:
            own = at.rpartition(".")[2] if "." in at else None
            # The schemas of SQS still hold the names of its XML; a protocol reads its own.
            is_xml = self.protocol in ("query", "ec2")
            self.same(at, "name", sdk.get("xmlName" if is_xml else "jsonName") or own, name or own)
            if is_xml:
                self.same(at, "flattened", sdk.get("flattened", False), shape.serialization.get("flattened", False))
        self.same(
            at, "idempotency token", sdk.get("idempotencyToken", False), shape.metadata.get("idempotencyToken", False)
        )
        if shape.type_name == "timestamp":
            default = {"querystring": "iso8601", "header": "rfc822"}.get(place or "", DEFAULT_FORMAT[self.protocol])
            told = shape.serialization.get("timestampFormat", default)
            self.same(at, "format", sdk.get("format", default), told)

    def _enum(self, at: str, shape: Shape) -> None:
        known = self.sdk["enums"].get(shape.name)
        if known is None:
            self.counts["enums that the SDK does not export"] += 1
            return
        self.counts["enums"] += 1
        self.same(at, "values", sorted(set(known) - set(shape.enum)), [])
        self.same(at, "values", [], sorted(set(shape.enum) - set(known)))

    def _error(self, at: str, shape: Shape) -> None:
        self.counts["errors"] += 1
        known = self.sdk["errors"].get(shape.name)
        if known is None:
            self.differences.append(f"{at}: not in the SDK")
            return
        told = shape.metadata.get("error", {})
        # The Query protocol has codes of its own; elsewhere the name is the code.
        if self.protocol in ("query", "ec2"):
            self.same(at, "code", known.get("code") or shape.name, told.get("code") or shape.name)
        if "httpStatusCode" in told:
            self.same(at, "status", known.get("status"), told["httpStatusCode"])
        ours = {name.lower() for name in known["members"]} - {"message"}
        theirs = {name.lower() for name in shape.members} - {"message"}
        self.same(at, "members", sorted(ours), sorted(theirs))


def main() -> None:
    operations = in_models()
    sdk = of_sdk(operations)
    session = botocore.session.get_session()
    differences: list[str] = []
    counts: Counter[str] = Counter()
    for service in sdk:
        model = session.get_service_model(service)
        comparison = Comparison(service, model.resolved_protocol, sdk[service])
        for name in sdk[service]["operations"]:
            comparison.operation(model.operation_model(name))
        differences += comparison.differences
        counts += comparison.counts
    unknown = [one for one in differences if not any(one.startswith(known) for known in KNOWN)]
    stale = [known for known in KNOWN if not any(one.startswith(known) for one in differences)]
    for one in unknown + [f"no difference any more: {known}" for known in stale]:
        print(f"  {one}")
    told = ", ".join(f"{count} {what}" for what, count in counts.items())
    print(
        f"schemas: {told}; {len(differences)} differences, {len(differences) - len(unknown)} of them known, with a reason"
    )
    raise SystemExit(1 if unknown or stale else 0)


if __name__ == "__main__":
    main()

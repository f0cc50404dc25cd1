"""Holds one answer, as it came over the wire and as botocore read it, against botocore's model of it."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from botocore.model import OperationModel, Shape
from botocore.validate import ParamValidator

Json = dict[str, Any]


def faults(model: OperationModel, protocol: str, body: bytes, parsed: Json) -> list[str]:
    """What is wrong with an answer: types, ranges, required members, values of enums, members that AWS does not have."""
    shape = model.output_shape
    if shape is None:
        return (
            [f"a body where there is none: {body!r}"]
            if body.strip() not in (b"", b"{}") and protocol != "query"
            else []
        )
    without = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
    report = ParamValidator().validate(without, shape)
    found = [report.generate_report()] if report.has_errors() else []
    found += _enums(shape, without, shape.name)
    if protocol == "ec2":
        root = ElementTree.fromstring(body)
        told = [node for node in root if _tag(node) == "requestId"]
        if _tag(root) != f"{model.name}Response" or len(told) != 1:
            found.append(f"<{_tag(root)}> with {len(told)} request ids")
        for node in told:
            root.remove(node)
        found += _unknown_in_xml(shape, root, shape.name)
    elif protocol == "query":
        root = ElementTree.fromstring(body)
        wrapper = shape.serialization.get("resultWrapper")
        result = next((node for node in root if _tag(node) == wrapper), None)
        names = sorted(_tag(node) for node in root)
        if _tag(root) != f"{model.name}Response" or names != sorted(
            [*([wrapper] if wrapper else []), "ResponseMetadata"]
        ):
            found.append(f"<{_tag(root)}> holds {names}")
        if result is not None:
            found += _unknown_in_xml(shape, result, shape.name)
    else:
        found += _unknown_in_json(shape, json.loads(body or b"{}"), shape.name)
    return found


def _enums(shape: Shape, value: Any, at: str) -> list[str]:
    if value is None:
        return []
    if shape.type_name == "structure":
        return [
            fault
            for name, item in value.items()
            if name in shape.members
            for fault in _enums(shape.members[name], item, f"{at}.{name}")
        ]
    if shape.type_name == "list":
        return [fault for item in value for fault in _enums(shape.member, item, f"{at}[]")]
    if shape.type_name == "map":
        return [fault for item in value.values() for fault in _enums(shape.value, item, f"{at}{{}}")]
    enum = getattr(shape, "enum", [])
    return [f"{at}: {value!r} is none of {enum}"] if enum and value not in enum else []


def _unknown_in_json(shape: Shape, value: Any, at: str) -> list[str]:
    if value is None:
        return [f"{at} is null"]
    if shape.type_name == "structure":
        names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        unknown = [f"{at} has no member {name}" for name in value if name not in names]
        return unknown + [
            fault
            for name, item in value.items()
            if name in names
            for fault in _unknown_in_json(names[name], item, f"{at}.{name}")
        ]
    if shape.type_name == "list":
        return [fault for item in value for fault in _unknown_in_json(shape.member, item, f"{at}[]")]
    if shape.type_name == "map":
        return [fault for item in value.values() for fault in _unknown_in_json(shape.value, item, f"{at}{{}}")]
    return []


def _tag(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


def _unknown_in_xml(shape: Shape, node: ElementTree.Element, at: str) -> list[str]:
    if shape.type_name == "structure":
        names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        found: list[str] = []
        for child in node:
            tag = _tag(child)
            if tag in names:
                found += _unknown_in_xml(names[tag], child, f"{at}.{tag}")
            else:
                found.append(f"{at} has no member {tag}")
        return found
    if shape.type_name == "list" and not shape.serialization.get("flattened"):
        item = shape.member.serialization.get("name", "member")
        wrong = [f"{at} has an item {_tag(child)}, not {item}" for child in node if _tag(child) != item]
        return wrong + [fault for child in node for fault in _unknown_in_xml(shape.member, child, f"{at}[]")]
    return []


def outline(value: Any) -> Any:
    """Names and types without values: what two answers have in common that speak of different things."""
    if isinstance(value, dict):
        return {name: outline(item) for name, item in sorted(value.items()) if name != "ResponseMetadata"}
    if isinstance(value, list):
        return [outline(value[0])] if value else []
    return type(value).__name__

"""Witness 2b: every command of the AWS CLI that mails, screens and pages print is one that the AWS CLI has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from awscli.clidriver import create_clidriver

from operations import ROOT

# Texts as they stand in the source, and as people read them. Of the latter a command is whole.
WRITTEN = ("lambda/**/*.ts", "bin/**/*.ts", "lib/**/*.ts")
RENDERED = ("docs/**/*.md", "*.md", "test/**/*.snap", "test/cases/*.txt")

COMMAND = re.compile(
    r"(?<![\w./-])aws ((?:--?[a-z-]+ \S+ )*)([a-z][a-z0-9-]+) ([a-z][a-z0-9-]+)(?![\w-])(.*?)(?=(?<![\w./-])aws [a-z]|[`\n;|]|&&|\\n|$)"
)
OPTION = re.compile(r"(?<=\s)--[a-z][a-z0-9-]*")

# Only in version 2; pip has version 1.
VERSION_2 = {("sso", "login")}
# What stands before a line that is there to be copied.
NOTHING = re.compile(r"^\s*\$?\s*$")


@cache
def services() -> dict[str, Any]:
    return dict(create_clidriver().create_help_command().command_table)


@cache
def global_options() -> frozenset[str]:
    return frozenset(f"--{name}" for name in create_clidriver().create_help_command().arg_table)


@cache
def options_of(service: str, command: str, word: str) -> dict[str, bool] | None:
    """Its options and whether each is required; none if there is no such command. `word`: which of them `wait` is."""
    found = services().get(service)
    told = found.create_help_command().command_table.get(command) if found else None
    if told is None:
        return None
    described = told.create_help_command()
    if within := getattr(described, "command_table", None):
        if word not in within:
            return None
        described = within[word].create_help_command()
    return {f"--{name}": bool(getattr(one, "required", False)) for name, one in described.arg_table.items()}


def without_blanks(text: str) -> str:
    """Template strings with an X for what is filled in; what stood there, which may hold commands too, comes after."""
    filled: list[str] = []
    parts: list[str] = []
    at = 0
    while (start := text.find("${", at)) >= 0:
        end, depth = start + 2, 1
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        parts += [text[at:start], "X"]
        filled.append(without_blanks(text[start + 2 : end - 1]))
        at = end
    return "\n".join(["".join([*parts, text[at:]]), *filled])


def commands() -> Iterator[tuple[str, bool, str, str, str]]:
    for patterns, rendered in ((WRITTEN, False), (RENDERED, True)):
        for path in sorted(
            {path for pattern in patterns for path in ROOT.glob(pattern) if "node_modules" not in path.parts}
        ):
            text = re.sub(r"\\\n\s*", "", path.read_text())
            if not rendered:
                text = without_blanks(text)
            for found in COMMAND.finditer(text):
                before, service, command, rest = found.groups()
                is_line = rendered and bool(NOTHING.match(text[text.rfind("\n", 0, found.start()) + 1 : found.start()]))
                yield str(path.relative_to(ROOT)), is_line, service, command, f" {before} {rest}"


def fault_of(is_line: bool, service: str, command: str, rest: str) -> str | None:
    known = options_of(service, command, next(iter(rest.split()), ""))
    if known is None:
        return "no such command"
    given = set(OPTION.findall(rest))
    if unknown := sorted(given - set(known) - global_options()):
        return f"no such option: {', '.join(unknown)}"
    missing = sorted(name for name, required in known.items() if required and name not in given)
    if is_line and missing:
        return f"required: {', '.join(missing)}"
    return None


def main() -> None:
    wrong: list[str] = []
    kinds: set[tuple[str, str]] = set()
    count = lines = 0
    for where, is_line, service, command, rest in commands():
        if (service, command) in VERSION_2:
            continue
        count, lines = count + 1, lines + is_line
        kinds.add((service, command))
        if fault := fault_of(is_line, service, command, rest):
            wrong.append(f"{where}: aws {service} {command}{rest[:150]}: {fault}")
    if count < 50:
        wrong.append(f"only {count} commands found: texts are written otherwise than this reads them")
    for one in wrong:
        print(f"  {one}")
    print(
        f"commands: {count} printed, {len(kinds)} different ones, {lines} of them whole lines to copy; {len(wrong)} that the AWS CLI does not have"
    )
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()

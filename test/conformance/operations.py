"""Every AWS operation that the service and its command line call, found by reading their source."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Packages of the SDK by their names in botocore, where the two differ.
SERVICES = {"resource-groups-tagging-api": "resourcegroupstaggingapi", "cloudwatch-logs": "logs"}

IMPORT = re.compile(r"import\s+(?:type\s+)?\{([^}]*)\}\s*from\s*'@aws-sdk/client-([\w-]+)'")
DYNAMIC = re.compile(r"\{([^}]*)\}\s*=\s*await\s+import\(\s*'@aws-sdk/client-([\w-]+)'\s*\)")
CALL = re.compile(r"\bnew\s+(?:\w+\.)?(\w+)Command\(|\bpaginate(\w+)\(")
SIGNED_BY_HAND = re.compile(r"new SignatureV4\(\{\s*service:\s*'(\w+)'")
READ = re.compile(r"^\s*'([a-z0-9]+):(\w+)':", re.MULTILINE)

# What a request that is signed by hand is, as the sandbox calls it.
BY_HAND = {"lambda": "lambda:InvokeFunctionUrl"}
# The prefix of a permission is not always the service's name.
BY_PERMISSION = {"tag": "resourcegroupstaggingapi"}


def service_of(package: str) -> str:
    return SERVICES.get(package, package)


def in_source() -> dict[str, str]:
    """Operations as `service:Operation`, each with the file that calls it."""
    found: dict[str, str] = {}
    for folder in ("lambda", "bin", "lib"):
        for path in sorted((ROOT / folder).rglob("*.ts")):
            text = path.read_text()
            where = str(path.relative_to(ROOT))
            clients = {
                name.split(" as ")[0].replace("type ", "").split(":")[0].strip(): service_of(package)
                for pattern in (IMPORT, DYNAMIC)
                for names, package in pattern.findall(text)
                for name in names.split(",")
            }
            for command, paginated in CALL.findall(text):
                name = f"{command}Command" if command else f"paginate{paginated}"
                if name not in clients:
                    raise SystemExit(f"{where}: which client does {name} come from?")
                found.setdefault(f"{clients[name]}:{command or paginated}", where)
            for service in SIGNED_BY_HAND.findall(text):
                if service not in BY_HAND:
                    raise SystemExit(f"{where}: what is signed by hand for {service}?")
                found.setdefault(BY_HAND[service], where)
    for service, operation in READ.findall((ROOT / "lambda/core/reads.ts").read_text()):
        found.setdefault(f"{BY_PERMISSION.get(service, service)}:{operation}", "lambda/core/reads.ts")
    if len(found) < 30:
        raise SystemExit(f"only {len(found)} operations found: the source is written otherwise than this reads it")
    return dict(sorted(found.items()))


def in_models() -> list[str]:
    """Those that the SDK and botocore describe; a function URL is plain HTTP."""
    return [one for one in in_source() if one not in BY_HAND.values()]


if __name__ == "__main__":
    for name, where in in_source().items():
        print(f"{name:55} {where}")

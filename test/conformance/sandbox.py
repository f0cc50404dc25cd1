"""Starts the embedded AWS (test/sandbox/serve-witness.ts) and makes clients for it."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import boto3
from botocore.config import Config

from operations import ROOT

START = ["node_modules/.bin/tsx", "test/sandbox/serve-witness.ts"]


class Sandbox:
    def __enter__(self) -> Sandbox:
        self._process = subprocess.Popen(START, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self._line()
        told = json.loads(line)
        self.endpoint: str = told["endpoint"]
        self.region: str = told["region"]
        self.keys: dict[str, dict[str, str]] = told["credentials"]
        self.world: dict[str, str] = told["world"]
        # Well formed, and of nobody.
        self.keys["unknown"] = {"accessKeyId": "AKIAUNKNOWNUNKNOWN00", "secretAccessKey": "x" * 40}
        self._files = tempfile.TemporaryDirectory(prefix="conformance-")
        self._write_profiles(Path(self._files.name))
        self._clients: dict[tuple[str, str, int], Any] = {}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._files.cleanup()

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the sandbox did not start")
        return line

    def _write_profiles(self, folder: Path) -> None:
        profiles = [
            f"[{name}]\naws_access_key_id = {keys['accessKeyId']}\naws_secret_access_key = {keys['secretAccessKey']}\n"
            + (f"aws_session_token = {keys['sessionToken']}\n" if "sessionToken" in keys else "")
            for name, keys in self.keys.items()
        ]
        (folder / "credentials").write_text("\n".join(profiles))
        (folder / "config").write_text(
            "[default]\n" + "".join(f"[profile {name}]\ncli_timestamp_format = iso8601\n" for name in self.keys)
        )
        # Nothing of the settings of whoever runs this.
        self.environment = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
            "AWS_CONFIG_FILE": str(folder / "config"),
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
        }

    def client(self, service: str, who: str = "source", attempts: int = 1) -> Any:
        known = self._clients.get((service, who, attempts))
        if known is None:
            keys = self.keys[who]
            known = boto3.client(
                service,
                endpoint_url=self.endpoint,
                region_name=self.region,
                aws_access_key_id=keys["accessKeyId"],
                aws_secret_access_key=keys["secretAccessKey"],
                aws_session_token=keys.get("sessionToken"),
                config=Config(retries={"mode": "standard", "total_max_attempts": attempts}),
            )
            self._clients[service, who, attempts] = known
        return known

    def fault(self, **fault: Any) -> None:
        """The next call that fits it fails as it says."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(fault) + "\n")
        self._process.stdin.flush()
        self._line()

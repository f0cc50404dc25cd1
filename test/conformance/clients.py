"""Witness 2: boto3 and the AWS CLI drive the embedded AWS for every operation that the source calls."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from by_boto3 import Run
from by_command_line import CommandLine
from cases import ONE_PAGE, cases, seed
from function_url import function_url
from operations import BY_HAND, in_source
from sandbox import Sandbox


def main() -> None:
    began = time.monotonic()
    wanted = in_source()
    only = tuple(sys.argv[1:])  # `kms:` or `kms:ListGrants`: those alone, while one is worked on
    with Sandbox() as sandbox:
        known = {name: case for name, case in cases(sandbox.world).items() if not only or name.startswith(only)}
        if only:
            wanted = {name: where for name, where in wanted.items() if name.startswith(only)}
        run = Run(sandbox)
        run.wrong += [
            f"{name} is called in {where}, and not asked for here"
            for name, where in wanted.items()
            if name not in known and name not in BY_HAND.values()
        ]
        run.wrong += [f"{name} is asked for here, and nowhere in the source" for name in known if name not in wanted]
        run.wrong += [
            f"{name} has a reason to be one page, and no need" for name in ONE_PAGE if name not in known and not only
        ]
        seed(sandbox.client("dynamodb"))
        for name, case in known.items():
            run.operation(name, case)
        if not only:
            function_url(run)
        line = CommandLine(run)
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(line.operation, name, case) for name, case in known.items()]:
                done.result()
        line.folder.cleanup()
    for one in run.wrong:
        print(f"  {one}")
    counts = ", ".join(f"{count} {what}" for what, count in run.counts.items())
    asked = f"{len(wanted)} operations by boto3 ({counts}), {len(known)} by the AWS CLI"
    print(f"clients: {asked}; {len(run.wrong)} differences, {time.monotonic() - began:.0f} s")
    raise SystemExit(1 if run.wrong else 0)


if __name__ == "__main__":
    main()

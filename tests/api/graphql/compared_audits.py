"""`make http-audit`: run npm's `graphql-http` and our table of its audits, and compare the two lists."""

# ruff: noqa: T201 - this is a command

import asyncio
import json
import logging
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

import structlog

from models import database
from testing import processes
from testing.processes import ROOT
from testing.service import Service, running
from tests.api.graphql.audits import AUDITS

AUDIT = ROOT / "tools/audit/audit.js"


async def original(service: Service) -> list[dict[str, str]]:
    environment = {**os.environ, "TOKEN": service.token()}
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("node")),
        AUDIT,
        f"{service.url}/graphql",
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"node ended with {process.returncode}.")
    return [json.loads(line) for line in output.splitlines()]


async def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder, processes.simulator() as simulator:
        url = f"sqlite:///{folder}/connectql.db"
        await database.migrate(url)
        async with running(url, simulator, Path(folder), WORKER="off") as service:
            results = await original(service)
            problems = [await audit.problem(service.http, f"Bearer {service.token()}") for audit in AUDITS]
    passed = Counter(result["name"].split()[0] for result in results if result["status"] == "ok")
    print(f"graphql-http: {passed.total()} of {len(results)} audits passed:", dict(passed))
    for result in results:
        if result["status"] != "ok":
            print(f"  {result['status']}: {result['id']} {result['name']}: {result['reason']}")
    failed = [problem for problem in problems if problem]
    print(f"tests/api/graphql/audits.py: {len(AUDITS) - len(failed)} of {len(AUDITS)} audits passed")
    print(*failed, sep="\n", end="")
    same = {(result["id"], result["name"]) for result in results} == {
        (audit.id, audit.name) for audit in AUDITS
    }
    if not same:
        print("The two lists differ: copy the changes of graphql-http to tests/api/graphql/audits.py.")
    return int(not same or bool(failed) or passed.total() < len(results))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

"""Forty editors at once on the product's web server: how long a save takes on either database.

python -m tests.bench.desk_bench
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TEST = "tests/processes/test_forty_editors.py"
SAVES = "10"


def measure_desk() -> list[Any]:
    """The 95th percentile of a save, on each database, as ``tests.bench`` prints it."""
    from tests.bench.__main__ import Measure

    found = []
    for name, before in (("SQLite", []), ("PostgreSQL", [sys.executable, "-m", "tests.postgres"])):
        print(told := run(before))
        p95 = re.search(r"p95 (\d+) ms", told)
        milliseconds = float(p95[1]) if p95 else float("inf")
        found.append(Measure(f"a save among forty editors, p95, {name}", milliseconds, 500, "ms"))
    return found


def run(before: list[str]) -> str:
    """What the load test says of itself; nothing if it failed."""
    environment = {**os.environ, "DATABASE_URL": "", "EARMARK_EDITOR_SAVES": SAVES}
    environment["LOG_LEVEL"] = "ERROR"
    command = [*before, sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:randomly", TEST]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    lines = [line for line in done.stdout.splitlines() if " saves by " in line]
    return lines[-1] if lines and not done.returncode else "the load test failed"


if __name__ == "__main__":
    for measure in measure_desk():
        print(measure)

"""``make faults``: every scenario on SQLite and PostgreSQL, and one table of what became of it.

    python -m tests.faults [WORD …]

With words, only the scenarios whose names have one of them; a database by its name. Ends with 1
if a mail was lost.
"""

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from multiprocessing.pool import ThreadPool as Pool
from pathlib import Path

from tests.faults.databases import POSTGRESQL, SQLITE, Databases
from tests.faults.outcome import Outcome, outcome_of
from tests.faults.place import place
from tests.faults.scenarios import AROUND, MANY, SENDERS, Scenario, random_kills

KINDS = (SQLITE, POSTGRESQL)
HEAD = f"{'scenario':<44}{'database':<12}{'planned':>8}{'sent':>6}{'lost':>6}{'dupl.':>6}"
HEAD += f"{'marked':>7}{'kills':>6}{'s':>7}"


def main(words: list[str]) -> int:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        again = [sys.executable, "-m", "tests.postgres", sys.executable, "-m", "tests.faults"]
        return subprocess.run([*again, *words], check=False).returncode
    wanted = [word for word in words if word not in KINDS]
    everything = [*SENDERS, *AROUND, random_kills(MANY)]
    chosen = [s for s in everything if not wanted or any(word in s.name for word in wanted)]
    kinds = [kind for kind in KINDS if kind in words or not set(words) & set(KINDS)]
    print(HEAD, flush=True)
    held = []
    with tempfile.TemporaryDirectory(prefix="earmark-faults-") as name, Pool(len(kinds)) as pool:
        made = {SQLITE: "", POSTGRESQL: os.environ["DATABASE_URL"]}
        databases = [Databases(Path(name), made[kind]) for kind in kinds]
        for scenario in chosen:
            runs = pool.map(partial(run, scenario), databases)
            for line, holds in runs:
                print(line, flush=True)
                held.append(holds)
    print(f"{sum(held)} of {len(held)} hold.")
    return 0 if all(held) else 1


def run(scenario: Scenario, databases: Databases) -> tuple[str, bool]:
    """A scenario's line of the table; whether nothing was lost, and nothing came twice."""
    if why_not := scenario.why_not():
        return f"{scenario.name:<44}{databases.kind:<12}skipped: {why_not}", True
    started = time.monotonic()
    with place(databases, scenario.count, *scenario.set_up) as made:
        failure = ""
        try:
            scenario.run(made)
        except AssertionError as error:
            failure = f"\n    FAIL {str(error)[-1500:]}"
        found = outcome_of(made)
        line = line_of(scenario.name, databases.kind, found, made.kills, time.monotonic() - started)
    faults = found.faults(scenario.allowed + made.in_flight)
    if faults and made.note:
        failure += f"\n    FAIL {made.note}"
    failure += "".join(f"\n    FAIL {name}: {count}" for name, count in faults.items())
    return line + failure, not failure


def line_of(name: str, kind: str, found: Outcome, kills: int, seconds: float) -> str:
    mails = f"{found.planned:>8}{found.sent:>6}{found.lost:>6}{found.duplicate:>6}"
    return f"{name:<44}{kind:<12}{mails}{found.marked:>7}{kills:>6}{seconds:>7.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

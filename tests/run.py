"""``make test``: every check, in the order in which failures are cheapest to find.

python -m tests.run [--lint | --postgresql]

With --postgresql, every test that uses the database on PostgreSQL, and nothing else; without,
all on SQLite, and on PostgreSQL what a database decides by itself.
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
APPS = ("config", "policy", "entities")
PRODUCTION = {
    "EARMARK_PRODUCTION": "1",
    "SECRET_KEY": "only-for-the-deployment-check-" + "x7Gq2Lw9" * 6,
    "SITE_URL": "https://earmark.example",
    "ALLOWED_HOSTS": "earmark.example",
}


def main() -> int:
    started = time.monotonic()
    tests = [on_postgresql()]
    if "--postgresql" not in sys.argv:
        if code := run_static(static_steps()):
            return code
        install_from_debian()
        tests = [on_sqlite(), on_postgresql(*DATABASE_DECIDES)]
    for step in tests if "--lint" not in sys.argv else []:
        print(f"── {step[0]}", flush=True)
        if code := run(step).returncode:
            return failed(step, code)
    print(f"\nAll checks passed in {time.monotonic() - started:.0f} s.")
    return 0


Step = tuple[str, list[str], dict[str, str]]


def run_static(steps: list[Step]) -> int:
    """Run the static checks, two at a time; the exit code of the first one that fails, else 0."""
    with ThreadPoolExecutor(2) as pool:
        results = pool.map(partial(run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT), steps)
        for step, done in zip(steps, results, strict=True):
            print(f"── {step[0]}\n{done.stdout.decode().strip()}", flush=True)
            if done.returncode:
                pool.shutdown(cancel_futures=True)
                return failed(step, done.returncode)
    return 0


def run(step: Step, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    _, command, extra = step
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **extra}, check=False, **options)


def failed(step: Step, code: int) -> int:
    print(f"\n{step[0]} failed. Run it alone with:\n  {' '.join(map(str, step[1]))}")
    return code


def tool(name: str) -> str:
    return str(BIN / name)


def static_steps() -> list[Step]:
    templates = sorted(str(path) for path in (ROOT / "templates").rglob("*.html"))
    manage = [sys.executable, "manage.py"]
    return [
        ("ruff", [tool("ruff"), "check", "."], {}),
        ("ruff format", [tool("ruff"), "format", "--check", "."], {}),
        ("mypy", [tool("mypy"), "."], {}),
        ("import-linter", [tool("lint-imports")], {}),
        ("bandit", [tool("bandit"), "-q", "-r", "-ll", "-c", "pyproject.toml", *APPS], {}),
        ("djade", [tool("djade"), "--check", "--target-version", "5.2", *templates], {}),
        ("djhtml", [tool("djhtml"), "--check", "--tabwidth", "2", *templates], {}),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], {}),
        ("deploy check", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]


# A module's tests share a worker, which loads the record once for all of them, in the order of
# tests/conftest.py, which knows what takes long. Those that wait for other processes leave the
# cores to two more workers.
PYTEST = [sys.executable, "-m", "pytest", "-q", "--dist", "loadfile", "--no-loadscope-reorder"]


# Guards, locks, claims, and the statements that are written by hand.
DATABASE_DECIDES = [
    "tests/policy/test_vendor.py",
    "tests/policy/test_close_conflict.py",
    "tests/policy/accounts/test_own_acts.py",
    "tests/policy/actions",
    "tests/policy/alerts/test_claiming.py",
    "tests/policy/alerts/test_delivery.py",
    "tests/policy/alerts/test_plan_leads.py",
    "tests/policy/alerts/test_plan_moves.py",
    "tests/policy/desk/test_holds.py",
    "tests/policy/desk/test_second_pair_of_eyes.py",
    "tests/policy/desk/test_slips_and_tricks.py",
    "tests/policy/history/test_guards.py",
    "tests/policy/history/test_tampering.py",
    "tests/policy/history/test_writing.py",
    "tests/policy/queries/test_search.py",
    "tests/entities/actions/test_import_ecfr.py",
]


def on_sqlite() -> Step:
    return "tests on SQLite", [*PYTEST, "-n", "4"], {"DATABASE_URL": ""}


def on_postgresql(*more: str) -> Step:
    server = [sys.executable, "-m", "tests.postgres"]
    return "tests on PostgreSQL", [*server, *PYTEST, "-n", "2", "--database-only", *more], {}


# What some tests need of Debian, by the command that shows whether it is there.
DEBIAN = {"chromium": ["chromium", "fonts-noto-cjk"], "faketime": ["faketime"]}


def install_from_debian() -> None:
    """Chromium and faketime, where this user may install them; else tests skip and say so."""
    given = {"chromium"} if os.environ.get("EARMARK_CHROMIUM") else set()
    lacking = [name for name in DEBIAN if name not in given and shutil.which(name) is None]
    apt = shutil.which("apt-get")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not lacking or apt is None or (prefix and shutil.which("sudo") is None):
        return
    print(f"── installing Debian's {' and '.join(lacking)} for the tests", flush=True)
    packages = [package for name in lacking for package in DEBIAN[name]]
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
        command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, *arguments]
        quiet = subprocess.run(command, capture_output=True, text=True, check=False)
        if quiet.returncode:
            print(f"They could not be installed: {quiet.stderr.strip()[-300:]}")
            return


if __name__ == "__main__":
    sys.exit(main())

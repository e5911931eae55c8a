"""``make bench``: each promise that has a number, beside its floor in the same run.

    python -m tests.bench [FILE]

Reads the real Entity List where it is at hand, else FILE; ends with 1 if a promise is broken.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.bench.delivery_bench import measure_delivery
from tests.bench.desk_bench import measure_desk
from tests.bench.history_bench import measure_check, measure_versions
from tests.bench.planning_bench import measure_planning

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data" / "ecfr" / "title-15_part-744_2026-03-25.xml"
LATER = REAL.with_name("title-15_part-744_2026-07-18.xml")
SCREENING = REAL.parents[1] / "csl" / "consolidated_2026-07-31.json"
ROUNDS = 30
SEED = 20261123


@dataclass(frozen=True)
class Measure:
    """One figure, the bound that it must keep, and what it was compared with."""

    name: str
    value: float
    bound: float
    unit: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        mark = "ok  " if self.holds else "FAIL"
        return f"{mark} {self.name:<58}{self.value:>9.3f} {self.unit:<6} {sign} {self.bound:g}"


def main() -> int:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL
    if not file.exists():
        print(f"No Entity List at {file}. Name a file of the eCFR's part 744:")
        print("  python -m tests.bench FILE")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        measures = [*measure_import(file), *measure_search(), *measure_pages()]
        measures += measure_screening()
        measures += measure_history()
        measures += measure_planning()
        measures += measure_delivery()
        measures += measure_desk()
        from django.db import connections

        connections.close_all()
    for measure in measures:
        print(measure)
    return 0 if all(measure.holds for measure in measures) else 1


def prepare(folder: Path) -> None:
    """A database of its own with the starting record."""
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.INDEX_DIR = folder / "index"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.TEMPLATES[0]["DIRS"] = [ROOT / "templates", ROOT / "tests" / "bench" / "templates"]
    call_command("migrate", verbosity=0)
    call_command("load_record")


def timed(action: Callable[[], Any]) -> float:
    """Seconds of wall time."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def measure_import(file: Path) -> list[Measure]:
    from entities.actions.import_ecfr import import_ecfr
    from policy.models import RecordedItem

    at = datetime(2026, 11, 23, 17, tzinfo=UTC)

    def read(path: Path, day: date) -> None:
        data = path.read_bytes()
        import_ecfr(data=data, file_name=path.name, as_of=day, at=at, by="bench")

    rows = [RecordedItem(file="bench", model="bench", key=str(n), digest="") for n in range(25_000)]
    floor = timed(lambda: RecordedItem.objects.bulk_create(rows))
    first = timed(lambda: read(file, date(2026, 3, 25)))
    second_file = LATER if LATER.exists() else file
    again = timed(lambda: read(second_file, date(2026, 7, 18)))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"floor: bulk_create of 25,000 rows {floor:.2f} s; import is {first / floor:.1f} × that")
    return [
        Measure("import of part 744", first, 6, "s"),
        Measure("import again, nothing of substance changed", again, 3, "s"),
        Measure("memory at its highest", megabytes, 300, "MB"),
    ]


def measure_screening() -> list[Measure]:
    """The whole screening list of 2026, and the same again a day later; last, for it is large."""
    from entities.actions.import_csl import import_csl
    from policy.sources.inputs import InputFile
    from tests.entities.repacked_list import unpacked

    if not SCREENING.exists():
        print(f"No screening list at {SCREENING}; its import is not measured.")
        return []
    list_ = unpacked(SCREENING)
    again_ = InputFile("again.json", list_.data + b"\n")
    at = datetime(2026, 11, 23, 17, tzinfo=UTC)

    def read(file: InputFile, day: date) -> None:
        import_csl(files=[file], as_of=day, at=at, by="bench")

    first = timed(lambda: read(list_, date(2026, 7, 31)))
    again = timed(lambda: read(again_, date(2026, 8, 1)))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Measure("import of the screening list, 25,921 rows", first, 20, "s"),
        Measure("import again, nothing changed", again, 5, "s"),
        Measure("memory at its highest, screening list included", megabytes, 400, "MB"),
    ]


def measure_history() -> list[Measure]:
    """With the Entity List and the screening list in the record."""
    ratio, queries, milliseconds = measure_versions()
    print(f"history of a fact with 1,000 versions: {milliseconds:.1f} ms")
    seconds, faults = measure_check()
    return [
        Measure("history of 1,000 versions ÷ of ten", ratio, 2, "×"),
        Measure("history of 1,000 versions, queries", queries, 6, ""),
        Measure("verify_history of the whole record", seconds, 30, "s"),
        Measure("verify_history, faults found", faults, 0, ""),
    ]


def measure_search() -> list[Measure]:
    from entities.queries.names import held_index
    from policy.models import Revision
    from tests.bench.search_bench import made_up_names, measure, measure_nonsense, measure_size
    from tests.bench.search_queries import build_queries

    index = held_index(Revision.objects.latest().number).index
    for name, figure in measure_size(index.names).items():
        print(f"{name}: {figure:,}")
    found = measure(index, build_queries(index.names, SEED))
    for kind, figures in found.items():
        print(f"{kind:<26}" + "  ".join(f"{name} {value:g}" for name, value in figures.items()))
    nonsense = measure_nonsense(index, made_up_names(SEED, 500))
    print(f"share of made-up shop names that find somebody: {nonsense:.3f}")
    return [
        Measure("search, p95", found["all"]["p95"], 5, "ms"),
        Measure("search, recall@10", found["all"]["recall@10"], 0.98, "", at_least=True),
    ]


def measure_pages() -> list[Measure]:
    """The list's page against a bare view of the same rows, and pages as of a day."""
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext

    client = Client()
    page = "/entities/"

    def seconds(path: str) -> float:
        response = client.get(path)
        assert response.status_code == 200, path
        return timed(lambda: client.get(path).content)

    def median(path: str, other: str) -> tuple[float, float]:
        """Taken in turns, so that a slow moment meets both."""
        seconds(path), seconds(other)
        pairs = [
            (timed(lambda: client.get(path)), timed(lambda: client.get(other)))
            for _ in range(ROUNDS)
        ]
        return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)

    measures: list[Measure] = []
    with override_settings(ROOT_URLCONF="tests.bench.urls"):
        with CaptureQueriesContext(connection) as made:
            client.get(page)
        measures.append(Measure("entities page, queries", len(made), 12, ""))
        full, bare = median(page, "/bench/bare/")
        print(f"entities page {1000 * full:.1f} ms, bare view of its 50 rows {1000 * bare:.1f} ms")
        measures.append(Measure("entities page ÷ bare view", full / bare, 2, "×"))
        for path in (
            "/",
            "/rules/",
            "/rules/ai-diffusion/",
            "/deadlines/",
            "/tiers/",
            page,
            "/reactions/",
        ):
            past, now = median(f"{path}?on=2026-09-01&known=2026-11-24", path)
            measures.append(Measure(f"{path} as of a day ÷ today", past / now, 1.3, "×"))
    return measures


if __name__ == "__main__":
    sys.exit(main())

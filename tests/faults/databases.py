"""A database for each scenario, copied from one that has been filled once."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.shared_data import ROOT

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass(frozen=True)
class Database:
    """One database by the URL that the product takes."""

    url: str

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite:")

    def connect(self) -> Any:
        if self.is_sqlite:
            return sqlite3.connect(urlsplit(self.url).path, timeout=30, isolation_level=None)
        return psycopg.connect(self.url, autocommit=True)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(self.connect()) as connection:
            rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
            return rows

    @contextmanager
    def write_locked(self) -> Iterator[None]:
        """While it lasts nobody else can write a mail's row."""
        with closing(self.connect()) as connection:
            connection.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
            if not self.is_sqlite:
                connection.execute("LOCK TABLE policy_alert IN EXCLUSIVE MODE")
            yield
            connection.execute("ROLLBACK")


@dataclass
class Databases:
    """Makes databases in a folder, or on a PostgreSQL server."""

    folder: Path
    server: str = ""
    filled: dict[tuple[str, ...], Path | str] = field(default_factory=dict)
    made: int = 0

    @property
    def kind(self) -> str:
        return POSTGRESQL if self.server else SQLITE

    def new(self, *arguments: str) -> Database:
        """One that ``tests.faults.set_up`` has filled with the arguments."""
        if arguments not in self.filled:
            source = self.place(f"filled{len(self.filled)}")
            self.fill(source, arguments)
            self.filled[arguments] = source
        self.made += 1
        copy = self.place(f"copy{self.made}")
        if self.server:
            self.run_sql(f'CREATE DATABASE "{copy}" TEMPLATE "{self.filled[arguments]}"')
        else:
            shutil.copyfile(self.filled[arguments], copy)
        return Database(self.url(copy))

    def fill(self, source: Path | str, arguments: tuple[str, ...]) -> None:
        if self.server:
            self.run_sql(f'CREATE DATABASE "{source}"')
        for command in (["manage.py", "migrate", "-v0"], ["-m", "tests.faults.set_up", *arguments]):
            environment = {
                **os.environ,
                "DATABASE_URL": self.url(source),
                "EARMARK_VAR": str(self.folder),
                "DJANGO_SETTINGS_MODULE": "config.settings",
            }
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)

    def place(self, name: str) -> Path | str:
        return f"{self.folder.name}_{name}" if self.server else self.folder / f"{name}.sqlite3"

    def url(self, place: Path | str) -> str:
        if not self.server:
            return f"sqlite:///{place}"
        return urlsplit(self.server)._replace(path=f"/{place}").geturl()

    def run_sql(self, sql: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.encode())

"""One run at a time from one folder; a port that cannot be had is said in a sentence."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.local_secret import secret_key
from config.one_run import MARK, Refused, check_port, hold_folder, processes_of, stop_leftovers
from config.processes import redis_command, shell

# Each says that it is up: until then its environment cannot be read.
SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    *(sys.executable, "-c"),
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('deaf', flush=True); time.sleep(60)",
]


@pytest.fixture(autouse=True)
def unmarked() -> Iterator[None]:
    """What a test's run puts into the environment goes with it."""
    before = os.environ.pop(MARK, None)
    yield
    os.environ.pop(MARK, None)
    if before is not None:
        os.environ[MARK] = before


def started(folder: Path, command: list[str]) -> subprocess.Popen[str]:
    environment = {**os.environ, MARK: str(folder)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("text", ["", "0", "65536", "99999", "-1", "80a", "http", " 80", "8000.0"])
def test_what_is_no_port_is_refused_with_what_one_is(text: str) -> None:
    with pytest.raises(Refused, match=f"PORT={text} is no port: it takes a number from 1 to 65535"):
        check_port(text)


def test_a_port_that_is_taken_is_refused_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match="make run PORT=8001") as refused:
            check_port(str(port))
        assert f"Port {port} cannot be used" in str(refused.value)
    assert check_port(str(port)) == port


def test_a_second_run_from_the_same_folder_is_refused(tmp_path: Path) -> None:
    holder = started(tmp_path, HOLDER)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Refused, match="Earmark is running already"), hold_folder(tmp_path):
            pytest.fail("two runs hold one folder")
        assert holder.poll() is None
    finally:
        holder.kill()
        holder.communicate()
    with hold_folder(tmp_path):
        assert os.environ[MARK] == str(tmp_path)


HOLDER = [
    *(sys.executable, "-c"),
    "import os, time; from pathlib import Path; from config.one_run import MARK, hold_folder\n"
    "with hold_folder(Path(os.environ.pop(MARK))):\n"
    "    print('held', flush=True); time.sleep(60)",
]


def test_a_folder_too_deep_for_a_socket_is_refused_before_anything_starts(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    with pytest.raises(Refused, match="EARMARK_VAR"), hold_folder(deep):
        pytest.fail("the folder cannot hold a socket")
    assert not deep.exists()


@pytest.mark.parametrize("command", [SLEEP, STUBBORN], ids=["polite", "deaf"])
def test_what_a_killed_run_left_behind_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setattr("config.one_run.STOP_WITHIN", 0.5)
    left = started(tmp_path, command)
    assert left.stdout
    assert left.stdout.readline()
    assert processes_of(tmp_path) == [left.pid]
    stop_leftovers(tmp_path)
    assert left.wait(10) < 0
    left.stdout.close()
    assert processes_of(tmp_path) == []


def test_processes_of_another_folder_are_left_alone(tmp_path: Path) -> None:
    other = started(tmp_path / "other", SLEEP)
    try:
        stop_leftovers(tmp_path)
        assert other.poll() is None
    finally:
        other.kill()
        other.communicate()


def test_a_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret_key"
    first = secret_key(path)
    assert len(first) >= 50
    assert secret_key(path) == first
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("  \n")
    assert len(secret_key(path)) >= 50


def test_the_private_server_keeps_what_was_queued_and_opens_no_port(tmp_path: Path) -> None:
    command = redis_command(tmp_path / "s.sock", tmp_path)
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert (options["--port"], options["--appendonly"]) == ("0", "yes")
    assert options["--unixsocketperm"] == "700"
    assert Path(command[0]).exists()


def test_a_path_with_a_space_stays_one_word_in_a_shell() -> None:
    assert shell(["run", "/a folder/x", "--quiet"]) == "exec run '/a folder/x' --quiet"

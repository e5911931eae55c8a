"""``make run``: one command that starts everything, says where it is, and stops everything."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.processes.product import STOPS_WITHIN, Product, free_port, running, wait_for
from tests.shared_data import ROOT

pytestmark = pytest.mark.processes


@pytest.fixture
def product() -> Iterator[Product]:
    with tempfile.TemporaryDirectory(prefix="earmark-") as folder:
        found = Product(Path(folder) / "var")
        found.folder.mkdir()
        yield found


def refusal(product: Product, **settings: str) -> str:
    """What a start that refuses prints. It ends at once, with 1."""
    done = subprocess.run(
        [sys.executable, "-m", "config.run"],
        cwd=ROOT,
        env={**product.environment, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=STOPS_WITHIN,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def names_of(pids: list[int]) -> str:
    return " ".join(Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in pids)


def test_one_command_starts_everything_and_one_ctrl_c_stops_it(product: Product) -> None:
    port = free_port()
    with running(product, port) as run:
        assert f"http://127.0.0.1:{port}" in run.output
        assert f"{product.folder}/mail/" in run.output
        started = names_of(product.processes)
        for part in ("valkey", "gunicorn", "celery", "worker", "beat"):
            assert part in started
        with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
            assert "The AI Diffusion rule on this day" in response.read().decode()
        assert run.stop() == 0
        assert product.processes == []
    with running(product, port) as run:
        assert "nothing has changed" in run.output
        assert run.stop(signal.SIGTERM) in (0, 128 + signal.SIGTERM)
        assert product.processes == []


def test_a_second_start_in_the_same_folder_or_on_the_same_port_says_what_to_do(
    product: Product,
) -> None:
    port = free_port()
    with running(product, port) as run:
        assert "Earmark is running already" in refusal(product)
        with tempfile.TemporaryDirectory(prefix="earmark-") as other:
            elsewhere = Product(Path(other))
            assert f"Port {port} cannot be used" in refusal(elsewhere, PORT=str(port))
            assert "make run PORT=" in refusal(elsewhere, PORT=str(port))
        run.stop()


def test_what_a_killed_run_left_is_ended_by_the_next_one(product: Product) -> None:
    with running(product, free_port()) as run:
        run.process.kill()
        run.process.wait()
        left = product.processes
        assert left
    with running(product, free_port()) as run:
        assert not set(left) & set(product.processes)
        run.stop()
    assert product.processes == []


def test_when_one_process_dies_the_others_stop_and_the_run_fails(product: Product) -> None:
    with running(product, free_port()) as run:
        (worker, *_) = [p for p in product.processes if " worker " in names_of([p])]
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: run.process.poll() is not None, STOPS_WITHIN)
        assert run.process.returncode != 0
        assert product.processes == []


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(product: Product, port: str) -> None:
    assert f"PORT={port} is no port" in refusal(product, PORT=port)


def test_a_folder_that_is_too_deep_for_a_socket_is_refused(product: Product) -> None:
    deep = product.folder / ("x" * 100)
    assert "EARMARK_VAR" in refusal(Product(deep))


def test_a_port_that_somebody_listens_on_is_left_alone(product: Product) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert f"Port {port} cannot be used" in refusal(product, PORT=str(port))

"""Real files for tests, where they are at hand. A user's clone has none."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("EARMARK_SHARED_DATA", ROOT.parent / "shared" / "data"))


def shared(name: str) -> Path:
    """The path of a real file; skips the test, with the reason, where it is absent."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"real file {name} is not at hand (EARMARK_SHARED_DATA names its folder)")
    return path

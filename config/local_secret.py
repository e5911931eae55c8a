"""A secret key for a local run, made once and kept out of the repository."""

from pathlib import Path
from secrets import token_urlsafe


def secret_key(path: Path) -> str:
    """The key in ``path``, which is created, readable by its owner only, if it is missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(token_urlsafe(50))
    return path.read_text().strip() or token_urlsafe(50)

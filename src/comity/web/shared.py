"""What the workers of one server have in common: a folder, for as long as the server runs."""

import os
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # The library that counts looks there too, when it is imported.


def folder() -> Path | None:
    """Return the folder that the server's first process has made; None: this process is alone."""
    name = os.environ.get(FOLDER)
    return Path(name) if name else None

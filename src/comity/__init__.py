"""Comity: reader comments governed by one guidelines file that is published and enforced.

`comity.score(texts)` judges comments from Python; docs/accuracy.md tells what comes out.
"""

from typing import Any

from comity.detectors import Engine
from comity.findings import Submission
from comity.guidelines import Guidelines

__all__ = ["Engine", "Guidelines", "Submission", "__version__", "score"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Bring `score` when it is asked for: what it needs is slow to import, and servers do not."""
    if name != "score":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from comity.bulk import score  # noqa: PLC0415

    return score

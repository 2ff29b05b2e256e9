"""Comity: reader comments governed by one guidelines file that is published and enforced.

docs/accuracy.md has a five-line example of judging a text from Python.
"""

from comity.detectors import Engine
from comity.findings import Submission
from comity.guidelines import Guidelines

__all__ = ["Engine", "Guidelines", "Submission", "__version__"]

__version__ = "0.1.0"

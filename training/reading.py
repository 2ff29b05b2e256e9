"""What the encoder reads of a plain string; serving reads by the same module."""

from comity.detectors import reading
from comity.text import fold


def read(text: str) -> tuple[str, list[int]]:
    """Return what the encoder reads of a text, and where each of its characters stood in it."""
    return reading.read(fold(text))

"""One row of training data, whatever set it is from."""

from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(slots=True)
class Row:
    """A comment with what is known about it, and only that.

    `labels` gives a label's truth in 0..1; a label that is absent is not known and costs nothing.
    `sure` scales single labels' losses, `weight` all of them. `spans` are (first, last, label,
    truth) in code points of the text; `marked` names the labels whose spans are complete, so that
    every other word is known not to be of them. `group` keeps rows together that must not be torn
    between training and calibration.
    """

    text: str
    labels: dict[str, float]
    source: str
    story: str = ""
    parent: str = ""
    lang: str = "en"
    weight: float = 1.0
    sure: dict[str, float] = field(default_factory=dict)
    spans: list[tuple[int, int, str, float]] = field(default_factory=list)
    marked: frozenset[str] = frozenset()
    group: str = ""


def share(*parts: str) -> float:
    """Return a number in 0..1 that depends on the parts alone: for splits that never move."""
    digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64

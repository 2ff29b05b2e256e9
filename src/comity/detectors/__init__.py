"""The engine: every detector in the order it runs, with the calibration that gives scores a meaning."""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.findings import Detector, Label


@dataclass(frozen=True)
class Engine:
    """All detectors with their word lists and calibration, in one version.

    `version` is a hash over the detectors' code and data: the same version gives the same scores.
    """

    version: str
    detectors: Mapping[str, Detector]
    calibration: Mapping[Label, tuple[tuple[float, float], ...]]

    def line(self, label: Label, one_in: int) -> float | None:
        """Return the score from which at most one of `one_in` fair comments is met by this label.

        None: no score of this label is that safe, so the machine may not do it.
        """
        raise NotImplementedError

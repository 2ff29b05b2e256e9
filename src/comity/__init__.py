"""Comity: reader comments governed by one guidelines file that is published and enforced.

    from comity import Engine, Guidelines, Submission
    from comity.judge import judge

    verdict = judge(Submission.of("You are an idiot."), Guidelines.default(), Engine.default())
    print(verdict.outcome, [breach.rule for breach in verdict.breaches])
"""

from comity.detectors import Engine
from comity.findings import Submission
from comity.guidelines import Guidelines

__all__ = ["Engine", "Guidelines", "Submission", "__version__"]

__version__ = "0.1.0"

"""Contempt, sneering, dismissal and mock politeness towards other readers, without an insult.

Scores are those of a nudge: nothing here is meant to stop a comment. Not raised for plain
disagreement, corrections, teasing among friends or irony about institutions.
"""

from comity.detectors.phrases import look
from comity.findings import Finding, Label, Submission


def incivility(submission: Submission) -> list[Finding]:
    """Look for contempt towards other readers."""
    return look(submission, Label.INCIVILITY)

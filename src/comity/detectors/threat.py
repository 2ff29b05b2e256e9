"""Violence threatened, hinted at, called for or wished on somebody; arson.

Not raised for idioms of sport, kitchen and courtroom, for wishing somebody out of office, or for
hard questions and lawsuits. Only the plainest threats score 0.9 and more.
"""

from comity.detectors.phrases import look
from comity.findings import Finding, Label, Submission


def threat(submission: Submission) -> list[Finding]:
    """Look for threats and for wishes of harm."""
    return look(submission, Label.THREAT)

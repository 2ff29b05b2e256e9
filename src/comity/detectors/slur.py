"""Derogatory terms for protected groups, plain or disguised; no mere mention is ever rejected."""

from comity.detectors.listed import listed
from comity.findings import Finding, Label, Submission


def slur(submission: Submission) -> list[Finding]:
    """Raise slur for listed words, in whatever disguise."""
    return listed(submission, Label.SLUR, "slur")

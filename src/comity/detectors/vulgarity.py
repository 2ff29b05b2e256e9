"""Crude sexual or bodily talk; not medical or factual words for the body."""

from comity.detectors.listed import listed
from comity.findings import Finding, Label, Submission


def vulgarity(submission: Submission) -> list[Finding]:
    """Raise vulgarity for listed words, in whatever disguise."""
    return listed(submission, Label.VULGARITY, "vulgarity")

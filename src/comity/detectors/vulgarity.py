"""Crude sexual or bodily talk; not medical or factual words for the body."""

from comity.detectors.listed import listed
from comity.detectors.phrases import findings, seen
from comity.findings import Finding, Label, Submission


def vulgarity(submission: Submission) -> list[Finding]:
    """Raise vulgarity for listed words, in whatever disguise, and for turns of phrase."""
    phrases = seen(submission.text, "vulgarity_phrases")
    return [
        *listed(submission, Label.VULGARITY, "vulgarity"),
        *findings(submission, Label.VULGARITY, phrases),
    ]

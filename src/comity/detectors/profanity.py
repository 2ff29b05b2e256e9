"""Swear words, in any mood: masked, spaced, misspelt, spelt out, or as an emoji."""

from comity.detectors.listed import listed
from comity.findings import Finding, Label, Submission


def profanity(submission: Submission) -> list[Finding]:
    """Raise profanity for listed words, in whatever disguise."""
    return listed(submission, Label.PROFANITY, "profanity")

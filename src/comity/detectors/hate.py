"""Protected groups degraded, dehumanised or shut out, with or without a slur; dog whistles.

Not raised for the names of groups in neutral use, for arguing about migration, charges or visas,
or for naming hatred in order to oppose it.
"""

from comity.detectors.phrases import look
from comity.findings import Finding, Label, Submission


def hate(submission: Submission) -> list[Finding]:
    """Look for hatred of a protected group."""
    return look(submission, Label.HATE)

"""Which names people may be shown under: readable, no link, no abuse, and no colleague's."""

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.actions import wording
from comity.detectors.profanity import profanity
from comity.detectors.slur import slur
from comity.errors import BadInput, Conflict
from comity.findings import Submission
from comity.models import Membership, User
from comity.text import fold

LONGEST_NAME = 80
NEUTRAL = "Reader"  # In place of a name that cannot be shown.
ABUSIVE = 0.9  # From this score on, a word on a list is not somebody's name.
LINK = re.compile(r"://|www\.|@\S*\.")
# Persian and the scripts of India join and part letters within a name by these two.
JOINED = re.compile("(?<=[\u0590-\u0dff])[\u200c\u200d](?=[\u0590-\u0dff])")


def check(name: str) -> str:
    """Return the name without blanks around it.

    Raises:
        BadInput: blank, too long, with invisible characters or piles of marks, a link or an
            address, or abusive.
    """
    wording.check(name, field="name", longest=LONGEST_NAME)
    name = name.strip()
    if any(unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} for char in JOINED.sub("", name)):
        raise BadInput(
            "This name holds characters that nobody sees.",
            field="name",
            remedy="Type it again without them.",
        )
    if wording.without_piles(name) != name:
        raise BadInput(
            "This name piles marks upon its letters.",
            field="name",
            remedy="Type it again without them.",
        )
    if LINK.search(fold(name).folded):
        raise BadInput("A name is no link.", field="name", remedy="Leave the address out.")
    submission = Submission.of(name)
    if any(found.score >= ABUSIVE for found in (*profanity(submission), *slur(submission))):
        raise BadInput(
            "This name would be read beside all your comments.",
            field="name",
            remedy="Choose one without bad words.",
        )
    return name


def or_neutral(name: str) -> str:
    """Return the name, or a neutral one if it cannot be shown."""
    try:
        return check(name)
    except BadInput:
        return NEUTRAL


def refuse_colleagues(session: Session, name: str) -> None:
    """Raise Conflict if a member of the staff goes by this name, or by one that looks like it."""
    of_staff = select(User.name).where(User.id.in_(select(Membership.user_id)))
    if any(alike(name) == alike(taken) for taken in session.scalars(of_staff)):
        raise Conflict(
            "Somebody of the newsroom goes by this name.", field="name", remedy="Choose another."
        )


def alike(name: str) -> list[str]:
    """Return what names share that look the same, whatever their case and spacing."""
    return fold(name).folded.casefold().split()

"""Remembers, for a day and as hashes only, what a writer was told breaks a rule.

Who is told that a text would be stopped may rephrase it; but disguising the words that broke the
rule and leaving the rest as it was brings the comment before a person.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from comity import db
from comity.actions import wording
from comity.actions.newsroom import Newsroom
from comity.judge import Verdict
from comity.models import Nudge, table_of
from comity.text import Span, Text, fold

SHARE = 0.8  # Of the words that broke no rule, how many must recur in a near copy.
FEWEST = 3  # With fewer such words, likeness is chance.
MOST = 200  # Words beyond these add nothing to likeness.
RECENT = 10  # How many of the writer's latest are compared.


def remember(
    session: Session,
    newsroom: Newsroom,
    *,
    author_id: UUID,
    story_id: UUID,
    text: str,
    verdict: Verdict,
    now: datetime,
) -> None:
    """Keep the hashes of a text that broke a rule."""
    if not verdict.breaches:
        return
    spans = [span for breach in verdict.breaches for span in breach.spans]
    kept = hashes(newsroom, author_id, fold(without(text, spans)))
    db.insert(
        session,
        Nudge,
        user_id=author_id,
        story_id=story_id,
        kept=sorted(kept),
        struck=bool(spans),
        created_at=now,
    )


def without(text: str, spans: list[Span]) -> str:
    """Return the text with the words of some spans struck out."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * len(letters[start:end])
    return "".join(letters)


def hashes(newsroom: Newsroom, author_id: UUID, text: Text) -> set[str]:
    """Return the different words as hashes that only this installation can make."""
    key = author_id.bytes + newsroom.key
    return {
        hmac.new(key, word.encode(), hashlib.sha256).hexdigest()[:8]
        for word in wording.words(text)[:MOST]
    }


def is_near_copy(
    session: Session,
    newsroom: Newsroom,
    *,
    author_id: UUID,
    story_id: UUID,
    text: Text,
    now: datetime,
) -> bool:
    """Say whether the writer was just told that nearly this text breaks a rule.

    Taking the struck words out, and putting none in their place, is what was asked for.
    """
    since = now - timedelta(days=newsroom.settings.retain_preview_days)
    asked = {"author": author_id, "story": story_id, "nudged_since": since}
    told = session.execute(LATEST, asked).all()
    if not told:
        return False
    now_said = hashes(newsroom, author_id, text)
    return any(
        len(kept) >= FEWEST
        and len(now_said.intersection(kept)) >= SHARE * len(kept)
        and (not struck or bool(now_said.difference(kept)))
        for kept, struck in told
    )


nudges = table_of(Nudge)
LATEST = (
    select(nudges.c.kept, nudges.c.struck)
    .where(
        nudges.c.user_id == bindparam("author"),
        nudges.c.story_id == bindparam("story"),
        nudges.c.created_at > bindparam("nudged_since"),
    )
    .order_by(nudges.c.id.desc())
    .limit(RECENT)
)

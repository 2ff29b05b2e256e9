"""Reads Cases back: what was judged, put together again with the story as it stood."""

import msgspec
from sqlalchemy.orm import Session

from comity.actions.newsroom import Newsroom
from comity.case import Case
from comity.models import CaseRow


def thaw(session: Session, newsroom: Newsroom, row: CaseRow) -> Case | None:
    """Return a Case as it was frozen; None if it was erased and only its tombstone is left."""
    if row.record is None:
        return None
    case = msgspec.json.decode(row.record, type=Case)
    case.question.story = newsroom.story(session, row.story_version)
    return case

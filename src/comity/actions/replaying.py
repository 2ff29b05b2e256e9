"""Judges stored Cases again: what a changed guideline would have done, before it is in force."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from comity.actions import cases
from comity.actions.newsroom import Newsroom
from comity.case import Answer, answer
from comity.detectors import Engine
from comity.guidelines import Guidelines
from comity.models import CaseRow, Comment

STEP = 500


class Difference(NamedTuple):
    """A Case on which the guidelines asked about say otherwise than those of its day."""

    comment_id: UUID
    case_id: UUID
    at: datetime
    before: Answer
    after: Answer


def replay(
    session: Session,
    newsroom: Newsroom,
    *,
    guidelines: Guidelines,
    since: datetime,
    site_id: UUID | None = None,
) -> Iterator[Difference]:
    """Yield the Cases since a time, oldest first, that these guidelines would have ruled otherwise.

    Today's detectors look again, with what the site has learnt. Erased Cases are passed over.
    """
    statement = (
        select(CaseRow, Comment.site_id)
        .join(Comment, Comment.id == CaseRow.comment_id)
        .where(sql("record IS NOT NULL"), CaseRow.created_at >= since)
        .order_by(CaseRow.created_at)
        .execution_options(yield_per=STEP)
    )
    if site_id is not None:
        statement = statement.where(Comment.site_id == site_id)
    engines: dict[UUID, Engine] = {}
    for row, site in session.execute(statement):
        case = cases.thaw(session, newsroom, row)
        if case is None:
            continue
        if site not in engines:
            engines[site] = newsroom.engine_of(session, site)
        after = answer(case.question, guidelines, engines[site])
        if differs(case.answer, after):
            yield Difference(row.comment_id, row.id, row.created_at, case.answer, after)


def differs(before: Answer, after: Answer) -> bool:
    """Say whether another thing would become of the comment, or for another rule."""
    return (before.outcome, before.reasons, said(before)) != (
        after.outcome,
        after.reasons,
        said(after),
    )


def said(answer: Answer) -> set[tuple[str, str]]:
    """Return which rules were broken and what each allows."""
    return {(breach.rule, breach.action) for breach in answer.breaches}

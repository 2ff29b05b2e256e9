"""What readers do with comments of their own: post, preview, edit and withdraw them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from comity import db
from comity.actions import drafting, nudging, recording, showing, wording
from comity.actions.drafting import Draft, Page, Writer
from comity.actions.newsroom import Newsroom
from comity.errors import Conflict, Forbidden
from comity.judge import Verdict
from comity.models import (
    Appeal,
    By,
    Comment,
    Decision,
    Flag,
    Occasion,
    Status,
    Story,
    User,
)
from comity.queries.own import OWN, OwnComment

LONGEST_CLIENT_ID = 64


def post(
    session: Session,
    newsroom: Newsroom,
    *,
    story: Page,
    author: Writer,
    text: str,
    reply_to: UUID | None,
    client_id: str,
    now: datetime,
) -> OwnComment:
    """Take a comment; published, held or rejected, it is stored with what was decided and why.

    Best in `db.transaction(engine, lock=False)`: then nobody waits while it is judged.

    Raises:
        BadInput, NotFound, Conflict, Forbidden, Sanctioned: why nothing was stored.
    """
    # 1  A double click is not a fault.
    wording.check(client_id, field="client_id", longest=LONGEST_CLIENT_ID)
    if earlier := made_by(session, author, client_id):
        return earlier

    # 2, 3  May it be posted here at all? Then rows become a value.
    draft = drafting.draft(
        session, newsroom, story=story, author=author, text=text, reply_to=reply_to, now=now
    )

    # 4  The guidelines rule on what the detectors see.
    verdict = newsroom.judge(draft.submission, draft.guidelines, draft.engine)

    # 5  Nobody else writes from here on: look again, then store all of it or nothing.
    db.write(session)
    draft, verdict = drafting.check_again(session, newsroom, draft, verdict, now=now)
    row = new_row(draft, verdict, client_id=client_id, now=now)
    is_new = db.insert_unless_there(session, Comment, **row) is not None
    if not is_new and (earlier := made_by(session, author, client_id)):  # This click was quicker.
        return earlier
    recording.record(
        session,
        newsroom,
        draft,
        verdict,
        comment_id=row["id"],
        decision_id=row["decision_id"],
        now=now,
    )
    if row["shown"]:
        showing.add(session, draft.place(row["id"]))
    return OwnComment(**{name: row[name] for name in OwnComment._fields})


def made_by(session: Session, author: Writer, client_id: str) -> OwnComment | None:
    """Return the comment that this click has made, if it has."""
    row = db.run(session, MADE_BY, {"author": author.id, "click": client_id}).one_or_none()
    return OwnComment(*row) if row else None


def new_row(draft: Draft, verdict: Verdict, *, client_id: str, now: datetime) -> dict[str, Any]:
    """Return what is stored of a new comment, column by column."""
    parent = draft.parent
    status = recording.STATUS[verdict.outcome]
    return {
        "id": uuid7(),
        "site_id": draft.site_id,
        "story_id": draft.story_id,
        "author_id": draft.author_id,
        "parent_id": parent and parent.id,
        "root_id": parent and (parent.root_id or parent.id),
        "depth": parent.depth + 1 if parent else 0,
        "text": draft.text,
        "fingerprint": draft.fingerprint,
        "client_id": client_id,
        "revision": 1,
        "status": status,
        "decision_id": uuid7(),
        "urgency": recording.urgency(verdict, draft.guidelines),
        "shown": status is Status.PUBLISHED,
        "answers": 0,
        "replies": 0,
        "created_at": now,
        "edited_at": None,
        "erased_at": None,
    }


def preview(
    session: Session,
    newsroom: Newsroom,
    *,
    story: Story,
    author: User,
    text: str,
    reply_to: UUID | None,
    now: datetime,
) -> Verdict:
    """Say what would become of a comment; only hashes of a text that would be stopped are kept.

    Raises:
        BadInput, NotFound, Conflict, Forbidden, Sanctioned: why it could not be posted.
    """
    draft = drafting.draft(
        session, newsroom, story=story, author=author, text=text, reply_to=reply_to, now=now
    )
    verdict = newsroom.judge(draft.submission, draft.guidelines, draft.engine)
    if verdict.breaches:
        db.write(session)
        nudging.remember(
            session,
            newsroom,
            author_id=author.id,
            story_id=story.id,
            text=text,
            verdict=verdict,
            now=now,
        )
    return verdict


def edit(
    session: Session,
    newsroom: Newsroom,
    *,
    comment: Comment,
    author: User,
    text: str,
    now: datetime,
) -> Comment:
    """Put another text in a comment's place for a while after it came; it is judged like a new one.

    Raises:
        Forbidden: not the writer, or a person has rejected it.
        Conflict: too late, withdrawn, flagged, under appeal, or decided upon in this very moment.
        BadInput, Sanctioned: as for a new comment.
    """
    require_own(comment, author)
    require_editable(session, newsroom, comment, now)
    if wording.is_same(text, comment.text):
        return comment
    draft = drafting.draft(
        session,
        newsroom,
        story=session.get_one(Story, comment.story_id),
        author=author,
        text=text,
        reply_to=comment.parent_id,
        revises=comment,
        now=now,
    )
    verdict = newsroom.judge(draft.submission, draft.guidelines, draft.engine)

    seen = comment.decision_id
    db.write(session)
    draft, verdict = drafting.check_again(session, newsroom, draft, verdict, now=now)
    recording.lock(session, comment)
    if comment.decision_id != seen:
        raise Conflict(
            "Somebody has just decided on this comment.", remedy="Read what became of it first."
        )
    require_not_in_question(session, comment)
    revise(session, newsroom, comment, draft, verdict, now=now)
    return comment


def revise(
    session: Session,
    newsroom: Newsroom,
    comment: Comment,
    draft: Draft,
    verdict: Verdict,
    *,
    now: datetime,
) -> None:
    """Store another text in a comment's place, and what was decided about it."""
    before, previous_id = comment.status, comment.decision_id
    comment.text, comment.fingerprint = draft.text, draft.fingerprint
    comment.revision += 1
    comment.edited_at = now
    comment.status = recording.STATUS[verdict.outcome]
    comment.urgency = min(
        recording.urgency(verdict, draft.guidelines),
        recording.flagged_urgency(session, comment.id, draft.guidelines),
    )
    comment.decision_id = uuid7()
    recording.record(
        session,
        newsroom,
        draft,
        verdict,
        comment_id=comment.id,
        decision_id=comment.decision_id,
        revision=comment.revision,
        previous_id=previous_id,
        now=now,
    )
    session.flush()
    showing.change(session, draft.place(comment.id), before, comment.status)
    session.refresh(comment)


def require_own(comment: Comment, author: User) -> None:
    """Raise Forbidden unless the user wrote the comment."""
    if comment.author_id != author.id:
        raise Forbidden("This comment is somebody else's.", remedy="Change only your own.")


def require_editable(session: Session, newsroom: Newsroom, comment: Comment, now: datetime) -> None:
    """Raise unless the comment may still be edited by its writer."""
    if comment.status is Status.WITHDRAWN:
        raise Conflict("This comment was withdrawn.", remedy="Write a new one.")
    if session.get_one(Decision, comment.decision_id).confirmed:
        raise Forbidden("A moderator has rejected this comment.", remedy="You may appeal.")
    if now > comment.created_at + timedelta(minutes=newsroom.settings.edit_minutes):
        raise Conflict(
            f"A comment may be edited for {newsroom.settings.edit_minutes} minutes.",
            remedy="Answer it with a correction, or withdraw it.",
        )
    require_not_in_question(session, comment)


def require_not_in_question(session: Session, comment: Comment) -> None:
    """Raise Conflict while a person has yet to answer a flag or an appeal about the comment."""
    flagged = select(Flag.id).where(Flag.comment_id == comment.id, Flag.answered_by.is_(None))
    appealed = select(Appeal.id).where(
        Appeal.decision_id == comment.decision_id, Appeal.answered_at.is_(None)
    )
    if session.scalar(flagged.limit(1)) or session.scalar(appealed.limit(1)):
        raise Conflict(
            "A moderator is about to read this comment as it stands.",
            remedy="Wait for the answer."
            if comment.status is Status.REJECTED
            else "Wait for the answer, or withdraw the comment.",
        )


def withdraw(
    session: Session, newsroom: Newsroom, *, comment: Comment, author: User, now: datetime
) -> Comment:
    """Take a comment back: readers see a place-holder where answers stand below it.

    What waits for a moderator goes on waiting: withdrawing is no way around the ladder.

    Raises:
        Forbidden: not the writer.
        Conflict: it was rejected, so that nobody reads it; the decision may be appealed.
    """
    require_own(comment, author)
    db.write(session)
    recording.lock(session, comment)
    if comment.status is Status.REJECTED:
        raise Conflict(
            "This comment was rejected and is not public.",
            remedy="You may appeal; its text is erased when its time is up.",
        )
    if comment.status is not Status.WITHDRAWN:
        recording.settle(
            session,
            newsroom,
            comment,
            Status.WITHDRAWN,
            by=By.WRITER,
            actor=author,
            occasion=Occasion.WITHDRAWAL,
            now=now,
        )
    return comment


MADE_BY = OWN.where(
    Comment.author_id == bindparam("author"), Comment.client_id == bindparam("click")
)

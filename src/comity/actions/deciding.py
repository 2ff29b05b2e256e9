"""What moderators do with comments: publish or reject them, and take that back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity import db
from comity.actions import recording, sanctioning, users, wording
from comity.actions.newsroom import Newsroom
from comity.errors import BadInput, Conflict, Forbidden
from comity.models import (
    Appeal,
    By,
    Comment,
    Decision,
    Flag,
    Occasion,
    Role,
    Status,
    User,
)

LONGEST_NOTE = 2_000


def decide(
    session: Session,
    newsroom: Newsroom,
    *,
    comment: Comment,
    moderator: User,
    outcome: Status,
    rules: list[str],
    note: str,
    seen: UUID,
    now: datetime,
) -> Decision:
    """Publish or reject a comment, having `seen` its latest decision.

    Where the writer seems to be in despair, a comment may be kept back with no rule named: that
    confirms no breach and counts nothing against anybody.

    A rejection confirms a breach, so the ladder may follow. Whatever followed from an earlier
    decision on this comment ends. What its writer has withdrawn stays out of sight, yet a breach
    in it is confirmed like any other; publishing it says that there was none.

    Raises:
        Forbidden: not a moderator of the site, or the comment's own writer.
        Conflict: somebody was quicker, its words are erased, an appeal is open, or the same was
            decided already.
        BadInput: neither published nor rejected, a rejection without a rule, or an unknown rule.
    """
    check_outcome(session, newsroom, comment, outcome=outcome, rules=rules, note=note)
    hold(session, comment, moderator, seen)
    confirms = outcome is Status.REJECTED and bool(rules)
    if outcome is Status.REJECTED:
        require_news(session, comment, rules)
    is_flagged = session.scalar(
        select(Flag.id).where(Flag.comment_id == comment.id, Flag.answered_by.is_(None)).limit(1)
    )
    decision = recording.settle(
        session,
        newsroom,
        comment,
        outcome if outcome is Status.REJECTED else recording.fair(session, comment),
        by=By.PERSON,
        actor=moderator,
        occasion=Occasion.FLAG if is_flagged else Occasion.QUEUE,
        rules=rules if outcome is Status.REJECTED else [],
        confirmed=confirms,
        note=note,
        now=now,
    )
    follow(session, newsroom, comment, decision, moderator=moderator, now=now)
    return decision


def check_outcome(
    session: Session,
    newsroom: Newsroom,
    comment: Comment,
    *,
    outcome: Status,
    rules: list[str],
    note: str,
) -> None:
    """Raise BadInput unless this can be decided under the guidelines in force."""
    wording.check(note, field="note", longest=LONGEST_NOTE, may_be_empty=True)
    if outcome not in {Status.PUBLISHED, Status.REJECTED}:
        raise BadInput(
            "A moderator publishes or rejects.", field="outcome", remedy="Choose one of the two."
        )
    latest = session.get_one(Decision, comment.decision_id)
    if outcome is Status.REJECTED and not rules and not recording.needed_care(session, latest):
        raise BadInput(
            "A rejection names the rule that was broken.", field="rules", remedy="Choose a rule."
        )
    guidelines = newsroom.guidelines(session, comment.site_id)
    sanctioning.require_rules(guidelines, rules, field="rules")


def hold(session: Session, comment: Comment, moderator: User, seen: UUID) -> None:
    """Lock a comment for a moderator who has seen its latest decision, or raise why not."""
    users.require(session, moderator, comment.site_id, Role.MODERATOR)
    if moderator.id == comment.author_id:
        raise Forbidden("Nobody decides on a comment of their own.", remedy="Ask a colleague.")
    db.write(session)
    recording.lock(session, comment)
    if comment.decision_id != seen:
        raise Conflict(
            "Somebody has decided on this comment since you looked.", remedy="Look again."
        )
    if comment.erased_at is not None:
        raise Conflict("The words of this comment are erased.", remedy="There is nothing to do.")
    if session.scalar(
        select(Appeal.id).where(Appeal.decision_id == seen, Appeal.answered_at.is_(None))
    ):
        raise Conflict("The writer has appealed.", remedy="Answer the appeal.")


def require_news(session: Session, comment: Comment, rules: list[str]) -> None:
    """Raise Conflict if this breach is confirmed already, so that no sanction begins anew."""
    latest = session.get_one(Decision, comment.decision_id)
    is_known = latest.confirmed or (latest.status is Status.REJECTED and not latest.rules)
    if is_known and set(latest.rules) == set(rules):
        raise Conflict(
            "This comment is rejected under the same rules already.",
            remedy="There is nothing to do; publish it, or name other rules.",
        )


def follow(
    session: Session,
    newsroom: Newsroom,
    comment: Comment,
    decision: Decision,
    *,
    moderator: User,
    now: datetime,
) -> None:
    """Let the ladder follow the new decision, in place of what followed from earlier ones.

    What other decisions brought upon the writer by counting this breach ends with it.
    """
    sanctioning.lift_what_followed(
        session,
        comment=comment,
        moderator=moderator,
        because="The decision that it followed from was replaced.",
        now=now,
    )
    sanctioning.lift_what_is_not_reached(
        session, newsroom, comment=comment, moderator=moderator, now=now
    )
    if decision.confirmed:
        sanctioning.climb(
            session, newsroom, comment=comment, decision=decision, moderator=moderator, now=now
        )


def undo(
    session: Session,
    newsroom: Newsroom,
    *,
    comment: Comment,
    moderator: User,
    seen: UUID,
    note: str,
    now: datetime,
) -> Decision:
    """Take a moderator's latest decision back: the comment stands, and waits, as it did before.

    Raises:
        Forbidden: not a moderator of the site, or the comment's own writer.
        Conflict: the latest decision is not a moderator's, somebody was quicker, an appeal is open.
    """
    wording.check(note, field="note", longest=LONGEST_NOTE, may_be_empty=True)
    hold(session, comment, moderator, seen)
    undone = session.get_one(Decision, seen)
    if undone.occasion not in {Occasion.QUEUE, Occasion.FLAG} or undone.previous_id is None:
        raise Conflict(
            "Only a moderator's own decision from the queue can be taken back.",
            remedy="Decide anew instead.",
        )
    before = session.get_one(Decision, undone.previous_id)
    decision = recording.settle(
        session,
        newsroom,
        comment,
        before.status,
        by=By.PERSON,
        actor=moderator,
        occasion=Occasion.UNDO,
        rules=before.rules,
        confirmed=before.confirmed,
        note=note,
        now=now,
    )
    follow(session, newsroom, comment, decision, moderator=moderator, now=now)
    return decision

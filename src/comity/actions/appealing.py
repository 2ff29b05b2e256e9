"""Objections to decisions and sanctions: by the person concerned, answered by somebody else."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from comity import db
from comity.actions import recording, sanctioning, users, wording
from comity.actions.deciding import follow
from comity.actions.newsroom import Newsroom
from comity.errors import BadInput, Conflict, Forbidden, TooMany
from comity.models import (
    Appeal,
    By,
    Comment,
    Decision,
    Occasion,
    Role,
    Ruling,
    Sanction,
    Status,
    User,
)

LONGEST_TEXT = 2_000
TEMPLATES = {
    "We have read your comment again, with what it answers. The rule named was broken, and the "
    "decision stands.": Ruling.UPHELD,
    "You meant it differently, we believe; but readers will understand it as it stands there. You "
    "are welcome to say it in other words.": Ruling.UPHELD,
    "You are right: the comment breaks no rule. It is public now.": Ruling.REVERSED,
    "The comment was on the border, and we prefer to let it be heard. It is public now.": (
        Ruling.REVERSED
    ),
}
"""Answers to begin from, each with the ruling that it goes with."""


def appeal(
    session: Session,
    newsroom: Newsroom,
    *,
    person: User,
    text: str,
    now: datetime,
    decision: Decision | None = None,
    sanction: Sanction | None = None,
) -> Appeal:
    """Object to the rejection of one's comment, or to a sanction; give exactly one of the two.

    Raises:
        Forbidden: it concerns somebody else.
        Conflict: too late, appealed already, or no longer in force.
        TooMany: too many appeals within a day.
        BadInput: the text is blank, too long or not text.
    """
    if (decision is None) == (sanction is None):
        raise BadInput(
            "An appeal is about one thing.",
            field="decision",
            remedy="Name a decision or a sanction.",
        )
    wording.check(text, field="text", longest=LONGEST_TEXT)
    db.write(session)
    if decision is not None:
        require_appealable(session, person, decision)
    elif sanction is not None:
        require_in_force(person, sanction, now)
    concerned = decision or sanction
    assert concerned is not None
    if now > concerned.created_at + timedelta(days=newsroom.settings.appeal_days):
        raise Conflict(
            f"The {newsroom.settings.appeal_days} days in which to appeal are over.",
            remedy="A court or an out-of-court body may still hear you.",
        )
    require_few(session, newsroom, person, now)
    made = db.insert_unless_there(
        session,
        Appeal,
        site_id=concerned.site_id,
        user_id=person.id,
        decision_id=decision.id if decision else None,
        sanction_id=sanction.id if sanction else None,
        text=text,
        created_at=now,
        ruling=None,
        answer="",
        answered_by=None,
        answered_at=None,
    )
    if made is None:
        raise Conflict("You have appealed already.", remedy="Each decision is appealed once.")
    return session.get_one(Appeal, made)


def require_appealable(session: Session, person: User, decision: Decision) -> None:
    """Raise unless the person's comment stands rejected by this decision."""
    comment = session.get_one(Comment, decision.comment_id)
    if comment.author_id != person.id:
        raise Forbidden("This decision concerns somebody else.", remedy="Appeal your own.")
    if comment.decision_id != decision.id or decision.status is not Status.REJECTED:
        raise Conflict(
            "This decision is not in force, or restricts nothing.",
            remedy="Look at what became of the comment since.",
        )
    if decision.occasion is Occasion.APPEAL:
        raise Conflict(
            "This decision answers an appeal, and is final here.",
            remedy="A court or an out-of-court body may still hear you.",
        )


def require_in_force(person: User, sanction: Sanction, now: datetime) -> None:
    """Raise unless the sanction is the person's and counts now."""
    if sanction.user_id != person.id:
        raise Forbidden("This sanction concerns somebody else.", remedy="Appeal your own.")
    if sanction.lifted_at is not None or (sanction.until is not None and sanction.until <= now):
        raise Conflict("This sanction is over.", remedy="There is nothing to appeal.")


def require_few(session: Session, newsroom: Newsroom, person: User, now: datetime) -> None:
    """Raise TooMany if the person has used up the appeals of this day."""
    recent = session.scalar(
        select(func.count()).where(
            Appeal.user_id == person.id, Appeal.created_at > now - timedelta(days=1)
        )
    )
    if (recent or 0) >= newsroom.settings.appeals_per_day:
        raise TooMany(
            f"You have made {recent} appeals within a day.",
            retry_after=86_400,
            remedy="Each is read by a person; come back tomorrow.",
        )


def answer(
    session: Session,
    newsroom: Newsroom,
    *,
    appeal: Appeal,
    moderator: User,
    ruling: Ruling,
    answer: str,
    now: datetime,
) -> Appeal:
    """Answer an appeal: uphold what was decided, or reverse it with all that followed.

    Raises:
        Forbidden: not a moderator there, the one who decided, or the one who appeals.
        Conflict: it was answered already.
        BadInput: the answer is blank, too long or not text.
    """
    wording.check(answer, field="answer", longest=LONGEST_TEXT)
    users.require(session, moderator, appeal.site_id, Role.MODERATOR)
    db.write(session)
    session.refresh(appeal, with_for_update=True)
    if appeal.answered_at is not None:
        raise Conflict("This appeal was answered already.", remedy="There is nothing to do.")
    if moderator.id in {appeal.user_id, decider(session, appeal)}:
        raise Forbidden(
            "An appeal is answered by somebody else than the one who decided.",
            remedy="Ask a colleague.",
        )
    appeal.ruling, appeal.answer = ruling, answer
    appeal.answered_by, appeal.answered_at = moderator.id, now
    session.flush()
    if appeal.decision_id is not None:
        answer_for_decision(session, newsroom, appeal, moderator, now)
    elif ruling is Ruling.REVERSED:
        lift_sanction(session, appeal, moderator, now)
    session.refresh(appeal)
    return appeal


def decider(session: Session, appeal: Appeal) -> UUID | None:
    """Return who decided what is appealed; None if that was the machine."""
    if appeal.decision_id is not None:
        return session.get_one(Decision, appeal.decision_id).actor_id
    return session.get_one(Sanction, appeal.sanction_id).by_id


def answer_for_decision(
    session: Session, newsroom: Newsroom, appeal: Appeal, moderator: User, now: datetime
) -> None:
    """Write the decision that the answer is; an upheld decision of a person stands as it is."""
    appealed = session.get_one(Decision, appeal.decision_id)
    if appeal.ruling is Ruling.UPHELD and (appealed.confirmed or not appealed.rules):
        return
    comment = session.get_one(Comment, appealed.comment_id)
    recording.lock(session, comment)
    if comment.decision_id != appealed.id:
        return  # The account was erased meanwhile, and the comment with it.
    is_upheld = appeal.ruling is Ruling.UPHELD
    decision = recording.settle(
        session,
        newsroom,
        comment,
        Status.REJECTED if is_upheld else recording.fair(session, comment),
        by=By.PERSON,
        actor=moderator,
        occasion=Occasion.APPEAL,
        rules=appealed.rules if is_upheld else [],
        confirmed=is_upheld,
        note=appeal.answer,
        now=now,
    )
    follow(session, newsroom, comment, decision, moderator=moderator, now=now)


def lift_sanction(session: Session, appeal: Appeal, moderator: User, now: datetime) -> None:
    """End the sanction that was appealed, unless it has ended."""
    sanction = session.get_one(Sanction, appeal.sanction_id)
    session.refresh(sanction, with_for_update=True)
    if sanction.lifted_at is None:
        sanctioning.end(session, sanction, moderator, appeal.answer, now)

"""A person leaves: name, sign-in and words are erased; decisions and sanctions stay, nameless."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from comity import db
from comity.actions import recording, retaining, sanctioning, users
from comity.actions.newsroom import Newsroom
from comity.errors import Forbidden
from comity.models import (
    Appeal,
    By,
    Comment,
    Flag,
    Membership,
    Nudge,
    Occasion,
    Role,
    Sanction,
    Status,
    User,
    table_of,
)


def erase(
    session: Session, newsroom: Newsroom, *, user: User, by: User | None, now: datetime
) -> User:
    """Erase a person, as they or an owner of all sites wish; it cannot be undone.

    Published and held comments are withdrawn, so that answers keep their place below a
    place-holder; the words of all comments, flags and appeals, and their Cases, are erased. What
    others quoted of them in answers stays theirs. Cases of answers keep the words answered until
    their own time is up. `by` is None only for who sits at the server itself.

    Raises:
        Forbidden: neither the person nor an owner.
    """
    if by is not None and by.id != user.id and not users.has(session, by, None, Role.OWNER):
        raise Forbidden("Only the person or an owner may do this.", remedy="Ask an owner.")
    db.write(session)
    for comment in session.scalars(
        select(Comment).where(
            Comment.author_id == user.id, Comment.status.in_((Status.PUBLISHED, Status.HELD))
        )
    ).all():
        recording.lock(session, comment)
        recording.settle(
            session,
            newsroom,
            comment,
            Status.WITHDRAWN,
            by=By.WRITER,
            actor=user,
            occasion=Occasion.WITHDRAWAL,
            now=now,
        )
    kept = select(Comment.id).where(Comment.author_id == user.id, Comment.erased_at.is_(None))
    retaining.erase_words(session, list(session.scalars(kept)), now)
    flags, appeals = table_of(Flag), table_of(Appeal)
    session.execute(update(flags).where(flags.c.user_id == user.id).values(note=""))
    session.execute(update(appeals).where(appeals.c.user_id == user.id).values(text=""))
    for kind in (Nudge, Membership):
        table = table_of(kind)
        session.execute(delete(table).where(table.c.user_id == user.id))
    # Whoever is blocked does not come back as somebody else by leaving.
    is_blocked = any(
        sanction.measure in sanctioning.SILENCING and sanction.lifted_at is None
        for sanction in session.scalars(select(Sanction).where(Sanction.user_id == user.id))
    )
    user.external = users.trace(user.external) if user.external and is_blocked else None
    user.name, user.login, user.password = "", None, None
    user.epoch += 1
    user.erased_at = now
    session.flush()
    return user

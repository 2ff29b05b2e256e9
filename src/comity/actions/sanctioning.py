"""What happens to a person: warned, read first, suspended or blocked, with a reason and an end."""

# ruff: noqa: ARG001  All actions are called alike.

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from comity.actions import users, wording
from comity.actions.newsroom import Newsroom
from comity.errors import BadInput, Conflict, Forbidden, Sanctioned
from comity.guidelines import Guidelines, Measure, Rung
from comity.models import Comment, Decision, Role, Sanction, Site, Status, User, table_of

LONGEST_REASON = 2_000
WEIGHT = list(Measure)
SILENCING = (Measure.SUSPEND, Measure.BLOCK)


class InForce(NamedTuple):
    """A sanction that counts now."""

    id: UUID
    site_id: UUID | None
    measure: Measure
    reason: str
    until: datetime | None


def in_force(session: Session, user_id: UUID, site_id: UUID, now: datetime) -> list[InForce]:
    """Return the sanctions that count for a person on a site now."""
    values = {"author": user_id, "site": site_id, "now": now}
    return [InForce(*row) for row in session.execute(IN_FORCE, values)]


sanctions = table_of(Sanction)
IN_FORCE = select(
    sanctions.c.id,
    sanctions.c.site_id,
    sanctions.c.measure,
    sanctions.c.reason,
    sanctions.c.until,
).where(
    sanctions.c.user_id == bindparam("author"),
    sanctions.c.lifted_at.is_(None),
    sanctions.c.site_id.is_(None) | (sanctions.c.site_id == bindparam("site")),
    sanctions.c.until.is_(None) | (sanctions.c.until > bindparam("now")),
)


def require_may_write(
    session: Session, newsroom: Newsroom, *, user: User, site_id: UUID, now: datetime
) -> frozenset[Measure]:
    """Return the measures in force, if none of them silences the person.

    Raises:
        Sanctioned: suspended or blocked here: why, until when, and where to appeal.
    """
    if user.erased_at is not None:
        raise Forbidden("This account was erased.", remedy="Make a new one.")
    found = in_force(session, user.id, site_id, now)
    silencing = [sanction for sanction in found if sanction.measure in SILENCING]
    if silencing:
        longest = max(
            silencing, key=lambda sanction: (sanction.until is None, sanction.until or now)
        )
        raise sanctioned(newsroom, longest)
    return frozenset(sanction.measure for sanction in found)


def sanctioned(newsroom: Newsroom, sanction: InForce) -> Sanctioned:
    """Return the error that tells a person of a sanction."""
    done = "blocked" if sanction.measure is Measure.BLOCK else "suspended"
    where = "on all our sites" if sanction.site_id is None else "here"
    end = (
        f"until {sanction.until:%d %B %Y, %H:%M} UTC"
        if sanction.until
        else "until a moderator lifts it"
    )
    return Sanctioned(
        f"You are {done} {where} {end}. The reason: {sanction.reason}",
        until=sanction.until,
        remedy=f"You may read, and appeal at "
        f"{newsroom.settings.url}/statements/sanctions/{sanction.id}.",
    )


def sanction(
    session: Session,
    newsroom: Newsroom,
    *,
    user: User,
    site: Site | None,
    measure: Measure,
    rule: str,
    reason: str,
    moderator: User,
    now: datetime,
    days: int | None = None,
    decision: Decision | None = None,
) -> Sanction:
    """Sanction a person on a site or everywhere, for days or until it is lifted.

    Raises:
        Forbidden: not a moderator there, or the person is of the staff, or oneself.
        BadInput: no such rule, no reason, a suspension without end or an end that is no day.
    """
    site_id = site.id if site else None
    users.require(session, moderator, site_id, Role.MODERATOR)
    if user.id == moderator.id or is_staff(session, user, site_id):
        raise Forbidden(
            "Members of the staff are not sanctioned.", remedy="An owner may take their role first."
        )
    wording.check(reason, field="reason", longest=LONGEST_REASON)
    guidelines = newsroom.guidelines(session, site_id)
    require_rules(guidelines, [rule], field="rule")
    if days is not None and not 1 <= days <= 36_500:
        raise BadInput(f"{days} is no number of days.", field="days", remedy="Give 1 to 36,500.")
    if days is None and measure is Measure.SUSPEND:
        raise BadInput(
            "A suspension needs an end.", field="days", remedy="Give its days, or block instead."
        )
    newsroom.keep(session, guidelines)
    made = Sanction(
        user_id=user.id,
        site_id=site_id,
        measure=measure,
        rule=rule,
        guidelines=guidelines.version,
        reason=reason,
        decision_id=decision.id if decision else None,
        by_id=moderator.id,
        created_at=now,
        until=end_of(measure, days, now),
    )
    session.add(made)
    session.flush()
    return made


def is_staff(session: Session, user: User, site_id: UUID | None) -> bool:
    """Say whether somebody moderates the site; no site: any site at all."""
    if site_id is None:
        return bool(users.sites_of(session, user, Role.MODERATOR))
    return users.has(session, user, site_id, Role.MODERATOR)


def end_of(measure: Measure, days: int | None, since: datetime) -> datetime | None:
    """Return when a measure ends by itself; None is never, and a warning has no end."""
    return None if days is None or measure is Measure.WARN else since + timedelta(days=days)


def require_rules(guidelines: Guidelines, rules: Iterable[str], *, field: str) -> None:
    """Raise BadInput unless all are rules of these guidelines."""
    for rule in rules:
        if guidelines.rule(rule) is None:
            known = ", ".join(known.id for known in guidelines.rules)
            raise BadInput(
                f"The guidelines have no rule {rule!r}.", field=field, remedy=f"Choose of: {known}."
            )


def climb(
    session: Session,
    newsroom: Newsroom,
    *,
    comment: Comment,
    decision: Decision,
    moderator: User,
    now: datetime,
) -> Sanction | None:
    """Do what the guidelines' ladder demands after a confirmed breach; None if that is nothing.

    Of several rungs that are reached, the gravest counts. Staff are left to their owners.
    """
    guidelines = newsroom.guidelines(session, comment.site_id)
    author = session.get_one(User, comment.author_id)
    if users.has(session, author, comment.site_id, Role.MODERATOR):
        return None
    # Two breaches confirmed at once are counted one after the other.
    session.refresh(author, with_for_update={"key_share": True})
    breaches = confirmed_breaches(session, author.id, comment.site_id)
    reached = [
        rung
        for rung in guidelines.ladder
        if rung.rules & set(decision.rules) and is_reached(rung, breaches, now)
    ]
    if not reached:
        return None
    rung = max(reached, key=lambda rung: (WEIGHT.index(rung.measure), rung.for_days or 10**6))
    rule_id = next(rule for rule in decision.rules if rule in rung.rules)
    rule = guidelines.rule(rule_id)
    return sanction(
        session,
        newsroom,
        user=author,
        site=session.get_one(Site, comment.site_id),
        measure=rung.measure,
        rule=rule_id,
        reason=f"A comment of yours broke the rule “{rule.title if rule else rule_id}”.",
        moderator=moderator,
        days=rung.for_days,
        decision=decision,
        now=now,
    )


def is_reached(rung: Rung, breaches: list[tuple[list[str], datetime]], at: datetime) -> bool:
    """Say whether breaches enough to stand on a rung were confirmed by a time."""
    since = at - timedelta(days=rung.days)
    counted = [rules for rules, when in breaches if since < when <= at and rung.rules & set(rules)]
    return len(counted) >= rung.count


def confirmed_breaches(
    session: Session, user_id: UUID, site_id: UUID
) -> list[tuple[list[str], datetime]]:
    """Return rules and first time of each breach that a person confirmed and nobody reversed."""
    earlier = aliased(Decision)
    first = (
        select(func.min(earlier.created_at))
        .where(earlier.comment_id == Comment.id, earlier.confirmed)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Decision.rules, first)
        .join(Comment, Comment.decision_id == Decision.id)
        .where(
            Comment.author_id == user_id,
            Comment.site_id == site_id,
            Comment.status == Status.REJECTED,
            Decision.confirmed,
        )
    )
    return [(rules, at) for rules, at in rows]


def lift(
    session: Session,
    newsroom: Newsroom,
    *,
    sanction: Sanction,
    moderator: User,
    because: str,
    now: datetime,
) -> Sanction:
    """End a sanction.

    Raises:
        Forbidden: not a moderator there, or the sanction is one's own.
        Conflict: it was lifted already.
    """
    users.require(session, moderator, sanction.site_id, Role.MODERATOR)
    if sanction.user_id == moderator.id:
        raise Forbidden("Nobody lifts a sanction of their own.", remedy="Ask a colleague.")
    wording.check(because, field="because", longest=LONGEST_REASON)
    session.refresh(sanction, with_for_update=True)
    if sanction.lifted_at is not None:
        raise Conflict("This sanction was lifted already.", remedy="There is nothing to do.")
    end(session, sanction, moderator, because, now)
    return sanction


def end(session: Session, sanction: Sanction, moderator: User, because: str, now: datetime) -> None:
    """Write that a sanction has ended, by whose hand and why."""
    sanction.lifted_at, sanction.lifted_by, sanction.lifted_because = now, moderator.id, because
    session.flush()


def lift_what_followed(
    session: Session, *, comment: Comment, moderator: User, because: str, now: datetime
) -> None:
    """End the sanctions that followed from earlier decisions on a comment."""
    followed = session.scalars(
        select(Sanction)
        .join(Decision, Decision.id == Sanction.decision_id)
        .where(Decision.comment_id == comment.id, Sanction.lifted_at.is_(None))
    )
    for sanction in followed.all():
        end(session, sanction, moderator, because, now)


def lift_what_is_not_reached(
    session: Session, newsroom: Newsroom, *, comment: Comment, moderator: User, now: datetime
) -> None:
    """End the ladder's sanctions that the writer's breaches, as they stand now, would not bring."""
    standing = session.scalars(
        select(Sanction).where(
            Sanction.user_id == comment.author_id,
            Sanction.site_id == comment.site_id,
            Sanction.decision_id.is_not(None),
            Sanction.lifted_at.is_(None),
            Sanction.until.is_(None) | (Sanction.until > now),
        )
    ).all()
    breaches = confirmed_breaches(session, comment.author_id, comment.site_id) if standing else []
    for sanction in standing:
        at = sanction.created_at
        rungs = [
            rung
            for rung in newsroom.version(session, sanction.guidelines).ladder
            if rung.measure is sanction.measure
            and sanction.rule in rung.rules
            and end_of(rung.measure, rung.for_days, at) == sanction.until
        ]
        if not any(is_reached(rung, breaches, at) for rung in rungs):
            because = "A breach that it counted was not one after all."
            end(session, sanction, moderator, because, now)

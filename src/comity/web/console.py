"""The moderators' console: what waits, one comment's file, and the decision on it.

Everything is a form, so it works without JavaScript; and everything is looked up within the sites
that the person may moderate, so that what lies elsewhere is not even known to exist.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from comity import db, queries
from comity.actions import deciding, users
from comity.errors import BadInput, ComityError, Conflict, Forbidden
from comity.models import Appeal, Comment, Decision, Occasion, Role, Sanction, Site, Status, User
from comity.web import casefile
from comity.web.access import Who, may
from comity.web.errors import no_such
from comity.web.forms import HTML, Form, key, many, one, onward, words
from comity.web.house import Ask, acting, house, moment
from comity.web.templating import page

STAFF = may(Who.STAFF, role=Role.MODERATOR)
OUTCOMES = {"publish": Status.PUBLISHED, "reject": Status.REJECTED}


@dataclass(frozen=True, slots=True)
class Done:
    """What the person has just done, shown on the page after it."""

    decision: Decision
    writer: User
    sanction: Sanction | None
    can_undo: bool


@get("/console", opt=STAFF, **HTML)
def waiting(
    request: Ask, after: FromQuery[str | None] = None, done: FromQuery[UUID | None] = None
) -> Template:
    """Show what waits, gravest first, then oldest."""
    rooms, sites = house(request), reach(request)
    with db.reading(rooms.database) as session:
        items, next = queries.queue(session, sites, after=after)
        total = session.scalar(
            select(func.count()).where(sql("comments.urgency < 9"), Comment.site_id.in_(sites))
        )
        return page(
            request,
            "console-queue.html",
            items=items,
            next=next,
            is_first=after is None,
            total=total,
            titles=titles(session, request),
            done=done_by(session, request, done),
            now=moment(),
            **desk(session, request),
        )


@get("/console/comments/{id:uuid}", opt=STAFF, **HTML)
def comment(request: Ask, id: FromPath[UUID], done: FromQuery[UUID | None] = None) -> Template:
    """Show a comment with everything that a decision on it needs."""
    return file_page(request, id, done=done)


@post("/console/comments/{id:uuid}/decisions", opt=STAFF, **HTML)
def decide(request: Ask, id: FromPath[UUID], data: Form) -> Response[Any]:
    """Publish or reject; go back to the queue, or show the file again with what is wrong."""
    try:
        with acting(request) as (session, moderator, now):
            found = comment_within(session, request, id)
            decision = deciding.decide(
                session,
                house(request).newsroom,
                comment=found,
                moderator=moderator,
                outcome=outcome(data),
                rules=many(data, "rules"),
                note=words(data, "note"),
                seen=key(data, "seen"),
                now=now,
            )
    except (BadInput, Conflict, Forbidden) as error:
        return file_page(request, id, error=error, kept=data)
    return onward(f"/console?done={decision.id}")


@post("/console/comments/{id:uuid}/undo", opt=STAFF, **HTML)
def undo(request: Ask, id: FromPath[UUID], data: Form) -> Response[Any]:
    """Take the latest decision back; the comment stands as before, and its file is shown."""
    try:
        with acting(request) as (session, moderator, now):
            decision = deciding.undo(
                session,
                house(request).newsroom,
                comment=comment_within(session, request, id),
                moderator=moderator,
                seen=key(data, "seen"),
                note=words(data, "note"),
                now=now,
            )
    except (BadInput, Conflict, Forbidden) as error:
        return file_page(request, id, error=error)
    return onward(f"/console/comments/{id}?done={decision.id}")


def file_page(
    request: Ask,
    id: UUID,
    *,
    done: UUID | None = None,
    error: ComityError | None = None,
    kept: dict[str, Any] | None = None,
) -> Template:
    """Render a comment's file as it is now; what was typed stays."""
    rooms = house(request)
    with db.reading(rooms.database) as session:
        comment_within(session, request, id)
        view = casefile.view(session, rooms.newsroom, id, request.user.id)
        return page(
            request,
            "console-comment.html",
            status=error.status if error else 200,
            view=view,
            error=error,
            chosen=many(kept, "rules") if kept else [view.suggested],
            note=one(kept, "note") if kept else "",
            done=done_by(session, request, done),
            now=moment(),
            **desk(session, request),
        )


def reach(request: Ask) -> frozenset[UUID]:
    """Return the sites that the person may moderate; the lock on the route has looked them up."""
    found: frozenset[UUID] = request.scope["state"]["reach"]
    return found


def is_everywhere(session: Session, request: Ask) -> bool:
    """Say whether the person may moderate on all sites, those to come included."""
    return users.has(session, session.get_one(User, request.user.id), None, Role.MODERATOR)


def desk(session: Session, request: Ask) -> dict[str, Any]:
    """Return what the head of every page of the console shows."""
    here = Appeal.site_id.in_(reach(request))
    ours = here | Appeal.site_id.is_(None) if is_everywhere(session, request) else here
    open_ones = select(func.count()).where(Appeal.answered_at.is_(None), ours)
    return {"appeals_waiting": session.scalar(open_ones)}


def comment_within(session: Session, request: Ask, id: UUID) -> Comment:
    """Return a comment on a site that the person may moderate.

    Raises:
        NotFound: there is none there.
    """
    found = session.get(Comment, id)
    if found is None or found.site_id not in reach(request):
        raise no_such("comment")
    return found


def outcome(data: dict[str, Any]) -> Status:
    """Return what the pressed button stands for."""
    chosen = OUTCOMES.get(one(data, "outcome"))
    if chosen is None:
        raise BadInput("Nothing was chosen.", field="outcome", remedy="Publish or reject.")
    return chosen


def titles(session: Session, request: Ask) -> dict[str, str]:
    """Return the titles of all rules in force on the person's sites."""
    newsroom = house(request).newsroom
    return {
        rule.id: rule.title
        for site in session.scalars(select(Site.id).where(Site.id.in_(reach(request))))
        for rule in newsroom.guidelines(session, site).rules
    }


def done_by(session: Session, request: Ask, id: UUID | None) -> Done | None:
    """Return the decision that the person has just made, with what followed from it."""
    decision = session.get(Decision, id) if id else None
    if decision is None or decision.actor_id != request.user.id:
        return None
    about = session.get_one(Comment, decision.comment_id)
    return Done(
        decision=decision,
        writer=session.get_one(User, about.author_id),
        sanction=session.scalar(
            select(Sanction).where(
                Sanction.decision_id == decision.id, Sanction.lifted_at.is_(None)
            )
        ),
        can_undo=about.decision_id == decision.id
        and decision.occasion in {Occasion.QUEUE, Occasion.FLAG},
    )

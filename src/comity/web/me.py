"""What concerns one reader: own comments and flags, decisions and sanctions with their reasons."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from comity import db, queries
from comity.actions import appealing, flagging, leaving, recording, statements, users
from comity.errors import BadInput, ComityError, Conflict, Forbidden, NotSignedIn, TooMany
from comity.models import Appeal, Comment, Decision, Flag, Role, Sanction, Site, Status, Story, User
from comity.statement import DECISION, FACTS, WHY, Statement
from comity.web import casefile, signing
from comity.web.access import Who, may
from comity.web.errors import no_such
from comity.web.forms import HTML, Form, one, onward, words
from comity.web.house import Ask, acting, house, moment
from comity.web.templating import page

MEMBER = may(Who.MEMBER)
LATEST = 50
SURE = "erase"  # What those type who have no password here.
Own = Callable[[Session, Ask, UUID], Decision | Sanction]


@get("/me", opt=MEMBER, **HTML)
def me(request: Ask, after: FromQuery[str | None] = None) -> Template:
    """Show a person all that is kept about what they wrote and what was decided on it."""
    id = request.user.id
    with db.reading(house(request).database) as session:
        decisions, next = queries.my_decisions(session, id, after=after)
        return page(
            request,
            "me.html",
            comments=own_comments(session, id),
            decisions=decisions,
            next=next,
            cared=cared_for(session, request, id),
            sanctions=queries.sanctions_of(session, id),
            flags=own_flags(session, id),
            is_staff=bool(users.sites_of(session, session.get_one(User, id), Role.MODERATOR)),
            titles=titles(session, request),
            site_names={site.id: site.name for site in session.scalars(select(Site))},
            now=moment(),
        )


def cared_for(session: Session, request: Ask, id: UUID) -> list[Statement]:
    """Return what is told about a person's comments that wait because of their despair."""
    newsroom = house(request).newsroom
    waiting = (
        select(Decision)
        .join(Comment, Comment.decision_id == Decision.id)
        .where(
            Comment.author_id == id,
            Comment.status == Status.HELD,
            Comment.urgency == recording.CARE,
        )
        .order_by(Decision.id.desc())
        .limit(LATEST)
    )
    told = (statements.of_decision(session, newsroom, one) for one in session.scalars(waiting))
    return [one for one in told if one.care]


def own_comments(session: Session, id: UUID) -> list[Any]:
    """Return a person's latest comments, whatever became of them."""
    return list(
        session.execute(
            select(
                Comment.id,
                Comment.text,
                Comment.status,
                Comment.created_at,
                Comment.decision_id,
                Story.headline,
                Story.key,
                Site.slug,
            )
            .join(Story, Story.id == Comment.story_id)
            .join(Site, Site.id == Comment.site_id)
            .where(Comment.author_id == id)
            .order_by(Comment.id.desc())
            .limit(LATEST)
        ).all()
    )


def own_flags(session: Session, id: UUID) -> list[Any]:
    """Return a person's latest flags, with what became of the comments."""
    return list(
        session.execute(
            select(
                Flag.rule,
                Flag.note,
                Flag.created_at,
                Decision.status,
                Comment.id,
                Story.headline,
                Story.key,
                Site.slug,
            )
            .join(Comment, Comment.id == Flag.comment_id)
            .join(Story, Story.id == Comment.story_id)
            .join(Site, Site.id == Comment.site_id)
            .outerjoin(Decision, Decision.id == Flag.answered_by)
            .where(Flag.user_id == id)
            .order_by(Flag.id.desc())
            .limit(LATEST)
        ).all()
    )


def titles(session: Session, request: Ask) -> dict[str, str]:
    """Return the titles of all rules in force anywhere."""
    newsroom = house(request).newsroom
    return {
        rule.id: rule.title
        for site in [None, *session.scalars(select(Site.id))]
        for rule in newsroom.guidelines(session, site).rules
    }


@get("/me/erase", opt=MEMBER, **HTML)
def erase_form(request: Ask) -> Template:
    """Say what is erased and what stays when a person leaves, and ask whether they mean it."""
    return erase_page(request)


@post("/me/erase", opt=may(Who.MEMBER, limit="sign_ins"), **HTML)
def erase(request: Ask, data: Form) -> Template:
    """Erase the person who asks and has proved to mean it, and end all their sessions."""
    rooms = house(request)
    try:
        prove(request, data)
    except (BadInput, Forbidden) as error:
        return erase_page(request, error=error)
    with acting(request) as (session, person, now):
        leaving.erase(session, rooms.newsroom, user=person, by=person, now=now)
    gone = page(request, "erased.html", person=None)
    gone.set_cookie(signing.cookie(rooms, "", seconds=0))
    return gone


def prove(request: Ask, data: dict[str, Any]) -> None:
    """Raise unless the person gave the password or, having none here, typed the word."""
    rooms = house(request)
    with db.reading(rooms.database) as session:
        person = session.get_one(User, request.user.id)
        if person.login is None:
            if words(data, "sure").casefold() != SURE:
                raise BadInput("Nothing was erased.", field="sure", remedy=f"Type “{SURE}”.")
            return
        try:
            users.check_password(
                session, rooms.newsroom, login=person.login, password=one(data, "password")
            )
        except NotSignedIn as error:
            raise Forbidden(
                "This is not your password; nothing was erased.", remedy="Type it again."
            ) from error


def erase_page(request: Ask, *, error: ComityError | None = None) -> Template:
    """Render the question."""
    rooms = house(request)
    with db.reading(rooms.database) as session:
        has_password = session.get_one(User, request.user.id).login is not None
    return page(
        request,
        "erase.html",
        status=error.status if error else 200,
        has_password=has_password,
        sure=SURE,
        case_days=rooms.settings.retain_case_days,
        error=error,
    )


@get("/statements/{id:uuid}", opt=MEMBER, **HTML)
def of_decision(request: Ask, id: FromPath[UUID]) -> Template:
    """Tell a writer what was decided about a comment, and why."""
    return statement_page(request, own_decision, id)


@post("/statements/{id:uuid}/appeals", opt=MEMBER, **HTML)
def appeal_decision(request: Ask, id: FromPath[UUID], data: Form) -> Response[Any]:
    """Object to a decision."""
    return appealed(request, own_decision, id, data)


@get("/statements/sanctions/{id:uuid}", opt=MEMBER, **HTML)
def of_sanction(request: Ask, id: FromPath[UUID]) -> Template:
    """Tell a person about a sanction, and why."""
    return statement_page(request, own_sanction, id)


@post("/statements/sanctions/{id:uuid}/appeals", opt=MEMBER, **HTML)
def appeal_sanction(request: Ask, id: FromPath[UUID], data: Form) -> Response[Any]:
    """Object to a sanction."""
    return appealed(request, own_sanction, id, data)


def appealed(request: Ask, own: Own, id: UUID, data: dict[str, Any]) -> Response[Any]:
    """Take an appeal; show the statement with it, or with what is wrong."""
    try:
        with acting(request) as (session, person, now):
            concerned = own(session, request, id)
            appealing.appeal(
                session,
                house(request).newsroom,
                person=person,
                text=words(data, "text"),
                decision=concerned if isinstance(concerned, Decision) else None,
                sanction=concerned if isinstance(concerned, Sanction) else None,
                now=now,
            )
    except (BadInput, Conflict, Forbidden, TooMany) as error:
        return statement_page(request, own, id, error=error, text=one(data, "text"))
    return onward(here(request))


def statement_page(
    request: Ask, own: Own, id: UUID, *, error: ComityError | None = None, text: str = ""
) -> Template:
    """Render a statement with the appeal against it, or the form for one; what was typed stays."""
    with db.reading(house(request).database) as session:
        told, is_over = statement(session, request, own(session, request, id))
        either = or_(Appeal.decision_id == id, Appeal.sanction_id == id)
        appeal = session.scalar(select(Appeal).where(either))
    in_time = told.appeal_until is not None and moment() <= told.appeal_until
    return page(
        request,
        "statement.html",
        status=error.status if error else 200,
        statement=told,
        why=WHY,
        facts=FACTS,
        decision=DECISION,
        pieces=casefile.pieces(told.text, [(1, told.spans)]),
        appeal=appeal,
        may_appeal=in_time and not is_over and appeal is None,
        is_over=is_over,
        here=here(request),
        error=error,
        text=text,
    )


def here(request: Ask) -> str:
    """Return the statement's own address, whether it is read or appealed against."""
    return str(request.url.path).removesuffix("/appeals")


def statement(
    session: Session, request: Ask, concerned: Decision | Sanction
) -> tuple[Statement, bool]:
    """Return what is told about a decision or a sanction, and whether it no longer counts."""
    newsroom = house(request).newsroom
    if isinstance(concerned, Decision):
        latest = session.get_one(Comment, concerned.comment_id).decision_id
        told = statements.of_decision(session, newsroom, concerned)
        return told, latest != concerned.id
    told = statements.of_sanction(session, newsroom, concerned)
    return told, told.lifted_at is not None or bool(told.until and told.until <= moment())


def own_decision(session: Session, request: Ask, id: UUID) -> Decision:
    """Return a decision about a comment of the person who asks.

    Raises:
        NotFound: there is none; those of others are not even known to exist.
    """
    found = session.get(Decision, id)
    if found is None or session.get_one(Comment, found.comment_id).author_id != request.user.id:
        raise no_such("statement")
    return found


def own_sanction(session: Session, request: Ask, id: UUID) -> Sanction:
    """Return a sanction of the person who asks.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Sanction, id)
    if found is None or found.user_id != request.user.id:
        raise no_such("statement")
    return found


@get("/me/flags/{id:uuid}", opt=MEMBER, **HTML)
def flag_form(request: Ask, id: FromPath[UUID]) -> Template:
    """Ask a reader which rule a comment breaks; for those without JavaScript."""
    return flag_page(request, id)


@post("/me/flags/{id:uuid}", opt=MEMBER, **HTML)
def flag(request: Ask, id: FromPath[UUID], data: Form) -> Response[Any]:
    """Take the flag; lead on to one's own flags, or show the form again with what is wrong."""
    try:
        with acting(request) as (session, reader, now):
            flagging.flag(
                session,
                house(request).newsroom,
                comment=public_comment(session, id),
                reader=reader,
                rule=one(data, "rule"),
                note=words(data, "note"),
                now=now,
            )
    except (BadInput, Conflict, Forbidden, TooMany) as error:
        return flag_page(request, id, error=error, kept=data)
    return onward("/me#flags")


def flag_page(
    request: Ask,
    id: UUID,
    *,
    error: ComityError | None = None,
    kept: dict[str, Any] | None = None,
) -> Template:
    """Render the form of a flag."""
    rooms = house(request)
    with db.reading(rooms.database) as session:
        comment = public_comment(session, id)
        return page(
            request,
            "flag.html",
            status=error.status if error else 200,
            comment=comment,
            writer=session.get_one(User, comment.author_id),
            story=session.get_one(Story, comment.story_id),
            site=session.get_one(Site, comment.site_id),
            rules=rooms.newsroom.guidelines(session, comment.site_id).rules,
            rule=one(kept or {}, "rule"),
            note=one(kept or {}, "note"),
            error=error,
        )


def public_comment(session: Session, id: UUID) -> Comment:
    """Return a comment that anybody may read.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Comment, id)
    if found is None or found.status is not Status.PUBLISHED:
        raise no_such("comment")
    return found

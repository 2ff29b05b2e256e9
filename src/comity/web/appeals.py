"""The console's pages of appeals: what was objected to, and the answer, by somebody else."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy.orm import Session

from comity import db, queries
from comity.actions import appealing
from comity.errors import BadInput, ComityError, Conflict, Forbidden
from comity.models import Appeal, Decision, Ruling, Sanction, User
from comity.web import casefile
from comity.web.console import STAFF, desk, is_everywhere, reach, titles
from comity.web.errors import no_such
from comity.web.forms import HTML, Form, chosen, one, onward, words
from comity.web.house import Ask, acting, house, moment
from comity.web.templating import page


@get("/console/appeals", opt=STAFF, **HTML)
def appeals(request: Ask, done: FromQuery[UUID | None] = None) -> Template:
    """Show the open appeals, oldest first."""
    with db.reading(house(request).database) as session:
        everywhere = is_everywhere(session, request)
        found = queries.appeals_open(session, reach(request), everywhere=everywhere)
        just = session.get(Appeal, done) if done else None
        return page(
            request,
            "console-appeals.html",
            items=found,
            mine={item.appeal.id for item in found if is_mine(session, request, item.appeal)},
            titles=titles(session, request),
            done=just if just and just.answered_by == request.user.id else None,
            now=moment(),
            appeals_waiting=len(found),
        )


@get("/console/appeals/{id:uuid}", opt=STAFF, **HTML)
def appeal(request: Ask, id: FromPath[UUID], template: FromQuery[int | None] = None) -> Template:
    """Show an appeal with what it is about; `template` begins the answer with a prepared one."""
    prepared = list(appealing.TEMPLATES.items())
    text, ruling = "", ""
    if template is not None and 0 <= template < len(prepared):
        text, ruling = prepared[template][0], prepared[template][1].value
    return appeal_page(request, id, text=text, ruling=ruling)


@post("/console/appeals/{id:uuid}", opt=STAFF, **HTML)
def answer(request: Ask, id: FromPath[UUID], data: Form) -> Response[Any]:
    """Answer; go back to the list, or show the appeal again with what is wrong."""
    try:
        with acting(request) as (session, moderator, now):
            appealing.answer(
                session,
                house(request).newsroom,
                appeal=appeal_within(session, request, id),
                moderator=moderator,
                ruling=chosen(data, "ruling", Ruling, remedy="Uphold or reverse."),
                answer=words(data, "answer"),
                now=now,
            )
    except (BadInput, Conflict, Forbidden) as error:
        return appeal_page(
            request, id, text=one(data, "answer"), ruling=one(data, "ruling"), error=error
        )
    return onward(f"/console/appeals?done={id}")


def appeal_page(
    request: Ask, id: UUID, *, text: str, ruling: str, error: ComityError | None = None
) -> Template:
    """Render an appeal as it is now; what was typed stays."""
    rooms = house(request)
    with db.reading(rooms.database) as session:
        found = appeal_within(session, request, id)
        decision = session.get(Decision, found.decision_id) if found.decision_id else None
        sanction = session.get(Sanction, found.sanction_id) if found.sanction_id else None
        about = decision and decision.comment_id
        return page(
            request,
            "console-appeal.html",
            status=error.status if error else 200,
            appeal=found,
            writer=session.get_one(User, found.user_id),
            decision=decision,
            sanction=sanction,
            view=casefile.view(session, rooms.newsroom, about, request.user.id) if about else None,
            is_mine=is_mine(session, request, found),
            names=casefile.people(session, [found.answered_by, appealing.decider(session, found)]),
            decider=appealing.decider(session, found),
            titles=titles(session, request),
            templates=list(appealing.TEMPLATES.items()),
            text=text,
            ruling=ruling,
            error=error,
            now=moment(),
            **desk(session, request),
        )


def appeal_within(session: Session, request: Ask, id: UUID) -> Appeal:
    """Return an appeal about one's sites.

    Raises:
        NotFound: there is none there.
    """
    found = session.get(Appeal, id)
    if found is None or not (
        found.site_id in reach(request) if found.site_id else is_everywhere(session, request)
    ):
        raise no_such("appeal")
    return found


def is_mine(session: Session, request: Ask, appeal: Appeal) -> bool:
    """Say whether the person made, or decided, what is appealed, and so cannot answer."""
    return request.user.id in {appeal.user_id, appealing.decider(session, appeal)}

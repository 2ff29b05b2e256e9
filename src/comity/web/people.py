"""The console's pages about people: their record, and how a sanction is given or lifted."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from comity import db, queries
from comity.actions import sanctioning
from comity.errors import BadInput, ComityError, Conflict, Forbidden
from comity.guidelines import Measure
from comity.models import Comment, Flag, Sanction, Site, Story, User
from comity.web import casefile
from comity.web.console import STAFF, desk, is_everywhere, reach, titles
from comity.web.errors import no_such
from comity.web.forms import HTML, Form, chosen, one, onward, words
from comity.web.house import Ask, acting, house, moment
from comity.web.templating import page

EVERYWHERE = "everywhere"
LATEST = 30


@get("/console/people/{id:uuid}", opt=STAFF, **HTML)
def person(request: Ask, id: FromPath[UUID], done: FromQuery[UUID | None] = None) -> Template:
    """Show what a person wrote on one's sites, what became of it, and the sanctions."""
    return person_page(request, id, done=done)


@post("/console/people/{id:uuid}/sanctions", opt=STAFF, **HTML)
def sanction(request: Ask, id: FromPath[UUID], data: Form) -> Response[Any]:
    """Give a sanction; show the person's page with it, or with what is wrong."""
    try:
        with acting(request) as (session, moderator, now):
            made = sanctioning.sanction(
                session,
                house(request).newsroom,
                user=person_within(session, request, id),
                site=site_within(session, request, one(data, "scope")),
                measure=chosen(data, "measure", Measure, remedy="Choose one of the four."),
                rule=one(data, "rule"),
                reason=words(data, "reason"),
                moderator=moderator,
                days=days(data),
                now=now,
            )
    except (BadInput, Conflict, Forbidden) as error:
        return person_page(request, id, error=error, kept=data)
    return onward(f"/console/people/{id}?done={made.id}")


@post("/console/sanctions/{id:uuid}/lift", opt=STAFF, **HTML)
def lift(request: Ask, id: FromPath[UUID], data: Form) -> Response[Any]:
    """End a sanction; show the person's page, with what is wrong if it is not possible."""
    with db.reading(house(request).database) as session:
        who = sanction_within(session, request, id).user_id
    try:
        with acting(request) as (session, moderator, now):
            sanctioning.lift(
                session,
                house(request).newsroom,
                sanction=sanction_within(session, request, id),
                moderator=moderator,
                because=words(data, "because"),
                now=now,
            )
    except (BadInput, Conflict, Forbidden) as error:
        return person_page(request, who, error=error)
    return onward(f"/console/people/{who}?done={id}")


def person_page(
    request: Ask,
    id: UUID,
    *,
    done: UUID | None = None,
    error: ComityError | None = None,
    kept: dict[str, Any] | None = None,
) -> Template:
    """Render a person's page as it is now; what was typed stays."""
    with db.reading(house(request).database) as session:
        who = person_within(session, request, id)
        sites = list(
            session.scalars(select(Site).where(Site.id.in_(reach(request))).order_by(Site.slug))
        )
        given = [one for one in queries.sanctions_of(session, id) if is_ours(request, one)]
        just = next((one for one in given if one.id == done), None)
        return page(
            request,
            "console-person.html",
            status=error.status if error else 200,
            who=who,
            sites=sites,
            everywhere=is_everywhere(session, request),
            records=[(site, record) for site in sites if (record := shown(session, id, site))],
            comments=comments(session, request, id),
            sanctions=given,
            names=casefile.people(session, [x for s in given for x in (s.by_id, s.lifted_by)]),
            site_names={site.id: site.name for site in sites},
            titles=titles(session, request),
            measures=list(Measure),
            done=just,
            error=error,
            kept=kept or {},
            now=moment(),
            **desk(session, request),
        )


def shown(session: Session, id: UUID, site: Site) -> queries.Record | None:
    """Return a person's record on a site, or None where the person never wrote."""
    record = queries.person_record(session, id, site.id)
    written = record.published + record.held + record.rejected + record.withdrawn
    return record if written else None


def comments(session: Session, request: Ask, id: UUID) -> list[Any]:
    """Return the latest comments of a person on one's sites."""
    return list(
        session.execute(
            select(Comment.id, Comment.text, Comment.status, Comment.created_at, Story.headline)
            .join(Story, Story.id == Comment.story_id)
            .where(Comment.author_id == id, Comment.site_id.in_(reach(request)))
            .order_by(Comment.id.desc())
            .limit(LATEST)
        ).all()
    )


def person_within(session: Session, request: Ask, id: UUID) -> User:
    """Return a person who has written or flagged on a site that one may moderate.

    Raises:
        NotFound: there is none; nobody else's readers can be looked up.
    """
    sites = reach(request)
    found = session.scalar(
        select(User).where(
            User.id == id,
            or_(
                exists().where(Comment.author_id == id, Comment.site_id.in_(sites)),
                exists().where(Flag.user_id == id, Flag.site_id.in_(sites)),
                exists().where(Sanction.user_id == id, Sanction.site_id.in_(sites)),
            ),
        )
    )
    if found is None:
        raise no_such("person")
    return found


def is_ours(request: Ask, sanction: Sanction) -> bool:
    """Say whether a sanction counts on a site that one may moderate."""
    return sanction.site_id is None or sanction.site_id in reach(request)


def sanction_within(session: Session, request: Ask, id: UUID) -> Sanction:
    """Return a sanction that counts on one's sites, of a person who can be looked up.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Sanction, id)
    if found is None or not is_ours(request, found):
        raise no_such("sanction")
    person_within(session, request, found.user_id)
    return found


def site_within(session: Session, request: Ask, slug: str) -> Site | None:
    """Return the site on which a sanction is to count, or None for all.

    Raises:
        BadInput: it is not one of the person's sites.
    """
    if slug == EVERYWHERE:
        return None
    site = session.scalar(select(Site).where(Site.slug == slug, Site.id.in_(reach(request))))
    if site is None:
        raise BadInput("You do not moderate there.", field="scope", remedy="Choose a site.")
    return site


def days(data: dict[str, Any]) -> int | None:
    """Return for how many days; None, where nothing was typed: until lifted."""
    typed = one(data, "days").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 6):
        raise BadInput(f"{typed!r} is no number of days.", field="days", remedy="Say 7, or none.")
    return int(typed)

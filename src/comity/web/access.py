"""The one lock on every route: who may call it is declared beside it, or nobody may."""

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from comity import db
from comity.actions import users
from comity.errors import BadInput, Forbidden, NotSignedIn
from comity.models import Role, User
from comity.web.auth import READER, SESSION, Person, bearer, not_signed_in
from comity.web.house import House

Connection = ASGIConnection[Any, Any, Any, Any]


class Who(StrEnum):
    """Who may call a route."""

    ANYONE = "anyone"  # a page may still know who is asking, by the session cookie
    READER = "reader"  # by bearer token; the API
    MEMBER = "member"  # by session cookie; pages
    STAFF = "staff"  # by session cookie, with a role on some site; the console


def may(who: Who, *, role: Role | None = None, limit: str | None = None) -> dict[str, Any]:
    """Declare who may call a route, and which limit it counts against; goes into `opt`."""
    return {"who": who, "role": role, "limit": limit}


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let the right people in, as often as they may; everybody else is told why not."""
    if connection.scope.get("method") == "OPTIONS":
        return  # Answered with the methods of the address, whoever asks.
    rooms: House = connection.app.state.house
    caller = connection.scope["state"]["caller"]
    rooms.limits.requests.take(caller)
    refuse_nul(connection)

    who = handler.opt.get("who")
    person = await asker(connection, rooms, who)
    connection.scope["user"] = person
    if who is Who.STAFF:
        connection.scope["state"]["reach"] = await reach(rooms, person, handler.opt["role"])
    if limit := handler.opt.get("limit"):
        getattr(rooms.limits, limit).take(str(person.id) if person else caller)


async def asker(connection: Connection, rooms: House, who: Who | None) -> Person | None:
    """Return the one who asks; nobody is fine only where anyone may come."""
    match who:
        case Who.READER:
            return await known(rooms, READER, bearer(connection.headers.get("authorization", "")))
        case Who.MEMBER | Who.STAFF:
            return await known(rooms, SESSION, session_cookie(connection, rooms))
        case Who.ANYONE:
            if connection.scope["path"].startswith("/api/"):
                return None
            try:
                return await known(rooms, SESSION, session_cookie(connection, rooms))
            except NotSignedIn:
                return None
        case _:
            raise Forbidden("Nobody may call this.", remedy="Its route must say who may.")


async def known(rooms: House, audience: str, token: str) -> Person:
    """Return the person of a token, unless erased or signed out everywhere since it was made."""
    claims = rooms.signer.read(audience, token, now=datetime.now(tz=UTC))
    found = await rooms.glance.person(claims.person)
    if found is None or found[1] != claims.epoch:
        raise not_signed_in()
    return Person(claims.person, *found)


def session_cookie(connection: Connection, rooms: House) -> str:
    """Return the session cookie's token."""
    token = connection.cookies.get(rooms.cookie_name)
    if not token:
        raise not_signed_in()
    return token


async def reach(rooms: House, person: Person | None, role: Role | None) -> frozenset[UUID]:
    """Return the sites on which a member of staff may act; none is a refusal.

    Raises:
        Forbidden: not staff, or not in this role on any site.
    """
    if person is None or role is None:
        raise Forbidden("Nobody may call this.", remedy="Its route must say which role may.")
    sites = await asyncio.to_thread(sites_of, rooms, person, role)
    if not sites:
        raise Forbidden(
            "This is for the newsroom's staff.", remedy="Ask an owner to give you the role."
        )
    return sites


def sites_of(rooms: House, person: Person, role: Role) -> frozenset[UUID]:
    """Read the sites of a member of staff."""
    with db.reading(rooms.database) as session:
        user = session.get_one(User, person.id)
        return frozenset(users.sites_of(session, user, role))


def refuse_nul(connection: Connection) -> None:
    """Refuse addresses with NUL, which no database keeps."""
    if "\0" in connection.scope["path"] or b"%00" in connection.scope["query_string"]:
        raise BadInput("An address cannot hold a NUL character.", remedy="Check the address.")

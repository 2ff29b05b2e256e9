"""Where people sign in and out and make an account; and the hop from pages of other origins."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from comity import db
from comity.actions import users
from comity.errors import ComityError, Forbidden, NotSignedIn
from comity.web.access import Who, may
from comity.web.auth import (
    CODE,
    LIFETIMES,
    SESSION,
    from_publisher,
    own_origin,
    return_address,
)
from comity.web.door import page_policy
from comity.web.forms import HTML, Form, one
from comity.web.house import Ask, House, acting, house, moment
from comity.web.templating import page

HOME = "/"


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody who proved who they are."""

    id: UUID
    epoch: int


@get("/sign-in", opt=may(Who.ANYONE), **HTML)
def sign_in_form(request: Ask, return_to: FromQuery[str] = HOME) -> Response[Any]:
    """Show the form; `return_to` is where the person goes on, at once if signed in already."""
    if request.user:
        return go_on(house(request), Came(request.user.id, request.user.epoch), return_to)
    return form(request, "sign-in.html", return_to)


@post("/sign-in", opt=may(Who.ANYONE, limit="sign_ins"), **HTML)
def sign_in(request: Ask, data: Form, return_to: FromQuery[str] = HOME) -> Response[Any]:
    """Check login and password; go on, or show the form again with what is wrong."""
    rooms = house(request)
    login = one(data, "login")
    try:
        rooms.limits.sign_ins.take(f"login {login.strip().casefold()}")
        with db.reading(rooms.database) as session:
            user = users.check_password(
                session, rooms.newsroom, login=login, password=one(data, "password")
            )
            came = Came(user.id, user.epoch)
    except ComityError as error:
        return form(request, "sign-in.html", return_to, login=login, error=error)
    return go_on(rooms, came, return_to)


@get("/register", opt=may(Who.ANYONE), **HTML)
def register_form(request: Ask, return_to: FromQuery[str] = HOME) -> Template:
    """Show the form for a new account."""
    refuse_unless_open(house(request))
    return form(request, "register.html", return_to)


@post("/register", opt=may(Who.ANYONE, limit="sign_ins"), **HTML)
def register(request: Ask, data: Form, return_to: FromQuery[str] = HOME) -> Response[Any]:
    """Make the account and go on, or show the form again with what is wrong."""
    rooms = house(request)
    refuse_unless_open(rooms)
    login, name = one(data, "login"), one(data, "name")
    try:
        hashed = users.hash_password(one(data, "password"))
        with db.transaction(rooms.database) as session:
            user = users.register(
                session, rooms.newsroom, name=name, login=login, hashed=hashed, now=moment()
            )
            came = Came(user.id, user.epoch)
    except ComityError as error:
        return form(request, "register.html", return_to, login=login, name=name, error=error)
    return go_on(rooms, came, return_to)


@get("/sign-in/publisher", opt=may(Who.ANYONE, limit="sign_ins"), **HTML)
def sign_in_from_publisher(
    request: Ask, token: FromQuery[str], return_to: FromQuery[str] = HOME
) -> Response[Any]:
    """Take the publisher's own signed word for who this is."""
    rooms, now = house(request), moment()
    try:
        arrival = from_publisher(rooms.settings, token, rooms.spent, now=now)
    except NotSignedIn as error:
        return form(request, "sign-in.html", return_to, error=error)
    with db.transaction(rooms.database) as session:
        user = users.from_publisher(
            session, rooms.newsroom, external=arrival.external, name=arrival.name, now=now
        )
        came = Came(user.id, user.epoch)
    return go_on(rooms, came, return_to)


@post("/sign-out", opt=may(Who.ANYONE), **HTML)
def sign_out(request: Ask) -> Redirect:
    """Forget this browser's session."""
    return away(house(request))


@post("/sign-out/everywhere", opt=may(Who.MEMBER), **HTML)
def sign_out_everywhere(request: Ask) -> Redirect:
    """End all sessions and tokens of this person."""
    with acting(request) as (session, user, now):
        users.sign_out_everywhere(session, house(request).newsroom, user=user, now=now)
    return away(house(request))


def away(rooms: House) -> Redirect:
    """Lead home, without a session."""
    home = Redirect(HOME, status_code=303)
    home.set_cookie(cookie(rooms, "", seconds=0))
    return home


def form(
    request: Ask, template: str, return_to: str, *, error: ComityError | None = None, **kept: str
) -> Template:
    """Show a form; what was typed stays, but for the password."""
    rooms = house(request)
    target = return_address(return_to, own=rooms.settings.url, origins=all_origins(rooms))
    origin = f"{target.scheme}://{target.netloc}"
    return page(
        request,
        template,
        status=error.status if error else 200,
        headers={"Content-Security-Policy": page_policy([origin])},
        return_to=return_to,
        query=urlencode({"return_to": return_to}),
        registration=rooms.settings.registration,
        error=error,
        kept={"login": "", "name": "", **kept},
    )


def go_on(rooms: House, came: Came, return_to: str) -> Redirect:
    """Open a session and lead on; a page gets a one-time code for its element in the fragment.

    Raises:
        BadInput: `return_to` is neither ours nor of a site's origin.
    """
    now = moment()
    target = return_address(return_to, own=rooms.settings.url, origins=all_origins(rooms))
    own = own_origin(rooms.settings.url) == f"{target.scheme}://{target.netloc}"
    if not own or "/stories/" in target.path:
        code = rooms.signer.issue(CODE, came.id, came.epoch, now=now)
        target = target._replace(fragment=f"comity={code}")
    onward = Redirect(target.geturl(), status_code=303)
    token = rooms.signer.issue(SESSION, came.id, came.epoch, now=now)
    seconds = int(LIFETIMES[SESSION].total_seconds())
    onward.set_cookie(cookie(rooms, token, seconds=seconds))
    return onward


def cookie(rooms: House, value: str, *, seconds: int) -> Cookie:
    """Return the session cookie."""
    return Cookie(
        key=rooms.cookie_name,
        value=value,
        max_age=seconds,
        path="/",
        secure=rooms.https,
        httponly=True,
        samesite="lax",
    )


def all_origins(rooms: House) -> set[str]:
    """Return the origins of all sites."""
    return {origin for _, origins in rooms.glance.all_sites() for origin in origins}


def refuse_unless_open(rooms: House) -> None:
    """Raise Forbidden where readers cannot make accounts themselves."""
    if not rooms.settings.registration:
        raise Forbidden("New accounts cannot be made here.", remedy="Sign in at the publisher's.")

"""Signing in and out of the API, and making a local account."""

from uuid import UUID

from litestar import delete, get, post
from litestar.params import JSONBody

from comity import db
from comity.actions import users
from comity.errors import Forbidden
from comity.web.access import Who, known, may
from comity.web.auth import CODE, LIFETIMES, READER
from comity.web.errors import refusals
from comity.web.house import Ask, House, acting, house, moment
from comity.web.shapes import Code, Credentials, Me, NewAccount, Token

TAGS = ["Signing in"]


@get(
    "/api/v1/me",
    opt=may(Who.READER),
    tags=TAGS,
    summary="Who am I?",
    security=[{"reader": []}],
    responses=refusals(401),
)
async def me(request: Ask) -> Me:
    """Return the person of the token."""
    return Me(request.user.id, request.user.name)


@post(
    "/api/v1/token",
    opt=may(Who.ANYONE),
    tags=TAGS,
    summary="Change a one-time code for a token",
    responses=refusals(400, 401, 429),
)
async def token(request: Ask, data: JSONBody[Code]) -> Token:
    """Take the code that signing in put into the page's address; it works once, within a minute."""
    rooms = house(request)
    now = moment()
    claims = rooms.signer.read(CODE, data.code, now=now)
    person = await known(rooms, CODE, data.code)
    rooms.spent.spend(claims.id, claims.expires_at, now=now)
    return token_for(rooms, person.id, person.epoch)


@post(
    "/api/v1/sessions",
    opt=may(Who.ANYONE, limit="sign_ins"),
    sync_to_thread=True,
    tags=TAGS,
    summary="Sign in with a local account",
    responses=refusals(400, 401, 429),
)
def sign_in(request: Ask, data: JSONBody[Credentials]) -> Token:
    """Take login and password, for apps; pages sign in by a form and a one-time code."""
    rooms = house(request)
    rooms.limits.sign_ins.take(f"login {data.login.strip().casefold()}")
    with db.reading(rooms.database) as session:
        user = users.check_password(
            session, rooms.newsroom, login=data.login, password=data.password
        )
    return token_for(rooms, user.id, user.epoch)


@delete(
    "/api/v1/sessions",
    opt=may(Who.READER),
    sync_to_thread=True,
    tags=TAGS,
    summary="Sign out everywhere",
    security=[{"reader": []}],
    responses=refusals(401),
)
def sign_out_everywhere(request: Ask) -> None:
    """End all tokens and sessions of this person, on every device."""
    with acting(request) as (session, user, now):
        users.sign_out_everywhere(session, house(request).newsroom, user=user, now=now)


@post(
    "/api/v1/accounts",
    opt=may(Who.ANYONE, limit="sign_ins"),
    sync_to_thread=True,
    tags=TAGS,
    summary="Make a local account",
    responses=refusals(400, 403, 409, 429),
)
def register(request: Ask, data: JSONBody[NewAccount]) -> Token:
    """Make an account and sign in with it, unless the publisher has its own sign-in only."""
    rooms = house(request)
    if not rooms.settings.registration:
        raise Forbidden("New accounts cannot be made here.", remedy="Sign in at the publisher's.")
    hashed = users.hash_password(data.password)
    with db.transaction(rooms.database) as session:
        user = users.register(
            session,
            rooms.newsroom,
            name=data.name,
            login=data.login,
            hashed=hashed,
            now=moment(),
        )
    return token_for(rooms, user.id, user.epoch)


def token_for(rooms: House, person: UUID, epoch: int) -> Token:
    """Issue a reader's token."""
    now = moment()
    return Token(rooms.signer.issue(READER, person, epoch, now=now), now + LIFETIMES[READER])

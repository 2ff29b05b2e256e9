"""People: readers and staff, their roles, and how they prove who they are."""

# ruff: noqa: ARG001  All actions are called alike.

import hashlib
from datetime import datetime
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from comity import db
from comity.actions import naming, wording
from comity.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn
from comity.guidelines import Measure
from comity.models import Membership, Role, Sanction, Site, User

HASHER = PasswordHasher()
NOBODYS = (  # Checked for a login that is not there, so that the time tells nothing.
    "$argon2id$v=19$m=65536,t=3,p=4$hhcaO9TMuczwNFNKln2lZA$"
    "DuV/prZnJLr7ibTlyIMGNEieEV1frF5192Gq+17Vz9w"
)
RANK = list(Role)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 256
LONGEST_LOGIN = 80


def hash_password(password: str) -> str:
    """Return the hash of a new password; takes a tenth of a second, so call it outside of all else.

    Raises:
        BadInput: the password is too short, too long or not text.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(
            f"The password has {len(password)} characters.",
            field="password",
            remedy=f"Choose {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}; a few words are good.",
        )
    wording.check(password, field="password", longest=LONGEST_PASSWORD)
    return HASHER.hash(password)


def register(
    session: Session, newsroom: object, *, name: str, login: str, hashed: str, now: datetime
) -> User:
    """Make a local account; `hashed` is from `hash_password`.

    Raises:
        BadInput: the name cannot be shown, or the login is blank or too long.
        Conflict: the login is taken, or the name is that of a member of the staff.
    """
    name = naming.check(name)
    wording.check(login, field="login", longest=LONGEST_LOGIN)
    naming.refuse_colleagues(session, name)
    made = db.insert_unless_there(
        session,
        User,
        name=name,
        login=login.strip().casefold(),
        password=hashed,
        external=None,
        epoch=0,
        created_at=now,
        erased_at=None,
    )
    if made is None:
        raise Conflict("This login is taken.", field="login", remedy="Choose another.")
    return session.get_one(User, made)


def by_login(session: Session, login: str) -> User:
    """Return the local account of a login.

    Raises:
        NotFound: there is none.
    """
    user = session.scalar(select(User).where(User.login == login.strip().casefold()))
    if user is None:
        raise NotFound(f"There is no login {login}.", remedy="`comity user add` makes one.")
    return user


def by_publishers_id(session: Session, external: str) -> User:
    """Return the account of a reader for whom the publisher's sign-in vouches, by its id of them.

    Raises:
        NotFound: there is none.
    """
    user = session.scalar(select(User).where(User.external == external, User.erased_at.is_(None)))
    if user is None:
        raise NotFound(
            f"The publisher's sign-in has brought no {external}.", remedy="Check the id."
        )
    return user


def check_password(session: Session, newsroom: object, *, login: str, password: str) -> User:
    """Return the user with this login and password; any mistake takes as long as any other.

    Raises:
        NotSignedIn: they do not match.
    """
    user = None
    if wording.is_unicode(login) and "\0" not in login:
        user = session.scalar(select(User).where(User.login == login.strip().casefold()))
    hashed = (user and user.password) or NOBODYS
    try:
        HASHER.verify(hashed, password[: LONGEST_PASSWORD + 1].encode("utf-8", "replace"))
    except (VerifyMismatchError, InvalidHashError):
        user = None
    if user is None or user.password is None:
        raise NotSignedIn(
            "Login and password do not match.", remedy="Check both, or make an account."
        )
    return user


def from_publisher(
    session: Session, newsroom: object, *, external: str, name: str, now: datetime
) -> User:
    """Return the user whom the publisher's sign-in vouches for, made or renamed as it says.

    A name that cannot be shown, or that is a colleague's, gives way to a neutral one.

    Raises:
        BadInput: the id is blank or too long.
        Forbidden: the account was erased while it was blocked, and the block has not ended.
    """
    wording.check(external, field="external", longest=200)
    name = naming.or_neutral(name)
    refuse_who_left_blocked(session, external, now)
    db.insert_unless_there(
        session,
        User,
        name=name,
        login=None,
        password=None,
        external=external,
        epoch=0,
        created_at=now,
        erased_at=None,
    )
    user = session.scalars(select(User).where(User.external == external)).one()
    user.name = own_name(session, user, name)
    return user


def own_name(session: Session, user: User, name: str) -> str:
    """Return a reader's name, or a neutral one if somebody of the staff goes by it."""
    if session.scalar(select(Membership.id).where(Membership.user_id == user.id).limit(1)):
        return name
    try:
        naming.refuse_colleagues(session, name)
    except Conflict:
        return naming.NEUTRAL
    return name


def refuse_who_left_blocked(session: Session, external: str, now: datetime) -> None:
    """Raise Forbidden if this person's account was erased under a block that still counts."""
    still = session.scalar(
        select(Sanction.id)
        .join(User, User.id == Sanction.user_id)
        .where(
            User.external == trace(external),
            Sanction.measure.in_((Measure.SUSPEND, Measure.BLOCK)),
            Sanction.lifted_at.is_(None),
            Sanction.until.is_(None) | (Sanction.until > now),
        )
        .limit(1)
    )
    if still:
        raise Forbidden(
            "This account was erased while it was blocked, and the block has not ended.",
            remedy="Write to the newsroom.",
        )


def trace(external: str) -> str:
    """Return what is kept of the publisher's id of somebody who leaves under a block: a hash."""
    return "left:" + hashlib.sha256(external.encode()).hexdigest()


def sign_out_everywhere(session: Session, newsroom: object, *, user: User, now: datetime) -> None:
    """End all sessions and tokens of a user."""
    user.epoch += 1


def grant(
    session: Session,
    newsroom: object,
    *,
    user: User,
    site: Site | None,
    role: Role | None,
    now: datetime,
    by: User | None = None,
) -> None:
    """Give a role on one site or on all, in place of the one held there; None takes it away.

    `by` is None only for who sits at the server itself.

    Raises:
        Forbidden: `by` is not an owner there.
    """
    where = site.id if site else None
    if by is not None:
        require(session, by, where, Role.OWNER)
    held = session.scalar(
        select(Membership).where(Membership.user_id == user.id, Membership.site_id == where)
    )
    if role is None:
        if held is not None:
            session.delete(held)
    elif held is not None:
        held.role = role
    else:
        session.add(Membership(user_id=user.id, site_id=where, role=role))
    session.flush()


def require(session: Session, user: User, site_id: UUID | None, role: Role) -> None:
    """Return if the user has this role, or a higher one, on the site (no site: on all).

    Raises:
        Forbidden: not so.
    """
    if not has(session, user, site_id, role):
        raise Forbidden(
            f"This needs the role of {role.value} here.", remedy="Ask an owner to give it to you."
        )


def has(session: Session, user: User, site_id: UUID | None, role: Role) -> bool:
    """Say whether the user has this role, or a higher one, on the site (no site: on all)."""
    held = session.execute(
        select(Membership.site_id, Membership.role).where(Membership.user_id == user.id)
    )
    return user.erased_at is None and any(
        RANK.index(mine) >= RANK.index(role) and where in {None, site_id} for where, mine in held
    )


def sites_of(session: Session, user: User, role: Role) -> list[UUID]:
    """Return the sites on which the user has this role or a higher one."""
    held = session.execute(
        select(Membership.site_id, Membership.role).where(Membership.user_id == user.id)
    ).all()
    where = {site_id for site_id, mine in held if RANK.index(mine) >= RANK.index(role)}
    if None in where:
        return list(session.scalars(select(Site.id).order_by(Site.slug)))
    return list(session.scalars(select(Site.id).where(Site.id.in_(where)).order_by(Site.slug)))

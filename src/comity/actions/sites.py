"""Publications of the publisher."""

# ruff: noqa: ARG001  All actions are called alike.

import re
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity import db
from comity.actions import wording
from comity.errors import BadInput, Conflict, NotFound
from comity.models import Site

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
DEFAULT = "main"
TAKEN = {  # First parts of our own addresses, under which no site would be found.
    "api",
    "appeals",
    "console",
    "healthz",
    "me",
    "metrics",
    "readyz",
    "register",
    "sign-in",
    "sign-out",
    "static",
    "statements",
}


def create(
    session: Session,
    newsroom: object,
    *,
    slug: str,
    name: str,
    origins: list[str],
    now: datetime,
) -> Site:
    """Make a site.

    Raises:
        BadInput: the slug or an origin is malformed, or the name blank.
        Conflict: there is a site of this slug.
    """
    if not SLUG.fullmatch(slug) or slug in TAKEN:
        raise BadInput(
            f"A site cannot be called {slug!r} in addresses.",
            field="slug",
            remedy="Use 1 to 40 of a-z, 0-9 and inner hyphens; a few words are taken by pages.",
        )
    wording.check(name, field="name", longest=200)
    made = db.insert_unless_there(
        session,
        Site,
        slug=slug,
        name=name,
        origins=[origin_of(origin) for origin in origins],
        created_at=now,
    )
    if made is None:
        raise Conflict(f"There is a site {slug} already.", field="slug", remedy="Choose another.")
    return session.get_one(Site, made)


def origin_of(address: str) -> str:
    """Return scheme://host[:port] as browsers send it.

    Raises:
        BadInput: the address names no origin.
    """
    try:
        parts = urlsplit(address.strip().lower())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput(
            f"{address!r} is not an origin.",
            field="origins",
            remedy="Say https://news.example.org.",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def by_slug(session: Session, slug: str) -> Site:
    """Return the site of a slug.

    Raises:
        NotFound: there is none.
    """
    site = session.scalar(select(Site).where(Site.slug == slug))
    if site is None:
        raise NotFound(
            f"There is no site {slug} here.", field="site", remedy="Check how it is written."
        )
    return site


def default(session: Session) -> Site:
    """Return the site that is meant where none is named."""
    return by_slug(session, DEFAULT)

"""Articles that can be commented on: saved, brought up to date, opened and closed."""

# ruff: noqa: ARG001  All actions are called alike.

import hashlib
import re
import unicodedata
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from comity import db
from comity.actions import users, wording
from comity.case import StoryRecord
from comity.errors import BadInput
from comity.importers.parts import Article
from comity.models import Role, Site, Story, StoryText, User

LONGEST_KEY = 500  # Many publishers' keys are whole addresses.
JOINERS = "\u200c\u200d"  # Persian and the scripts of India write with them, in addresses too.
LONGEST_PART = 500_000  # A whole book's chapter; more is not an article.


def save(
    session: Session,
    newsroom: object,
    *,
    site: Site,
    key: str,
    article: Article,
    now: datetime,
    sensitive: bool | None = None,
) -> Story:
    """Add an article, or bring it up to date under its key; its comments stay.

    `sensitive` left out keeps the newsroom's mark as it was.

    Raises:
        BadInput: the key or the headline is blank or too long, or a part is not text; or no address
            can name the key.
    """
    check_key(key)
    wording.check(article.headline, field="headline", longest=1_000)
    for part in (article.deck, article.byline, article.dateline, article.section, *article.body):
        wording.check(part, field="body", longest=LONGEST_PART, may_be_empty=True)
    story = session.scalar(select(Story).where(Story.site_id == site.id, Story.key == key))
    if story is None:
        story = Story(
            site_id=site.id, key=key, sensitive=False, open=True, version=0, created_at=now
        )
    story.url = article.url or ""
    story.headline = article.headline
    story.deck, story.byline, story.dateline = article.deck, article.byline, article.dateline
    story.published_at = moment(article.published_at)
    story.body = list(article.body)
    story.photographs = [
        {"caption": photo.caption, "credit": photo.credit, "url": photo.url or ""}
        for photo in article.photographs
    ]
    story.section = article.section
    story.sensitive = story.sensitive if sensitive is None else sensitive
    story.text_version = keep_text(session, story)
    story.version += 1
    session.add(story)
    session.flush()
    return story


def check_key(key: str) -> None:
    """Refuse a key that could not stand between two slashes of an address, percent-encoded.

    Raises:
        BadInput: blank, too long, `.` or `..`, or with characters that nobody sees.
    """
    wording.check(key, field="key", longest=LONGEST_KEY)
    if key in {".", ".."}:
        raise BadInput(
            f"A browser takes {key} in an address for a step, not for a key.",
            field="key",
            remedy="Give the story another key.",
        )
    if not key.translate(dict.fromkeys(map(ord, JOINERS))).isprintable():
        raise BadInput(
            "This key holds characters that nobody sees.",
            field="key",
            remedy="Leave line ends, control characters and special blanks out of it.",
        )


def page_of(site: str, key: str) -> str:
    """Return where a story's own page is, below the server's address."""
    return f"/{site}/stories/{quote(key, safe='')}"


def moment(written: str | None) -> datetime | None:
    """Return the time that an article gives, at midnight UTC where it gives only a day.

    Raises:
        BadInput: it is neither a date nor a time.
    """
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise BadInput(
            f"{written!r} is not a time.",
            field="published_at",
            remedy="Write it as 2026-05-31 or 2026-05-31T08:00:00+02:00.",
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def keep_text(session: Session, story: Story) -> str:
    """Store what a story says now, once, and return its version."""
    record = msgspec.json.encode(
        StoryRecord(
            headline=story.headline,
            deck=story.deck,
            body=story.body,
            section=story.section,
            byline=story.byline,
            sensitive=story.sensitive,
        )
    )
    version = hashlib.sha256(record).hexdigest()
    db.insert_unless_there(session, StoryText, version=version, record=record.decode())
    return version


def set_open(
    session: Session,
    newsroom: object,
    *,
    story: Story,
    is_open: bool,
    by: User | None,
    now: datetime,
) -> None:
    """Let readers comment, or take no more comments; those there stay.

    `by` is None only for who sits at the server itself.

    Raises:
        Forbidden: not an editor of the site.
    """
    if by is not None:
        users.require(session, by, story.site_id, Role.EDITOR)
    story.open = is_open
    story.version += 1
    session.flush()


def key_of(headline: str) -> str:
    """Make a key from a headline: its words in small plain letters, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:80].strip("-") or "story"

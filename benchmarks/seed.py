"""Fills a Comity database with the benchmark's data, through the same actions as the server."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Any
from uuid import UUID

from rich.progress import track
from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from benchmarks.discussion import STORIES, Entry, articles, stories
from comity import db
from comity.actions import posting, sites, users
from comity.actions import stories as story_actions
from comity.actions.newsroom import Newsroom
from comity.detectors import Engine
from comity.importers.parts import Article
from comity.models import CaseRow, Comment, Decision, Site, Story, User, table_of
from comity.queries import OwnComment
from comity.settings import Settings

READERS = 20
POSTED = 20  # Stories whose comments are posted one by one; the others are copies of these.
PASSWORD = "a long enough password"


def fill(database_url: str) -> None:
    """Make the tables, twenty readers, the stories and their comments.

    Nothing is judged here, and most stories are copies, so that filling takes seconds; the server
    is measured later.
    """
    database = db.connect(database_url)
    db.migrate(database)
    newsroom = Newsroom(
        Settings(database_url=database_url), Engine("none", MappingProxyType({}), {})
    )
    now = datetime.now(UTC) - timedelta(days=2)
    with db.transaction(database) as session:
        site = sites.create(session, newsroom, slug="main", name="Main", origins=[], now=now)
        readers = sign_up(session, newsroom, now)
    told = list(stories())
    with db.transaction(database) as session:
        originals = []
        for key, entries in track([*islice(told, POSTED), told[-1]], description="posting"):
            story = save(session, newsroom, site, key, now)
            discuss(session, newsroom, story=story, readers=readers, entries=entries, now=now)
            originals.append(story)
        discussions = [rows_of(session, story) for story in originals[:POSTED]]
        for number in track(range(POSTED, STORIES), description="copying"):
            story, copied = originals[number % POSTED], discussions[number % POSTED]
            copy(session, story, copied, save(session, newsroom, site, told[number][0], now))
            db.pause(session)  # A transaction that outgrows the page cache is slow.
    database.dispose()  # With the last connection everything is in the one file.


def sign_up(session: Session, newsroom: Newsroom, now: datetime) -> list[User]:
    """Make the readers, all with one password."""
    hashed = users.hash_password(PASSWORD)
    return [
        users.register(
            session, newsroom, name=f"Reader {n}", login=f"reader{n}", hashed=hashed, now=now
        )
        for n in range(READERS)
    ]


def save(session: Session, newsroom: Newsroom, site: Site, key: str, now: datetime) -> Story:
    """Save a story: an article of a newspaper, under a headline of its own."""
    told, _ = articles()
    number = int(key[1:]) if key[1:].isdigit() else 0
    chosen = told[number % len(told)]
    article = Article(
        headline=f"{chosen['headline']} ({key})",
        deck=chosen["deck"],
        body=[chosen["body"]] * 3,
    )
    return story_actions.save(session, newsroom, site=site, key=key, article=article, now=now)


def discuss(
    session: Session,
    newsroom: Newsroom,
    *,
    story: Story,
    readers: list[User],
    entries: list[Entry],
    now: datetime,
) -> None:
    """Post a story's comments, a second apart."""
    posted: list[OwnComment] = []
    for entry in entries:
        comment = posting.post(
            session,
            newsroom,
            story=story,
            author=readers[entry.number % READERS],
            text=entry.text,
            reply_to=None if entry.parent is None else posted[entry.parent].id,
            client_id=f"{story.key}-{entry.number}",
            now=now + timedelta(seconds=entry.number),
        )
        posted.append(comment)


Rows = list[tuple[Table, list[dict[str, Any]]]]


def rows_of(session: Session, story: Story) -> Rows:
    """Return all that was stored of a story's discussion, table by table."""
    comments, cases, decisions = (table_of(kind) for kind in (Comment, CaseRow, Decision))
    here = select(comments.c.id).where(comments.c.story_id == story.id)
    wanted = {
        comments: comments.c.story_id == story.id,
        cases: cases.c.comment_id.in_(here),
        decisions: decisions.c.comment_id.in_(here),
    }
    return [
        (
            table,
            [
                dict(row)
                for row in session.execute(
                    select(table).where(which).order_by(table.c.id)
                ).mappings()
            ],
        )
        for table, which in wanted.items()
    ]


def copy(session: Session, original: Story, discussion: Rows, story: Story) -> None:
    """Store a discussion once more, under another story and with keys of its own."""
    session.flush()
    fresh = {original.id: story.id}
    fresh |= {row["id"]: uuid7() for _, rows in discussion for row in rows}

    def renewed(name: str, value: object) -> object:
        if isinstance(value, UUID):
            return fresh.get(value, value)
        return f"{story.key} {value}" if name == "client_id" else value

    for table, rows in discussion:
        copied = [{name: renewed(name, value) for name, value in row.items()} for row in rows]
        session.execute(insert(table), copied)
    story.comments, story.version = original.comments, original.version

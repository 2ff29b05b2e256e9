"""Fills a Comity database with the benchmark's data, through the same actions as the server."""

from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from comity.actions.newsroom import Newsroom
from rich.progress import track

from benchmarks.discussion import STORIES, stories
from comity import db
from comity.actions import posting, sites, users
from comity.actions import stories as story_actions
from comity.detectors import Engine
from comity.importers.article import Article
from comity.settings import Settings

READERS = 20
PASSWORD = "a long enough password"
BODY = [
    (
        "The council voted on Tuesday to repair the old bridge over the river before the winter, "
        "after engineers reported that two of its piers had moved by a hand's breadth since spring."
    ),
    "Work starts in March and closes the road for a year; buses will go round by the station.",
] * 5


def fill(database_url: str) -> None:
    """Make the tables, twenty readers, the stories and their comments.

    Nothing is judged here, so that filling takes a minute; the server is measured later.
    """
    database = db.connect(database_url)
    db.migrate(database)
    newsroom = Newsroom(
        Settings(database_url=database_url), Engine("none", MappingProxyType({}), {})
    )
    now = datetime.now(UTC) - timedelta(days=2)
    hashed = users.hash_password(PASSWORD)
    with db.transaction(database) as session:
        site = sites.create(session, newsroom, slug="main", name="Main", origins=[], now=now)
        readers = [
            users.register(
                session, newsroom, name=f"Reader {n}", login=f"reader{n}", hashed=hashed, now=now
            )
            for n in range(READERS)
        ]
    for key, entries in track(stories(), total=STORIES + 1, description="filling"):
        with db.transaction(database) as session:
            story = story_actions.save(
                session,
                newsroom,
                site=site,
                key=key,
                article=Article(headline=f"Old bridge to be repaired ({key})", body=BODY),
                now=now,
            )
            posted = []
            for entry in entries:
                parent = None if entry.parent is None else posted[entry.parent].id
                comment = posting.post(
                    session,
                    newsroom,
                    story=story,
                    author=readers[entry.number % READERS],
                    text=entry.text,
                    reply_to=parent,
                    client_id=f"{key}-{entry.number}",
                    now=now + timedelta(seconds=entry.number),
                )
                posted.append(comment)

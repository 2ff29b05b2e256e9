"""The demonstration: a sample article whose discussion is posted, judged and moderated for real."""

from datetime import datetime, timedelta
from importlib.resources import files

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from comity import db
from comity.actions import deciding, posting, sites, stories, users
from comity.commands import now
from comity.commands.office import Installation
from comity.importers.plain_text import from_text
from comity.models import Comment, Role, Status, Story, User
from comity.queries import OwnComment

PASSWORD = "harbour-post-demo"  # noqa: S105  Of a demonstration that listens on this machine only.
READER, MODERATOR = "reader", "moderator"
HEADLINE = "Port Ellery will rebuild the bridge that burned"
BLOCKED = "Dockside Dave"


class Entry(msgspec.Struct):
    """One comment of the sample discussion; `reply_to` is the number of an earlier one."""

    author: str
    text: str
    reply_to: int | None


def seed(office: Installation) -> None:
    """Fill an empty database; does nothing where the demonstration is there already."""
    with db.reading(office.database) as session:
        if session.scalar(select(Story.id).limit(1)):
            return
    begun = now() - timedelta(hours=6)
    hashed = users.hash_password(PASSWORD)
    with db.transaction(office.database) as session:
        site = sites.create(
            session, office.newsroom, slug="main", name="The Harbour Post", origins=[], now=begun
        )
        add_people(session, office, hashed, begun)
        raw = (files("comity") / "sample" / "article.txt").read_text("utf-8")
        article = from_text(raw, HEADLINE)
        key = stories.key_of(article.headline)
        story = stories.save(
            session, office.newsroom, site=site, key=key, article=article, sensitive=True, now=begun
        )
    discuss(office, story, begun)
    block(office, begun)


def add_people(session: Session, office: Installation, hashed: str, begun: datetime) -> None:
    """Make a reader and a moderator, each with the demonstration's password."""
    for login, name, role in (
        (READER, "Robin Reader", None),
        (MODERATOR, "Mira Moderator", Role.OWNER),
    ):
        person = users.register(
            session, office.newsroom, name=name, login=login, hashed=hashed, now=begun
        )
        if role:
            users.grant(session, office.newsroom, user=person, site=None, role=role, now=begun)


def discuss(office: Installation, story: Story, begun: datetime) -> None:
    """Post the discussion, each comment judged as it comes."""
    raw = (files("comity") / "sample" / "discussion.json").read_bytes()
    posted: list[OwnComment] = []
    for number, entry in enumerate(msgspec.json.decode(raw, type=list[Entry])):
        at = begun + timedelta(minutes=9 * number + 3)
        with db.transaction(office.database) as session:
            author = users.from_publisher(
                session, office.newsroom, external=f"demo:{entry.author}", name=entry.author, now=at
            )
        parent = None if entry.reply_to is None else posted[entry.reply_to]
        if parent is not None and parent.status is not Status.PUBLISHED:
            parent = None
        with db.transaction(office.database, lock=False) as session:
            comment = posting.post(
                session,
                office.newsroom,
                story=session.get_one(Story, story.id),
                author=session.get_one(User, author.id),
                text=entry.text,
                reply_to=parent.id if parent else None,
                client_id=f"demo-{number}",
                now=at,
            )
        posted.append(comment)


def block(office: Installation, begun: datetime) -> None:
    """Let the moderator confirm one joke about the tragedy: the ladder then blocks its writer."""
    with db.transaction(office.database) as session:
        moderator = session.scalars(select(User).where(User.login == MODERATOR)).one()
        held = session.scalars(
            select(Comment)
            .join(User, User.id == Comment.author_id)
            .where(User.name == BLOCKED, Comment.status == Status.HELD)
            .order_by(Comment.id.desc())
        ).first()
        if held is None:
            return
        deciding.decide(
            session,
            office.newsroom,
            comment=held,
            moderator=moderator,
            outcome=Status.REJECTED,
            rules=["tragedy_joke"],
            note="Two families read this page.",
            seen=held.decision_id,
            now=begun + timedelta(hours=5),
        )


def addresses(office: Installation) -> str:
    """Return what to open, how to sign in, and what became of the discussion."""
    with db.reading(office.database) as session:
        key = session.scalars(select(Story.key).order_by(Story.id)).first() or ""
        counts = dict(
            session.execute(select(Comment.status, func.count()).group_by(Comment.status)).all()
        )
    url = office.settings.url
    became = ", ".join(f"{counts.get(status, 0)} {status.value}" for status in Status)
    return f"""
  Reader's page   {url}{stories.page_of("main", key)}
                  sign in as {READER} / {PASSWORD}
  Console         {url}/console
                  sign in as {MODERATOR} / {PASSWORD}
  Guidelines      {url}/main/guidelines

  The discussion was judged as it was posted: {became}.
  {BLOCKED} is blocked: the moderator confirmed a joke about the tragedy.
  Everything is in ./demo; delete that folder to start over. Ctrl-C stops the server.
"""

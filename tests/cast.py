"""The people in the tests, a small set of guidelines, and one-line makers for the rest.

Ana and Cleo read. Bo breaks rules. Mira and Max moderate: Mira here, Max on another site. Ed edits,
Olga owns all. Their detectors know four invented words and one that breaks them, so that tests are
quick and sure; the packaged detectors have tests of their own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import sqlalchemy
from sqlalchemy.orm import Session

from comity import db
from comity.actions import deciding, flagging, posting, sites, stories, users
from comity.actions.newsroom import Newsroom
from comity.detectors import Engine
from comity.findings import Finding, Label, Submission
from comity.guidelines import Guidelines
from comity.importers.parts import Article
from comity.models import Comment, Decision, Flag, Role, Site, Status, Story, User
from comity.settings import Settings

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

SWEARING = "heckpuddle"  # rejected by machine
INSULT = "puddlehead"  # held
HOUNDING = "houndsman"  # held, and blocked once confirmed
SNEER = "pfft"  # nudged
BREAKS = "crashword"  # no detector survives it, so a person decides

GUIDELINES_TEXT = """# Test guidelines

Be good.

## Keep it civil

No sneering.

```enforce
id = "incivility"
nudge = { score = 0.5 }
gravity = "minor"
ok = ["Good day."]
not_ok = ["Bah."]
```

## No swearing

No bad words.

```enforce
id = "profanity"
hold = { score = 0.5 }
reject = { score = 0.9 }
gravity = "minor"
ok = ["Good day."]
not_ok = ["Bah."]
```

## No insults

Talk about the thing.

```enforce
id = "personal_attack"
hold = { score = 0.5 }
gravity = "serious"
ok = ["Good day."]
not_ok = ["Bah."]
```

## Leave people alone

No pursuing.

```enforce
id = "harassment"
hold = { score = 0.5 }
gravity = "severe"
ok = ["Good day."]
not_ok = ["Bah."]
```

## What follows

Step by step.

```ladder
[[rung]]
rules = ["harassment"]
count = 1
days = 365
measure = "block"

[[rung]]
rules = ["profanity", "personal_attack"]
count = 2
days = 30
measure = "premoderate"
for_days = 14

[[rung]]
rules = ["profanity", "personal_attack"]
count = 3
days = 30
measure = "suspend"
for_days = 7
```
"""
GUIDELINES = Guidelines.parse(GUIDELINES_TEXT)


def word_detector(word: str, label: Label, score: float) -> Callable[[Submission], list[Finding]]:
    """Make a detector that finds one word."""

    def detector(submission: Submission) -> list[Finding]:
        spans = [match.span() for match in re.finditer(word, submission.text.original)]
        return [Finding(label, score, tuple(spans), word, "word list")] if spans else []

    return detector


def breaks(submission: Submission) -> list[Finding]:
    """Break down at one word."""
    if BREAKS in submission.text.original:
        raise RuntimeError("This detector cannot read that.")
    return []


ENGINE = Engine(
    "test-engine-1",
    {
        SWEARING: word_detector(SWEARING, Label.PROFANITY, 0.95),
        INSULT: word_detector(INSULT, Label.PERSONAL_ATTACK, 0.6),
        HOUNDING: word_detector(HOUNDING, Label.HARASSMENT, 0.6),
        SNEER: word_detector(SNEER, Label.INCIVILITY, 0.6),
        BREAKS: breaks,
    },
    {},
)


def newsroom(**settings: object) -> Newsroom:
    """Make a newsroom with the test's guidelines and detectors."""
    return Newsroom(Settings(secret="for tests only", **settings), ENGINE, GUIDELINES)  # type: ignore[arg-type]


@dataclass
class Cast:
    """Everybody, on a site with a story; each maker commits its own transaction."""

    database: sqlalchemy.Engine
    newsroom: Newsroom
    site: Site
    other_site: Site
    story: Story
    ana: User
    bo: User
    cleo: User
    mira: User
    max: User
    ed: User
    olga: User

    def post(
        self,
        text: str = "The bridge is fine.",
        *,
        by: User | None = None,
        reply_to: UUID | None = None,
        client_id: str | None = None,
        story: Story | None = None,
        now: datetime = NOW,
    ) -> Comment:
        """Post a comment as a door does; Ana's unless told otherwise."""
        with db.transaction(self.database, lock=False) as session:
            return posting.post(
                session,
                self.newsroom,
                story=session.get_one(Story, (story or self.story).id),
                author=session.get_one(User, (by or self.ana).id),
                text=text,
                reply_to=reply_to,
                client_id=client_id or f"click {next(CLICKS)}",
                now=now,
            )

    def decide(
        self,
        comment: Comment,
        outcome: Status = Status.REJECTED,
        *,
        rules: tuple[str, ...] = ("personal_attack",),
        by: User | None = None,
        note: str = "",
        now: datetime = NOW,
    ) -> Decision:
        """Decide as Mira unless told otherwise."""
        with db.transaction(self.database) as session:
            row = session.get_one(Comment, comment.id)
            return deciding.decide(
                session,
                self.newsroom,
                comment=row,
                moderator=session.get_one(User, (by or self.mira).id),
                outcome=outcome,
                rules=list(rules),
                note=note,
                seen=row.decision_id,
                now=now,
            )

    def flag(
        self, comment: Comment, rule: str = "personal_attack", *, by: User, now: datetime = NOW
    ) -> Flag:
        """Flag a comment."""
        with db.transaction(self.database) as session:
            return flagging.flag(
                session,
                self.newsroom,
                comment=session.get_one(Comment, comment.id),
                reader=session.get_one(User, by.id),
                rule=rule,
                note="",
                now=now,
            )

    def now_is(self, comment: Comment) -> Comment:
        """Read a comment as it stands now."""
        with db.reading(self.database) as session:
            found = session.get_one(Comment, comment.id)
            session.expunge(found)
            return found


CLICKS = count(1)


def story(session: Session, site: Site, key: str = "bridge", **parts: object) -> Story:
    """Save a story about a bridge."""
    article = Article(
        headline="The new bridge opens",
        deck="It took nine years",
        body=["The bridge opened on Monday.", "Trams will follow."],
        **parts,  # type: ignore[arg-type]
    )
    return stories.save(session, None, site=site, key=key, article=article, now=NOW)


def person(session: Session, name: str) -> User:
    """Make a reader whom the publisher vouches for."""
    return users.from_publisher(session, None, external=name.lower(), name=name, now=NOW)


def everybody(database: sqlalchemy.Engine, newsroom: Newsroom) -> Cast:
    """Bring the cast onto the stage."""
    with db.transaction(database) as session:
        site = sites.create(session, newsroom, slug="main", name="Main", origins=[], now=NOW)
        other = sites.create(session, newsroom, slug="other", name="Other", origins=[], now=NOW)
        people = {
            name.lower(): person(session, name)
            for name in ("Ana", "Bo", "Cleo", "Mira", "Max", "Ed", "Olga")
        }
        for name, where, role in (
            ("mira", site, Role.MODERATOR),
            ("max", other, Role.MODERATOR),
            ("ed", site, Role.EDITOR),
            ("olga", None, Role.OWNER),
        ):
            users.grant(session, newsroom, user=people[name], site=where, role=role, now=NOW)
        return Cast(database, newsroom, site, other, story(session, site), **people)

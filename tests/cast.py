"""The people in the tests, a small set of guidelines, and one-line makers for the rest.

Ana and Cleo read. Bo breaks rules. Mira and Max moderate: Mira here, Max on another site. Ed edits,
Olga owns all. Their detectors know five invented words and one that breaks them, so that tests are
quick and sure; the packaged detectors have tests of their own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy
from sqlalchemy.orm import Session

from comity import db, queries
from comity.actions import (
    appealing,
    deciding,
    flagging,
    posting,
    sanctioning,
    sites,
    stories,
    users,
)
from comity.actions.newsroom import Newsroom
from comity.detectors import Engine
from comity.findings import Finding, Label, Submission
from comity.guidelines import Guidelines, Measure
from comity.importers.parts import Article
from comity.models import (
    Appeal,
    Base,
    Comment,
    Decision,
    Flag,
    Role,
    Ruling,
    Sanction,
    Site,
    Status,
    Story,
    User,
)
from comity.settings import Settings

Row = TypeVar("Row", bound=Base)
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

SWEARING = "heckpuddle"  # rejected by machine
INSULT = "puddlehead"  # held
HOUNDING = "houndsman"  # held, and blocked once confirmed
SNEER = "pfft"  # nudged
WEARY = "wearyword"  # no breach: somebody in despair, whom a person looks after first
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

## If it is too much

Call *somebody* now.

```care
labels = ["despair"]
hold = { score = 0.5 }
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
        WEARY: word_detector(WEARY, Label.DESPAIR, 0.6),
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

    def do(self, action: Callable[..., Any], **arguments: Any) -> Any:
        """Run an action in a transaction of its own, as a door does, with rows read afresh."""
        arguments.setdefault("now", NOW)
        judges = action in {posting.post, posting.preview, posting.edit}
        with db.transaction(self.database, lock=not judges) as session:
            fresh = {
                name: session.get_one(type(value), value.id) if isinstance(value, Base) else value
                for name, value in arguments.items()
            }
            return action(session, self.newsroom, **fresh)

    def read(self, query: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Run a query in a transaction of its own."""
        with db.reading(self.database) as session:
            return query(session, *arguments, **options)

    def post(self, text: str = "The bridge is fine.", **changes: Any) -> Comment:
        """Post a comment under the story; Ana's unless told otherwise."""
        arguments = {
            "story": self.story,
            "author": changes.pop("by", self.ana),
            "text": text,
            "reply_to": None,
            "client_id": f"click {next(CLICKS)}",
        }
        posted = self.do(posting.post, **arguments | changes)
        comment: Comment = self.read(lambda session: session.get_one(Comment, posted.id))
        return comment

    def decide(
        self,
        comment: Comment,
        outcome: Status = Status.REJECTED,
        *rules: str,
        by: User | None = None,
        now: datetime = NOW,
    ) -> Decision:
        """Decide having seen the latest; Mira rejects an insult unless told otherwise."""
        decision: Decision = self.do(
            deciding.decide,
            comment=comment,
            moderator=by or self.mira,
            outcome=outcome,
            rules=list(rules or ("personal_attack",)),
            note="",
            seen=self.again(comment).decision_id,
            now=now,
        )
        return decision

    def flag(
        self, comment: Comment, rule: str = "personal_attack", *, by: User, now: datetime = NOW
    ) -> Flag:
        """Flag a comment."""
        flag: Flag = self.do(flagging.flag, comment=comment, reader=by, rule=rule, note="", now=now)
        return flag

    def undo(self, comment: Comment, **changes: Any) -> Decision:
        """Take the latest decision back; Mira's unless told otherwise."""
        arguments = {
            "comment": comment,
            "moderator": self.mira,
            "seen": self.again(comment).decision_id,
            "note": "",
        }
        decision: Decision = self.do(deciding.undo, **arguments | changes)
        return decision

    def sanction(self, measure: Measure = Measure.BLOCK, **changes: Any) -> Sanction:
        """Sanction a person; Mira blocks Bo here unless told otherwise."""
        arguments = {
            "user": self.bo,
            "site": self.site,
            "measure": measure,
            "rule": "harassment",
            "reason": "You would not leave Cleo alone.",
            "moderator": self.mira,
        }
        sanction: Sanction = self.do(sanctioning.sanction, **arguments | changes)
        return sanction

    def appeal(self, **changes: Any) -> Appeal:
        """Appeal the `decision` or `sanction` given; Bo does unless told otherwise."""
        arguments = {"person": self.bo, "text": "Not so."}
        appeal: Appeal = self.do(appealing.appeal, **arguments | changes)
        return appeal

    def answer(self, appeal: Appeal, ruling: Ruling = Ruling.REVERSED, **changes: Any) -> Appeal:
        """Answer an appeal; Ed reverses the decision unless told otherwise."""
        arguments = {
            "appeal": appeal,
            "moderator": self.ed,
            "ruling": ruling,
            "answer": "We have read it again.",
        }
        answered: Appeal = self.do(appealing.answer, **arguments | changes)
        return answered

    def again(self, row: Row) -> Row:
        """Read a row as it stands now."""
        found: Row = self.read(lambda session: session.get_one(type(row), row.id))
        return found

    def thread(self) -> list[tuple[str | None, list[str | None]]]:
        """Return what readers see: the words of each thread's first comment and of its replies."""
        page = self.read(queries.thread_page, self.story.id, sort=queries.Sort.OLDEST)
        return [(root.comment.text, [item.text for item in root.items]) for root in page.items]

    def waiting(self) -> list[UUID]:
        """Return what waits for this site's moderators, in their order."""
        return [entry.id for entry in self.read(queries.queue, [self.site.id])[0]]


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

"""What every action is handed: the settings, the detectors, and the guidelines in force."""

import os
import time
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from comity import db
from comity.actions import users
from comity.case import StoryRecord
from comity.detectors import Engine
from comity.errors import ComityError, GuidelinesError, NotFound
from comity.findings import Submission
from comity.guidelines import Guidelines
from comity.judge import Verdict, judge
from comity.models import (
    AdapterInForce,
    AdapterRow,
    Decision,
    GuidelinesInForce,
    GuidelinesText,
    Role,
    Site,
    StoryText,
    User,
    table_of,
)
from comity.settings import Settings

STORIES_AT_HAND = 2_000  # The texts of the stories of the week, some ten megabytes.


in_force = table_of(GuidelinesInForce)
IN_FORCE = (
    select(in_force.c.version)
    .where(in_force.c.site_id.is_(None) | (in_force.c.site_id == bindparam("site")))
    .order_by(in_force.c.site_id.is_(None), in_force.c.since.desc(), in_force.c.id.desc())
    .limit(1)
)

adapters, adapters_in_force = table_of(AdapterRow), table_of(AdapterInForce)
ADAPTER_IN_FORCE = (
    select(adapters.c.version)
    .select_from(adapters_in_force.outerjoin(adapters))
    .where(adapters_in_force.c.site_id == bindparam("site"))
    .order_by(adapters_in_force.c.id.desc())
    .limit(1)
)


def adapted(engine: Engine, row: AdapterRow) -> Engine:
    """Return the detectors with an adapter; where it cannot look, comments are left to a person."""
    from comity.detectors import adapter  # noqa: PLC0415  Its libraries are slow to import.

    try:
        return adapter.adapted(engine, adapter.decoded(row.record, f"Adapter {row.version[:12]}"))
    except ComityError as error:
        return adapter.unable(engine, row.version, error)


def adapters_on(session: Session) -> list[tuple[UUID, str]]:
    """Return the sites on which an adapter is on, with its version."""
    sites = session.scalars(select(adapters_in_force.c.site_id).distinct()).all()
    found = ((site, session.scalar(ADAPTER_IN_FORCE, {"site": site})) for site in sites)
    return [(site, version) for site, version in found if version]


def packaged_guidelines() -> Guidelines:
    """Return the guidelines that come with the program."""
    return Guidelines.default()


@dataclass
class Newsroom:
    """The publisher's settings and detectors, with the texts that rarely change at hand.

    `packaged` are the guidelines in force where nobody has published others. `key` makes hashes
    that nobody else can make; without a secret to make it from, it lasts as long as the process.
    `adapted` are the detectors with what sites have learnt, by the adapter's version. `blind` names
    the detectors that cannot look, once they were warmed.
    """

    settings: Settings
    engine: Engine
    packaged: Guidelines = field(default_factory=packaged_guidelines)
    known: dict[str, Guidelines] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    stories: dict[str, StoryRecord] = field(default_factory=dict)
    adapted: dict[str, Engine] = field(default_factory=dict)
    blind: tuple[str, ...] | None = None
    key: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        self.key = self.key or self.settings.secret.encode() or os.urandom(32)

    def guidelines(self, session: Session, site_id: UUID | None) -> Guidelines:
        """Return the guidelines in force: the site's, else the publisher's, else the packaged."""
        return self.version(session, session.scalar(IN_FORCE, {"site": site_id}))

    def version(self, session: Session, version: str | None) -> Guidelines:
        """Return the guidelines as they stood in one version; None is the packaged one.

        Raises:
            NotFound: this version was never in force here.
        """
        if version is None or version == self.packaged.version:
            return self.packaged
        if version not in self.known:
            row = session.scalar(select(GuidelinesText).where(GuidelinesText.version == version))
            if row is None:
                raise NotFound("These guidelines were never in force here.", field="version")
            above = row.parent_version
            parent = self.version(session, above) if above else None
            self.known[version] = Guidelines.parse(row.text, parent=parent)
        return self.known[version]

    def parent(self, session: Session, site_id: UUID | None) -> Guidelines:
        """Return what may be extended: on a site the publisher's guidelines, else the packaged."""
        return self.guidelines(session, None) if site_id else self.packaged

    def keep(self, session: Session, guidelines: Guidelines) -> None:
        """Store a version that is about to be cited, so that it can be quoted for ever."""
        if guidelines.version in self.kept:
            return
        asked = select(GuidelinesText.id).where(GuidelinesText.version == guidelines.version)
        if session.scalar(asked):
            self.kept.add(guidelines.version)  # Only now: what this transaction adds may yet fail.
        else:
            db.insert_unless_there(
                session,
                GuidelinesText,
                version=guidelines.version,
                text=guidelines.text,
                parent_version=guidelines.base or None,
            )

    def story(self, session: Session, version: str) -> StoryRecord:
        """Return what a story said in one version."""
        if version not in self.stories:
            if len(self.stories) >= STORIES_AT_HAND:
                self.stories.clear()
            record = session.scalars(
                select(StoryText.record).where(StoryText.version == version)
            ).one()
            self.stories[version] = msgspec.json.decode(record, type=StoryRecord)
        return self.stories[version]

    def warm(self) -> None:
        """Let every detector read its word lists before a comment comes: it takes a second."""
        if self.blind is None:
            verdict = judge(Submission.of("Good morning."), self.packaged, self.engine)
            self.blind = verdict.undetermined

    def engine_of(self, session: Session, site_id: UUID | None) -> Engine:
        """Return the detectors of a site, with what it has learnt where that is switched on."""
        return self.with_adapter(session, session.scalar(ADAPTER_IN_FORCE, {"site": site_id}))

    def with_adapter(self, session: Session, version: str | None) -> Engine:
        """Return the detectors with an adapter; without one that was learnt for others."""
        if version is None:
            return self.engine
        if version not in self.adapted:
            same = select(AdapterRow).where(AdapterRow.version == version).limit(1)
            row = session.scalars(same).one()
            is_ours = row.engine == self.engine.version
            self.adapted[version] = adapted(self.engine, row) if is_ours else self.engine
        return self.adapted[version]

    def judge(
        self, submission: Submission, guidelines: Guidelines, engine: Engine | None = None
    ) -> Verdict:
        """Judge within the time that a writer can be asked to wait."""
        self.warm()
        end = time.monotonic() + self.settings.judge_milliseconds / 1000
        return judge(
            submission, guidelines, engine or self.engine, expired=lambda: time.monotonic() > end
        )


def publish_guidelines(
    session: Session, newsroom: Newsroom, *, text: str, site: Site | None, by: User, now: datetime
) -> Guidelines:
    """Put a text of guidelines in force on a site, or on all that have none of their own.

    Where a site's guidelines extend the publisher's, they are put in force anew upon these.

    Raises:
        Forbidden: not an editor there.
        GuidelinesError: the text cannot be obeyed, or a site's cannot upon this one.
    """
    users.require(session, by, site.id if site else None, Role.EDITOR)
    if site is None and Guidelines.parse(text, parent=newsroom.packaged).extends == "publisher":
        raise GuidelinesError(
            "These are to be the publisher's guidelines, and cannot extend the publisher's.",
            field="extends",
            remedy='Say extends = "default", or publish them for one site.',
        )
    guidelines = put_in_force(session, newsroom, text, site.id if site else None, by=by.id, now=now)
    if site is None:
        renew(session, newsroom, by=by.id, now=now)
    return guidelines


def put_in_force(
    session: Session,
    newsroom: Newsroom,
    text: str,
    site_id: UUID | None,
    *,
    by: UUID | None,
    now: datetime,
) -> Guidelines:
    """Store a text, what it extends, and the moment from which it counts."""
    parent = newsroom.parent(session, site_id)
    guidelines = Guidelines.parse(text, parent=parent)
    if guidelines.base:
        newsroom.keep(session, parent)
    newsroom.keep(session, guidelines)
    session.add(GuidelinesInForce(site_id=site_id, version=guidelines.version, since=now, by_id=by))
    session.flush()
    return guidelines


def renew(
    session: Session, newsroom: Newsroom, *, by: UUID | None, now: datetime
) -> list[tuple[UUID | None, Guidelines]]:
    """Put guidelines in force anew where what they extend has changed, the publisher's first.

    Until this is done they stand upon the text that they were put in force upon. `by` is None
    where the program does it, after an upgrade that brought other packaged guidelines.

    Raises:
        GuidelinesError: some cannot be obeyed upon the changed text.
    """
    renewed = []
    for site_id in places(session):
        if is_outdated(session, newsroom, site_id):
            text = newsroom.guidelines(session, site_id).text
            made = put_in_force(session, newsroom, text, site_id, by=by, now=now)
            renewed.append((site_id, made))
    return renewed


def places(session: Session) -> list[UUID | None]:
    """Return where guidelines of one's own are in force; None is the publisher, and comes first."""
    found = session.scalars(select(in_force.c.site_id).distinct()).all()
    return sorted(found, key=lambda site_id: (site_id is not None, site_id))


def is_outdated(session: Session, newsroom: Newsroom, site_id: UUID | None) -> bool:
    """Say whether the guidelines in force extend a text that is no longer in force itself."""
    own = newsroom.guidelines(session, site_id)
    return bool(own.base) and own.base != newsroom.parent(session, site_id).version


def past_versions(session: Session, newsroom: Newsroom, site: Site) -> list[tuple[str, datetime]]:
    """Return the versions that counted on a site before today's, each once, latest first.

    With each comes the time from which it counted last.
    """
    changes = session.execute(
        select(GuidelinesInForce.site_id, GuidelinesInForce.version, GuidelinesInForce.since)
        .where((GuidelinesInForce.site_id == site.id) | GuidelinesInForce.site_id.is_(None))
        .order_by(GuidelinesInForce.since, GuidelinesInForce.id)
    ).all()
    latest: dict[UUID | None, str] = {}
    counted = [(first_version(session, newsroom, site), site.created_at)]
    for where, version, since in changes:
        latest[where] = version
        effective = latest.get(site.id, latest.get(None, version))
        if since < site.created_at:
            counted = [(effective, site.created_at)]
        elif effective != counted[-1][0]:
            counted.append((effective, since))
    today = newsroom.guidelines(session, site.id).version
    last = {version: since for version, since in counted if version != today}
    return sorted(last.items(), key=lambda item: item[1], reverse=True)


def first_version(session: Session, newsroom: Newsroom, site: Site) -> str:
    """Return the packaged version by which a site began, which an upgrade may have replaced."""
    cited = session.scalar(
        select(Decision.guidelines)
        .where(Decision.site_id == site.id, sql("(by = 'person' OR status = 'rejected')"))
        .order_by(Decision.id)
        .limit(1)
    )
    published = select(GuidelinesInForce.id).where(GuidelinesInForce.version == cited)
    return cited if cited and not session.scalar(published) else newsroom.packaged.version

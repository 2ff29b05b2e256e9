"""What a site's people have decided, as examples; and what was learnt, on, off and rolled back."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from comity import db
from comity.actions import cases, users
from comity.actions.newsroom import ADAPTER_IN_FORCE, Newsroom
from comity.detectors.adapter import Adapter, adapted, decoded
from comity.errors import BadInput, Conflict, NotFound
from comity.findings import Label
from comity.judge import check
from comity.learn.examples import Example, Source, fair
from comity.models import (
    AdapterInForce,
    AdapterRow,
    By,
    CaseRow,
    Comment,
    Decision,
    Flag,
    Occasion,
    Role,
    Site,
    Status,
    User,
)

# How many comments, the latest: reading each takes a hundredth of a second.
MOST, UNREAD = 20_000, 2_000
STEP = 500
READ = (Occasion.QUEUE, Occasion.FLAG, Occasion.APPEAL)


class Known(NamedTuple):
    """An adapter of a site, and whether it is on."""

    row: AdapterRow
    adapter: Adapter
    is_on: bool


def examples(session: Session, newsroom: Newsroom, site: Site) -> list[Example]:
    """Return what people have decided on a site and still stands, latest first.

    A rejection says that its rules' labels are right and nothing of others; what a person lets
    stand, that none is. Comments count whose text and Case are still kept and that are not
    withdrawn.
    """
    decided = (Decision.by == By.PERSON) & (
        Decision.confirmed | ((Decision.status == Status.PUBLISHED) & Decision.occasion.in_(READ))
    )
    found = []
    for decision, row in session.execute(kept(site, decided).limit(MOST)):
        truth = truth_of(session, newsroom, decision)
        case = cases.thaw(session, newsroom, row)
        if case is not None and truth:
            found.append(Example(case.question.submission(), truth))
    return found


def unread(session: Session, newsroom: Newsroom, site: Site) -> list[Example]:
    """Return the latest public comments that the machine let through and nobody flagged.

    A breach may be among them that nobody saw; as they are the most, they say best how often a
    fair comment would be stopped.
    """
    flagged = exists(select(Flag.id).where(Flag.comment_id == Comment.id))
    public = (Decision.by == By.MACHINE) & (Decision.status == Status.PUBLISHED) & ~flagged
    rows = session.execute(kept(site, public).limit(UNREAD))
    thawed = (cases.thaw(session, newsroom, row) for _, row in rows)
    return [Example(case.question.submission(), fair(), Source.UNREAD) for case in thawed if case]


def kept(site: Site, condition: ColumnElement[bool]) -> Select[Decision, CaseRow]:
    """Select latest decisions of a kind, with Cases that are still kept, the latest first."""
    return (
        select(Decision, CaseRow)
        .join(Comment, Comment.decision_id == Decision.id)
        .join(CaseRow, CaseRow.id == Decision.case_id)
        .where(Comment.site_id == site.id, Comment.erased_at.is_(None), condition)
        .where(CaseRow.record.is_not(None))
        .order_by(Decision.id.desc())
        .execution_options(yield_per=STEP)
    )


def truth_of(session: Session, newsroom: Newsroom, decision: Decision) -> dict[Label, bool]:
    """Return what a person's decision says of labels."""
    if not decision.confirmed:
        return fair()
    guidelines = newsroom.version(session, decision.guidelines)
    rules = (guidelines.rule(id) for id in decision.rules)
    return {label: True for rule in rules if rule for label in rule.labels}


def store(
    session: Session, _newsroom: Newsroom, *, site: Site, adapter: Adapter, by: User, now: datetime
) -> AdapterRow:
    """Keep what was learnt, switched off; what is there already stays as it is.

    Raises:
        Forbidden: not an editor there.
    """
    users.require(session, by, site.id, Role.EDITOR)
    db.insert_unless_there(
        session,
        AdapterRow,
        site_id=site.id,
        version=adapter.version,
        record=adapter.encoded().decode(),
        engine=adapter.engine,
        by_id=by.id,
        created_at=now,
    )
    return one_of(session, site, adapter.version)


def switch_on(
    session: Session, newsroom: Newsroom, *, site: Site, version: str, by: User, now: datetime
) -> AdapterRow:
    """Let an adapter look at every new comment of a site; `version` may be its first characters.

    Raises:
        Forbidden: not an editor there.
        NotFound: there is no such adapter.
        BadInput: there are several that begin so.
        Conflict: it is on, or was learnt for other detectors, or the page would say otherwise.
    """
    users.require(session, by, site.id, Role.EDITOR)
    db.write(session)
    row = one_of(session, site, version)
    before = latest(session, site)
    if before is not None and before.adapter_id == row.id:
        raise Conflict("This adapter is on already.", remedy="There is nothing to do.")
    engine = adapted(newsroom.engine, decoded(row.record, f"Adapter {row.version[:12]}"))
    guidelines = newsroom.guidelines(session, site.id)
    wrong = {one.example.text for one in check(guidelines, engine)}
    if wrong := wrong - {one.example.text for one in check(guidelines, newsroom.engine)}:
        raise Conflict(
            f"With this adapter {len(wrong)} examples of the guidelines in force would be judged "
            "otherwise than the page says.",
            remedy="Learn from more decisions, or change those examples.",
        )
    session.add(
        AdapterInForce(
            site_id=site.id,
            adapter_id=row.id,
            before_id=before.id if before else None,
            since=now,
            by_id=by.id,
        )
    )
    session.flush()
    return row


def roll_back(
    session: Session, _newsroom: Newsroom, *, site: Site, by: User, now: datetime
) -> str | None:
    """Go back to what was on before; return its version, or None where nothing was.

    Raises:
        Forbidden: not an editor there.
        Conflict: none is on.
    """
    users.require(session, by, site.id, Role.EDITOR)
    db.write(session)
    current = latest(session, site)
    if current is None or current.adapter_id is None:
        raise Conflict("No adapter is on.", remedy="There is nothing to switch off.")
    before = session.get(AdapterInForce, current.before_id) if current.before_id else None
    session.add(
        AdapterInForce(
            site_id=site.id,
            adapter_id=before.adapter_id if before else None,
            before_id=before.before_id if before else None,
            since=now,
            by_id=by.id,
        )
    )
    session.flush()
    return session.scalar(ADAPTER_IN_FORCE, {"site": site.id})


def latest(session: Session, site: Site) -> AdapterInForce | None:
    """Return what counts now on a site."""
    return session.scalars(
        select(AdapterInForce)
        .where(AdapterInForce.site_id == site.id)
        .order_by(AdapterInForce.id.desc())
        .limit(1)
    ).one_or_none()


def one_of(session: Session, site: Site, version: str) -> AdapterRow:
    """Return the adapter of a site whose version begins so, or raise why there is not one."""
    begins = AdapterRow.version.startswith(version, autoescape=True)
    rows = session.scalars(
        select(AdapterRow).where(AdapterRow.site_id == site.id, begins).limit(2)
    ).all()
    if not rows or not version:
        raise NotFound(
            f"This site has no adapter {version[:64]}.",
            field="version",
            remedy="See `comity learn list`.",
        )
    if len(rows) > 1:
        raise BadInput(
            f"Several adapters begin with {version[:64]}.",
            field="version",
            remedy="Give more of the version.",
        )
    return rows[0]


def known(session: Session, site: Site) -> list[Known]:
    """Return the adapters of a site, latest first."""
    on = session.scalar(ADAPTER_IN_FORCE, {"site": site.id})
    rows = session.scalars(
        select(AdapterRow).where(AdapterRow.site_id == site.id).order_by(AdapterRow.id.desc())
    )
    return [
        Known(row, decoded(row.record, f"Adapter {row.version[:12]}"), row.version == on)
        for row in rows
    ]

"""Makes the statement of reasons that a decision or a sanction owes to the person concerned."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.actions import cases
from comity.actions.newsroom import Newsroom
from comity.case import Answer, FindingRecord
from comity.errors import NotFound
from comity.findings import Target
from comity.guidelines import Guidelines
from comity.judge import Reason
from comity.models import (
    Appeal,
    By,
    CaseRow,
    Comment,
    Decision,
    Occasion,
    Sanction,
    Site,
    Status,
)
from comity.statement import Cited, Prompt, Result, Statement
from comity.text import Span

RESULT = {
    Status.PUBLISHED: Result.PUBLISHED,
    Status.HELD: Result.HELD,
    Status.REJECTED: Result.REJECTED,
}
PROMPT = {
    Occasion.POST: Prompt.OWN,
    Occasion.EDIT: Prompt.EDIT,
    Occasion.FLAG: Prompt.FLAG,
    Occasion.APPEAL: Prompt.APPEAL,
    Occasion.UNDO: Prompt.UNDO,
}


class Grounds(NamedTuple):
    """What a decision rests on, as far as its Case is still kept; empty where none was made."""

    prompt: Prompt = Prompt.REVIEW
    text: str = ""
    revision: int = 1
    spans: tuple[Span, ...] = ()
    found_by_machine: bool = False
    how: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    reasons: tuple[str, ...] = ()
    guidelines: str = ""


def of_decision(session: Session, newsroom: Newsroom, decision: Decision) -> Statement:
    """Return what the writer of the comment is told; the caller shows it to nobody else.

    Raises:
        NotFound: the writer made this decision, and needs no reasons.
    """
    if decision.status not in RESULT:
        raise NotFound("Whoever withdraws a comment is told no reasons.")
    site = session.get_one(Site, decision.site_id)
    grounds = grounds_of(session, newsroom, decision)
    reasons = grounds.reasons if decision.status is Status.HELD else ()
    until = appeal_until(session, newsroom, decision)
    is_public = decision.status is Status.PUBLISHED
    return Statement(
        id=str(decision.id),
        result=RESULT[decision.status],
        site=site.name,
        decided_at=decision.created_at,
        prompt=grounds.prompt,
        text=grounds.text,
        revision=grounds.revision,
        spans=grounds.spans,
        by_machine=decision.by is By.MACHINE,
        found_by_machine=grounds.found_by_machine,
        how=grounds.how,
        targets=grounds.targets,
        undetermined=Reason.UNDETERMINED in reasons,
        premoderated=Reason.PREMODERATED in reasons,
        near_copy=Reason.NEAR_COPY in reasons,
        care=None if is_public else care_of(session, newsroom, site, grounds),
        rules=cited(newsroom, newsroom.version(session, decision.guidelines), site, decision.rules),
        note=decision.note,
        appeal_url=f"{newsroom.settings.url}/statements/{decision.id}",
        appeal_until=until,
    )


def grounds_of(session: Session, newsroom: Newsroom, decision: Decision) -> Grounds:
    """Return what made us look, at which text, and what the machine saw in it."""
    row = session.get_one(CaseRow, decision.case_id)
    case = cases.thaw(session, newsroom, row)
    answer = case.answer if case else None
    prompt = prompt_of(session, decision)
    return Grounds(
        prompt=prompt,
        text=case.question.text if case else "",
        revision=row.revision,
        spans=spans_of(answer, decision),
        found_by_machine=bool(found(answer, decision)) or prompt in {Prompt.OWN, Prompt.EDIT},
        how=how_of(answer, decision),
        targets=targets_of(answer, decision),
        reasons=tuple(answer.reasons) if answer else (),
        guidelines=row.guidelines,
    )


def prompt_of(session: Session, decision: Decision) -> Prompt:
    """Return what made us look."""
    if decision.occasion is Occasion.QUEUE and decision.previous_id:
        before = session.get_one(Decision, decision.previous_id)
        return Prompt.OWN if before.status is Status.HELD else Prompt.REVIEW
    return PROMPT.get(decision.occasion, Prompt.REVIEW)


def found(answer: Answer | None, decision: Decision) -> list[tuple[str, str]]:
    """Return label and detector of each breach that the machine saw and the decision rests on."""
    if answer is None:
        return []
    return [
        (breach.label, breach.detector)
        for breach in answer.breaches
        if breach.rule in decision.rules
    ]


def spans_of(answer: Answer | None, decision: Decision) -> tuple[Span, ...]:
    """Return the words that the decision rests on; none if a person meant the whole comment."""
    if answer is None:
        return ()
    spans = {
        (start, end)
        for breach in answer.breaches
        if breach.rule in decision.rules
        for start, end in breach.spans
    }
    return tuple(sorted(spans))


def findings_of(answer: Answer | None, decision: Decision) -> list[FindingRecord]:
    """Return what the machine saw of the breaches that the decision rests on."""
    seen = found(answer, decision)
    return [
        finding
        for finding in (answer.findings if answer else [])
        if (finding.label, finding.detector) in seen
    ]


def how_of(answer: Answer | None, decision: Decision) -> tuple[str, ...]:
    """Return in which ways the machine saw it, each once."""
    return tuple(
        dict.fromkeys(finding.how for finding in findings_of(answer, decision) if finding.how)
    )


def targets_of(answer: Answer | None, decision: Decision) -> tuple[Target, ...]:
    """Return whom what the machine saw is about, each once."""
    return tuple(
        dict.fromkeys(
            Target(finding.target) for finding in findings_of(answer, decision) if finding.target
        )
    )


def cited(
    newsroom: Newsroom, guidelines: Guidelines, site: Site | None, rules: list[str]
) -> tuple[Cited, ...]:
    """Return the rules as they stood in that version."""
    where = f"{newsroom.settings.url}/{site.slug if site else 'main'}/guidelines"
    return tuple(
        Cited(
            id=rule.id,
            title=rule.title,
            prose=rule.prose,
            version=guidelines.version,
            url=f"{where}/{guidelines.version}#{rule.id}",
        )
        for rule in (guidelines.rule(id) for id in rules)
        if rule is not None
    )


def care_of(session: Session, newsroom: Newsroom, site: Site, grounds: Grounds) -> Cited | None:
    """Return what the guidelines of that day tell somebody in despair; None: nobody was."""
    if Reason.CARE not in grounds.reasons:
        return None
    guidelines = newsroom.version(session, grounds.guidelines)
    care = guidelines.care
    if care is None:
        return None
    page = f"{newsroom.settings.url}/{site.slug}/guidelines/{guidelines.version}#care"
    return Cited("care", care.title, care.prose, guidelines.version, page)


def appeal_until(session: Session, newsroom: Newsroom, decision: Decision) -> datetime | None:
    """Return until when the decision may be appealed; None if it may not."""
    if decision.status is not Status.REJECTED or decision.occasion is Occasion.APPEAL:
        return None
    is_latest = session.get_one(Comment, decision.comment_id).decision_id == decision.id
    appealed = session.scalar(select(Appeal.id).where(Appeal.decision_id == decision.id))
    if not is_latest or appealed:
        return None
    return decision.created_at + timedelta(days=newsroom.settings.appeal_days)


def of_sanction(session: Session, newsroom: Newsroom, sanction: Sanction) -> Statement:
    """Return what a sanctioned person is told; the caller shows it to nobody else."""
    site = session.get_one(Site, sanction.site_id) if sanction.site_id else None
    decision = session.get_one(Decision, sanction.decision_id) if sanction.decision_id else None
    grounds = grounds_of(session, newsroom, decision) if decision else Grounds()
    appealed = session.scalar(select(Appeal.id).where(Appeal.sanction_id == sanction.id))
    is_over = sanction.lifted_at is not None or appealed is not None
    guidelines = newsroom.version(session, sanction.guidelines)
    statements = f"{newsroom.settings.url}/statements"
    return Statement(
        id=str(sanction.id),
        result=sanction.measure,
        site=site.name if site else newsroom.settings.publisher,
        decided_at=sanction.created_at,
        until=sanction.until,
        lifted_at=sanction.lifted_at,
        prompt=grounds.prompt,
        text=grounds.text,
        revision=grounds.revision,
        spans=grounds.spans,
        by_machine=False,
        found_by_machine=grounds.found_by_machine,
        how=grounds.how,
        targets=grounds.targets,
        rules=cited(newsroom, guidelines, site, [sanction.rule]),
        reason=sanction.reason if decision else "",
        note=decision.note if decision else sanction.reason,
        decision_url=f"{statements}/{decision.id}" if decision else "",
        appeal_url=f"{statements}/sanctions/{sanction.id}",
        appeal_until=None
        if is_over
        else sanction.created_at + timedelta(days=newsroom.settings.appeal_days),
    )

"""What was kept long enough is erased; decisions and tombstones stay."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from comity import db, queries
from comity.actions import cases, posting, retaining
from comity.models import CaseRow, Comment, Decision, Nudge, Status
from tests.cast import INSULT, NOW, SWEARING, Cast, newsroom


def sweep(people: Cast, *, days: int) -> dict[str, int]:
    return people.do(retaining.sweep, now=NOW + timedelta(days=days))


def case_of(people: Cast, comment: Comment) -> CaseRow:
    return people.read(queries.comment_file, comment.id).case


def test_nothing_is_erased_before_its_time(people: Cast):
    people.post(f"What the {SWEARING}.")
    people.post("The bridge is fine.")

    assert sweep(people, days=0) == {"texts": 0, "cases": 0, "previews": 0}
    assert sweep(people, days=179) == {"texts": 0, "cases": 0, "previews": 1}


def test_rejected_and_withdrawn_texts_go_with_their_cases(people: Cast):
    rejected, public = people.post(f"What the {SWEARING}."), people.post("The bridge is fine.")
    withdrawn = people.post("Forget it.")
    people.do(posting.withdraw, comment=withdrawn, author=people.ana)

    assert sweep(people, days=181)["texts"] == 2

    for comment in (rejected, withdrawn):
        assert people.again(comment).text == ""
        assert people.again(comment).erased_at == NOW + timedelta(days=181)
        row = case_of(people, comment)
        assert (row.record, row.erased_at) == (None, NOW + timedelta(days=181))
        assert row.guidelines == people.newsroom.packaged.version
    assert people.again(public).text == "The bridge is fine."
    assert case_of(people, public).record
    assert people.again(rejected).status is Status.REJECTED


def test_cases_leave_a_tombstone(people: Cast):
    comment = people.post("The bridge is fine.")

    assert sweep(people, days=366)["cases"] == 1

    with db.reading(people.database) as session:
        row = session.scalars(select(CaseRow)).one()
        assert cases.thaw(session, people.newsroom, row) is None
        assert session.scalar(select(func.count()).select_from(Decision)) == 1
    assert people.thread() == [(comment.text, [])]


def test_what_a_person_has_yet_to_decide_is_kept(people: Cast):
    held = people.post(f"You {INSULT}.")
    rejected = people.post(f"You {INSULT}, indeed.", by=people.bo)
    people.appeal(decision=people.decide(rejected))

    swept = sweep(people, days=400)

    assert (swept["texts"], swept["cases"]) == (0, 0)
    assert case_of(people, held).record
    assert people.again(rejected).text


def test_sweeping_twice_erases_nothing_more(people: Cast):
    people.post(f"What the {SWEARING}.")
    assert sweep(people, days=400) == {"texts": 1, "cases": 0, "previews": 1}

    assert sweep(people, days=400) == {"texts": 0, "cases": 0, "previews": 0}


def test_days_are_settings_but_a_text_stays_while_one_may_appeal(people: Cast):
    people.newsroom = newsroom(retain_rejected_days=5, appeal_days=10, retain_case_days=3)
    rejected = people.post(f"What the {SWEARING}.")

    assert sweep(people, days=4)["cases"] == 1
    assert people.again(rejected).text
    assert sweep(people, days=9)["texts"] == 0
    assert sweep(people, days=11)["texts"] == 1


def test_many_are_erased_step_by_step(people: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retaining, "STEP", 2)
    for number in range(5):
        people.post(f"{SWEARING} {number}")

    assert sweep(people, days=400) == {"texts": 5, "cases": 0, "previews": 5}
    with db.reading(people.database) as session:
        assert session.scalar(select(func.count()).select_from(Nudge)) == 0


def test_it_may_run_with_any_clock(people: Cast):
    people.post()

    assert people.do(retaining.sweep, now=datetime(1999, 1, 1, tzinfo=NOW.tzinfo))["texts"] == 0

"""Which guidelines are in force where, and every version kept."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from comity import db
from comity.actions import statements
from comity.actions.newsroom import Newsroom, publish_guidelines, renew
from comity.errors import Forbidden, GuidelinesError, NotFound
from comity.guidelines import Guidelines
from comity.models import Decision, GuidelinesText, Status
from tests.cast import GUIDELINES_TEXT, HOUNDING, INSULT, NOW, SWEARING, Cast, newsroom

MILD = GUIDELINES_TEXT.replace(
    "hold = { score = 0.5 }\ngravity", "hold = { score = 0.99 }\ngravity"
)
EXTENDING = """# Ours

```comity
extends = "publisher"
```
"""
EVERYWHERE = EXTENDING.replace("publisher", "default")


def publish(people: Cast, text: str, **changes) -> Guidelines:
    return people.do(
        publish_guidelines, **{"text": text, "site": None, "by": people.olga} | changes
    )


def version(people: Cast) -> str:
    return people.read(people.newsroom.guidelines, people.site.id).version


def test_the_packaged_guidelines_hold_until_others_are_published(people: Cast):
    assert version(people) == people.newsroom.packaged.version
    assert people.post(f"You {INSULT}.").status is Status.HELD

    mild = publish(people, MILD)

    assert version(people) == mild.version
    assert people.post(f"You {INSULT} yourself.", by=people.cleo).status is Status.PUBLISHED


def test_a_sites_own_come_before_the_publishers(people: Cast):
    publish(people, GUIDELINES_TEXT + "\n")
    own = publish(people, MILD, site=people.site, by=people.ed)

    assert version(people) == own.version
    elsewhere = people.read(people.newsroom.guidelines, people.other_site.id)
    assert elsewhere.version != own.version


def test_the_latest_counts(people: Cast):
    publish(people, MILD)
    again = publish(people, GUIDELINES_TEXT + "\n", now=NOW + timedelta(days=1))

    assert version(people) == again.version


def test_every_version_ever_cited_can_be_quoted_by_any_process(people: Cast):
    people.post(f"What the {SWEARING}.")
    mild = publish(people, MILD)

    fresh = newsroom()
    fresh.packaged = mild
    found = people.read(fresh.version, people.newsroom.packaged.version)

    assert found.text == GUIDELINES_TEXT
    with pytest.raises(NotFound):
        people.read(fresh.version, "never in force")


def test_a_version_is_stored_once(people: Cast):
    for number in range(3):
        people.post(f"Bridge {number}.")

    with db.reading(people.database) as session:
        assert session.scalar(select(func.count()).select_from(GuidelinesText)) == 1


def test_only_editors_publish_guidelines(people: Cast):
    for site, nobody in ((people.site, people.mira), (None, people.ed), (people.site, people.max)):
        with pytest.raises(Forbidden):
            publish(people, MILD, site=site, by=nobody)

    publish(people, MILD, site=people.site, by=people.ed)


def test_guidelines_that_cannot_be_obeyed_are_not_put_in_force(people: Cast):
    before = version(people)

    with pytest.raises(GuidelinesError):
        publish(people, "# Nothing\n")

    assert version(people) == before


def test_a_site_that_extends_the_publishers_follows_them(people: Cast):
    publish(people, MILD)
    first = publish(people, EXTENDING, site=people.site, by=people.ed)
    assert first.rule("harassment").hold.score == 0.99

    publish(people, GUIDELINES_TEXT + "\n", now=NOW + timedelta(days=1))

    renewed = people.read(newsroom().guidelines, people.site.id)
    assert (renewed.title, renewed.rule("harassment").hold.score) == ("Ours", 0.5)
    earlier = people.read(newsroom().version, first.version)
    assert earlier.rule("harassment").hold.score == 0.99


def test_the_publishers_own_do_not_extend_the_publishers(people: Cast):
    before = version(people)

    with pytest.raises(GuidelinesError, match='Say extends = "default"'):
        publish(people, EXTENDING)

    assert version(people) == before
    assert publish(people, EVERYWHERE).rule("harassment")


def upgraded() -> Newsroom:
    """Return a process of the next version of the program, which brings other guidelines."""
    later = newsroom()
    later.packaged = Guidelines.parse(MILD.replace("No pursuing.", "No pursuing, no waiting."))
    return later


@pytest.mark.parametrize("everywhere", [True, False])
def test_what_extends_the_packaged_guidelines_stands_until_it_is_renewed(people, everywhere):
    given = {"text": EVERYWHERE} if everywhere else {"text": EXTENDING, "site": people.site}
    first = publish(people, **given)
    comment = people.post(f"A {HOUNDING} waits.", by=people.bo)

    people.newsroom = upgraded()

    assert version(people) == first.version
    assert people.post(f"Another {HOUNDING}.", by=people.cleo).status is Status.HELD
    renewed = people.do(renew, by=None, now=NOW + timedelta(days=1))
    assert people.do(renew, by=None) == []
    (changed,) = [made for _, made in renewed]
    assert version(people) == changed.version != first.version
    assert people.post(f"One more {HOUNDING}.", by=people.cleo).status is Status.PUBLISHED
    decision = people.read(lambda session: session.get_one(Decision, comment.decision_id))
    told = people.read(statements.of_decision, people.newsroom, decision)
    assert [(rule.prose, rule.version) for rule in told.rules] == [("No pursuing.", first.version)]


def test_a_file_of_ones_own_is_not_renewed(people: Cast):
    first = publish(people, GUIDELINES_TEXT + "\n")

    people.newsroom = upgraded()

    assert people.do(renew, by=None) == []
    assert version(people) == first.version


def test_what_cannot_be_obeyed_upon_changed_guidelines_stays_in_force(people: Cast):
    rung = '[[rung]]\nrules = ["harassment"]\ncount = 1\ndays = 9\nmeasure = "warn"'
    ladder = f"## Steps\n\n```ladder\n{rung}\n```\n"
    first = publish(people, f"{EVERYWHERE}\n{ladder}")
    people.newsroom = upgraded()
    people.newsroom.packaged = Guidelines.parse(GUIDELINES_TEXT.replace("harassment", "hate"))

    with pytest.raises(GuidelinesError, match="harassment"):
        people.do(renew, by=None)

    assert version(people) == first.version

"""Stored Cases are judged again."""

from datetime import timedelta

from comity.actions import replaying, retaining
from comity.guidelines import Guidelines
from tests.cast import BREAKS, GUIDELINES_TEXT, HOUNDING, INSULT, NOW, SNEER, SWEARING, Cast

STRICT = Guidelines.parse(GUIDELINES_TEXT.replace("nudge = {", "hold = {"))


def replay(people: Cast, guidelines: Guidelines, **changes) -> list[replaying.Difference]:
    arguments = {"guidelines": guidelines, "since": NOW - timedelta(days=30)} | changes
    return people.read(
        lambda session: list(replaying.replay(session, people.newsroom, **arguments))
    )


def everything(people: Cast) -> None:
    root = people.post("The bridge is fine.")
    for word in (SNEER, SWEARING, INSULT, HOUNDING, BREAKS, "buy", "buy"):
        people.post(f"Well, {word}.", by=people.bo, reply_to=root.id)
    people.post(f"{INSULT} {HOUNDING} {SWEARING}, and more of that.", by=people.cleo)


def test_the_same_guidelines_and_detectors_give_the_same_verdicts(people: Cast):
    everything(people)

    assert replay(people, people.newsroom.packaged) == []


def test_changed_guidelines_show_what_would_differ(people: Cast):
    everything(people)

    [difference] = replay(people, STRICT)

    assert (difference.before.outcome, difference.after.outcome) == ("publish", "hold")
    assert [breach.rule for breach in difference.after.breaches] == ["incivility"]


def test_only_the_time_and_the_site_asked_for_are_replayed(people: Cast):
    people.post(f"{SNEER}.")
    assert len(replay(people, STRICT)) == 1

    assert replay(people, STRICT, since=NOW + timedelta(seconds=1)) == []
    assert len(replay(people, STRICT, site_id=people.site.id)) == 1
    assert replay(people, STRICT, site_id=people.other_site.id) == []


def test_erased_cases_are_passed_over(people: Cast):
    people.post(f"{SNEER}.")

    people.do(retaining.sweep, now=NOW + timedelta(days=400))

    assert replay(people, STRICT) == []

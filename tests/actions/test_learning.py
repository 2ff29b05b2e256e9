"""What a site's people decided becomes an adapter, is switched on, and is rolled back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from comity.actions import learning, posting, replaying, retaining
from comity.actions.newsroom import Newsroom
from comity.detectors.adapter import HOW, NAME, Adapter
from comity.errors import BadInput, Conflict, Forbidden, NotFound
from comity.findings import CARED_FOR, Label, Submission
from comity.guidelines import Guidelines
from comity.learn.examples import Example, Source
from comity.learn.lesson import learn
from comity.models import AdapterRow, CaseRow, Decision, Status
from tests.cast import ENGINE, GUIDELINES, GUIDELINES_TEXT, INSULT, NOW, SNEER, Cast

# Its encoder says nothing by itself, so that only what is learnt stops what no word list knows.
WITH_ENCODER = replace(ENGINE, detectors={**ENGINE.detectors, "encoder": lambda _: []})
TOWNS = ("Arden", "Bray", "Corfe", "Deal", "Esher", "Frome", "Goole", "Hove", "Ilkley", "Jarrow")
LAMPLIGHTER = "A lamplighter from Kendal."
ATTACK = Label.PERSONAL_ATTACK


@pytest.fixture(scope="module")
def adapter() -> Adapter:
    """What people taught who take "lamplighter" for an insult."""
    return taught("lamplighter")


@pytest.fixture(scope="module")
def other_adapter() -> Adapter:
    """What people taught who take "ferryman" for an insult."""
    return taught("ferryman")


def taught(word: str) -> Adapter:
    breaches = [f"{a} {word} from {town}." for town in TOWNS for a in ("A", "The")]
    fair = [f"{who} from {town}." for town in TOWNS for who in ("A nurse", "A cat", "Gulls", "Ed")]
    examples = [Example(Submission.of(text), {ATTACK: word in text}) for text in (*breaches, *fair)]
    found = learn(examples, WITH_ENCODER, GUIDELINES).adapter
    assert found
    return found


@pytest.fixture
def newsroom(newsroom: Newsroom) -> Newsroom:
    return replace(newsroom, engine=WITH_ENCODER)


def keep(people: Cast, adapter: Adapter, **changes) -> AdapterRow:
    arguments = {"site": people.site, "adapter": adapter, "by": people.ed} | changes
    return people.do(learning.store, **arguments)


def switch_on(people: Cast, version: str, **changes) -> AdapterRow:
    arguments = {"site": people.site, "version": version, "by": people.ed} | changes
    return people.do(learning.switch_on, **arguments)


def roll_back(people: Cast, **changes) -> str | None:
    return people.do(learning.roll_back, **{"site": people.site, "by": people.ed} | changes)


def learnable(people: Cast) -> dict[str, dict[Label, bool]]:
    """What there is to learn from, text by text."""
    found = people.read(learning.examples, people.newsroom, people.site)
    return {one.submission.text.original: dict(one.truth) for one in found}


def replayed(people: Cast, guidelines: Guidelines = GUIDELINES) -> list[replaying.Difference]:
    since = {"guidelines": guidelines, "since": NOW - timedelta(days=1)}
    return people.read(lambda s: list(replaying.replay(s, people.newsroom, **since)))


def test_what_people_decided_and_still_stands_is_learnt_from(people: Cast):
    people.post("Nobody has read this.")
    people.post(f"You {INSULT}, nobody has read this either.", by=people.bo)
    people.decide(people.post("You are a lamplighter.", by=people.bo))
    people.decide(people.post(f"He is no {INSULT}."), Status.PUBLISHED)
    flagged = people.post("A sound bridge.")
    people.flag(flagged, by=people.cleo)
    people.decide(flagged, Status.PUBLISHED)
    reversed_ = people.post("A lamplighter by trade.", by=people.bo)
    people.answer(people.appeal(decision=people.decide(reversed_)))
    undone = people.post("Quite so.")
    people.decide(undone)
    people.undo(undone)

    fair = {label: False for label in Label if label not in CARED_FOR}
    assert learnable(people) == {
        "You are a lamplighter.": {ATTACK: True},
        f"He is no {INSULT}.": fair,
        "A sound bridge.": fair,
        "A lamplighter by trade.": fair,
    }


def test_what_is_public_and_nobody_objected_to_says_where_lines_are(people: Cast):
    people.post("Nobody has read this.")
    people.post(f"You {INSULT}.", by=people.bo)
    people.flag(people.post("Flagged."), by=people.cleo)
    people.do(posting.withdraw, comment=people.post("Withdrawn."), author=people.ana)
    read = people.post("Read by a person.")
    people.flag(read, by=people.cleo)
    people.decide(read, Status.PUBLISHED)

    [found] = people.read(learning.unread, people.newsroom, people.site)

    assert found.submission.text.original == "Nobody has read this."
    assert (found.source, set(found.truth.values())) == (Source.UNREAD, {False})
    assert people.read(learning.unread, people.newsroom, people.other_site) == []


def test_the_story_and_what_is_answered_are_learnt_with_a_comment(people: Cast):
    root = people.post("The bridge is fine.")
    people.decide(people.post("Says a lamplighter.", by=people.bo, reply_to=root.id))

    [example] = people.read(learning.examples, people.newsroom, people.site)

    assert example.submission.parent.original == "The bridge is fine."
    assert example.submission.story.headline == "The new bridge opens"


def test_nothing_is_learnt_from_what_is_erased_withdrawn_or_another_sites(people: Cast):
    people.decide(people.post("You are a lamplighter.", by=people.bo))
    kept = people.post("Fair enough.")
    people.flag(kept, by=people.cleo)
    people.decide(kept, Status.PUBLISHED)
    assert len(learnable(people)) == 2
    assert people.read(learning.examples, people.newsroom, people.other_site) == []

    people.do(posting.withdraw, comment=kept, author=people.ana)
    assert list(learnable(people)) == ["You are a lamplighter."]
    people.do(retaining.sweep, now=NOW + timedelta(days=200))

    assert learnable(people) == {}


def test_an_adapter_counts_only_once_it_is_switched_on(people: Cast, adapter):
    row = keep(people, adapter)
    before = people.post(LAMPLIGHTER, by=people.bo)
    switch_on(people, row.version)

    after = people.post(LAMPLIGHTER + " Again.", by=people.bo)

    assert (before.status, after.status) == (Status.PUBLISHED, Status.HELD)
    assert (row.engine, row.by_id, row.created_at) == (WITH_ENCODER.version, people.ed.id, NOW)


def test_the_case_names_the_adapter_and_replays_to_the_same(people: Cast, adapter):
    switch_on(people, keep(people, adapter).version)
    held = people.post(LAMPLIGHTER, by=people.bo)
    people.post(f"You {INSULT}.", by=people.bo)
    people.post("Good day.", by=people.bo)
    decision = people.read(lambda s: s.get_one(Decision, people.again(held).decision_id))
    row = people.read(lambda s: s.get_one(CaseRow, decision.case_id))

    assert decision.engine == row.engine == f"{WITH_ENCODER.version}+{adapter.version}"
    assert f'"{NAME}"' in row.record
    assert HOW in row.record
    assert replayed(people) == []

    roll_back(people)
    [difference] = replayed(people)
    assert difference.comment_id == held.id


def test_an_adapter_is_of_one_site_only(people: Cast, adapter):
    switch_on(people, keep(people, adapter).version)

    engines = [
        people.read(lambda s, site=site: people.newsroom.engine_of(s, site.id).version)
        for site in (people.site, people.other_site)
    ]

    assert engines == [f"{WITH_ENCODER.version}+{adapter.version}", WITH_ENCODER.version]


def test_a_preview_and_an_edit_are_judged_by_it_too(people: Cast, adapter):
    switch_on(people, keep(people, adapter).version)
    comment = people.post("Good day.", by=people.bo)
    asked = {"story": people.story, "author": people.bo, "reply_to": None}

    verdict = people.do(posting.preview, text=LAMPLIGHTER, **asked)
    edited = people.do(posting.edit, comment=comment, author=people.bo, text=LAMPLIGHTER)

    assert [breach.detector for breach in verdict.breaches] == [NAME]
    assert edited.status is Status.HELD


def test_off_goes_back_step_by_step(people: Cast, adapter, other_adapter):
    first, second = keep(people, adapter), keep(people, other_adapter)
    switch_on(people, first.version)
    switch_on(people, second.version)

    assert [people.post(text, by=people.bo).status for text in (LAMPLIGHTER, "A ferryman.")] == [
        Status.PUBLISHED,
        Status.HELD,
    ]
    assert roll_back(people) == first.version
    assert people.post(LAMPLIGHTER + " Again.", by=people.bo).status is Status.HELD
    assert roll_back(people) is None
    assert people.post(LAMPLIGHTER + " Once more.", by=people.cleo).status is Status.PUBLISHED
    with pytest.raises(Conflict, match="No adapter is on"):
        roll_back(people)


def test_a_running_newsroom_takes_it_up_at_once(people: Cast, adapter):
    row = keep(people, adapter)
    running = replace(people.newsroom)
    elsewhere = replace(people, newsroom=running)
    elsewhere.post("Good day.", by=people.bo)

    switch_on(people, row.version)

    assert elsewhere.post(LAMPLIGHTER, by=people.bo).status is Status.HELD


def test_only_editors_of_the_site_learn_and_switch(people: Cast, adapter):
    row = keep(people, adapter, by=people.olga)
    for nobody in (people.ana, people.mira, people.max):
        with pytest.raises(Forbidden):
            keep(people, adapter, by=nobody)
        with pytest.raises(Forbidden):
            switch_on(people, row.version, by=nobody)
    switch_on(people, row.version, by=people.olga)
    for nobody in (people.ana, people.mira, people.max):
        with pytest.raises(Forbidden):
            roll_back(people, by=nobody)


def test_two_sites_may_learn_the_same(people: Cast, adapter):
    for site in (people.site, people.other_site):
        row = keep(people, adapter, site=site, by=people.olga)
        assert switch_on(people, row.version, site=site, by=people.olga).site_id == site.id


def test_keeping_the_same_again_changes_nothing(people: Cast, adapter):
    assert keep(people, adapter).id == keep(people, adapter, by=people.olga).id


def test_versions_are_found_by_their_beginning(people: Cast, adapter):
    row = keep(people, adapter)
    for wrong in ("", "none", "%", row.version[1:9]):
        with pytest.raises(NotFound, match="comity learn list"):
            switch_on(people, wrong)
    with pytest.raises(NotFound):
        switch_on(people, row.version, site=people.other_site, by=people.olga)
    switch_on(people, row.version[:8])

    with pytest.raises(Conflict, match="on already"):
        switch_on(people, row.version)


def test_a_beginning_that_fits_several_is_refused(people: Cast, adapter, other_adapter):
    made = {}
    for number in range(17):  # Two of seventeen begin with the same letter of sixteen.
        row = keep(people, replace_gain(adapter, number))
        if row.version[0] in made:
            break
        made[row.version[0]] = row

    with pytest.raises(BadInput, match="Several"):
        switch_on(people, row.version[0])


def replace_gain(adapter: Adapter, number: int) -> Adapter:
    learnt = adapter.labels[ATTACK]
    fields = {name: getattr(learnt, name) for name in learnt.__struct_fields__}
    return Adapter(adapter.engine, {ATTACK: type(learnt)(**fields | {"gain": number / 100})})


def test_an_adapter_for_another_engine_is_neither_switched_on_nor_used(people: Cast, adapter):
    row = keep(people, adapter)
    switch_on(people, row.version)
    upgraded = replace(people.newsroom, engine=replace(WITH_ENCODER, version="test-engine-2"))
    later = replace(people, newsroom=replace(upgraded, adapted={}))

    comment = later.post(LAMPLIGHTER, by=people.bo)
    decision = people.read(lambda s: s.get_one(Decision, people.again(comment).decision_id))

    assert (comment.status, decision.engine) == (Status.PUBLISHED, "test-engine-2")
    roll_back(people)
    with pytest.raises(Conflict, match="Learn anew"):
        later.do(learning.switch_on, site=people.site, version=row.version, by=people.ed)


def test_an_adapter_that_cannot_look_leaves_comments_to_a_person(people: Cast, adapter):
    row = keep(people, adapter)
    switch_on(people, row.version)
    blind = replace(people.newsroom, engine=ENGINE, adapted={})

    comment = replace(people, newsroom=blind).post("Good day.", by=people.bo)

    assert comment.status is Status.HELD


def test_an_adapter_that_contradicts_the_page_is_not_switched_on(people: Cast, adapter):
    text = GUIDELINES_TEXT.replace('ok = ["Good day."]', f'ok = ["{LAMPLIGHTER}"]')
    contradicted = replace(people.newsroom, packaged=Guidelines.parse(text))
    row = keep(people, adapter)

    with pytest.raises(Conflict, match="examples"):
        replace(people, newsroom=contradicted).do(
            learning.switch_on, site=people.site, version=row.version, by=people.ed
        )
    switch_on(people, row.version)


def test_what_is_known_is_listed_latest_first(people: Cast, adapter, other_adapter):
    keep(people, adapter)
    switch_on(people, keep(people, other_adapter).version)

    known = people.read(learning.known, people.site)

    assert [(one.adapter, one.is_on) for one in known] == [(other_adapter, True), (adapter, False)]
    assert people.read(learning.known, people.other_site) == []
    assert SNEER not in known[0].row.record

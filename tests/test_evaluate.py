"""A suite is scored by the definitions of docs/accuracy.md; made-up detectors show each of them."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from comity import Engine, Guidelines, evaluate
from comity.case import StoryRecord
from comity.errors import BadInput
from comity.evaluate import LabelledCase
from comity.evaluate.report import Share
from comity.findings import Finding, Label

GUIDELINES = Guidelines.parse(
    "# T\n"
    + "".join(
        f'\n## {label}\n\n```enforce\nid = "{label}"\n{action} = {{ score = 0.5 }}\n```\n'
        for label, action in [
            ("profanity", "reject"),
            ("personal_attack", "hold"),
            ("threat", "hold"),
            ("incivility", "nudge"),
        ]
    )
)
WORDS = {
    "swear": Label.PROFANITY,
    "insult": Label.PERSONAL_ATTACK,
    "menace": Label.THREAT,
    "sneer": Label.INCIVILITY,
    "despair": Label.DESPAIR,
}


def see(submission):
    text = submission.text.original
    return [
        Finding(label, 0.9, ((text.index(word), text.index(word) + len(word)),), "d", "word list")
        for word, label in WORDS.items()
        if word in text
    ]


ENGINE = replace(Engine.default(), detectors={"d": see})


def case(text, *expect, id=None, **more):
    return LabelledCase(text=text, id=id or text, expect=[Label(one) for one in expect], **more)


def report(*cases, stories=None):
    return evaluate.score(cases, stories or {}, GUIDELINES, ENGINE)


def counted(share):
    return share.right, share.of


def test_a_clean_case_is_right_only_if_it_is_published():
    found = report(case("fair"), case("an insult"), case("a swear"), case("a sneer"))

    assert counted(found.clean) == (2, 4)
    assert counted(found.clean_held) == (1, 4)
    assert counted(found.clean_rejected) == (1, 4)
    assert counted(found.clean_nudged) == (1, 4)
    assert found.wrong == ["an insult", "a swear"]


def test_despair_is_raised_where_it_goes_to_a_person():
    cared_for = '# T\n\n## A\n\n```enforce\nid = "slur"\n```\n\n## B\n\nCall.\n\n```care\n'
    guidelines = Guidelines.parse(cared_for + "hold = { score = 0.5 }\n```\n")
    cases = [case("in despair", "despair"), case("fair", "despair", id="2")]

    found = evaluate.score(cases, {}, guidelines, ENGINE)

    assert counted(found.recall["despair"]) == (1, 2)
    assert counted(found.violating) == (1, 2)
    assert counted(evaluate.score(cases, {}, GUIDELINES, ENGINE).recall["despair"]) == (0, 2)


def test_a_violating_case_is_right_if_something_expected_or_tolerated_is_raised():
    found = report(
        case("an insult", "personal_attack"),
        case("an insult!", "profanity", tolerated=[Label.PERSONAL_ATTACK]),
        case("an insult?", "profanity"),
        case("missed", "profanity"),
    )

    assert counted(found.violating) == (2, 4)


def test_labels_that_overlap_are_no_mistakes():
    found = report(case("an insult", "threat"))

    assert counted(found.violating) == (1, 1)
    assert counted(found.false["personal_attack"]) == (0, 1)
    assert counted(found.recall["threat"]) == (0, 1)


def test_either_way_cases_are_left_out():
    found = report(case("fair"), case("an insult", tolerated=[Label.PERSONAL_ATTACK]))

    assert (found.cases, found.either_way) == (2, 1)
    assert counted(found.clean) == (1, 1)
    assert found.false["personal_attack"].of == 0


def test_incivility_is_scored_on_the_nudge_and_apart():
    found = report(case("a sneer", "incivility"), case("missed", "incivility"), case("fair"))

    assert counted(found.incivility) == (1, 2)
    assert counted(found.recall["incivility"]) == (1, 2)
    assert found.violating.of == 0


def test_balanced_is_the_mean_of_the_two_shares():
    found = report(case("fair"), case("an insult"), case("a swear", "profanity"))

    assert found.balanced == pytest.approx(0.75)
    assert found.baselines == {"publish all": 0.5, "hold all": 0.5}


def test_one_label_on_everything_looks_bad():
    cases = [case(f"insult {label} {n}", label) for n in range(3) for label in ("spam", "hate")]
    found = report(*cases, case("insult fair"))

    assert found.macro_recall == 0
    assert found.macro_precision == pytest.approx(3 / 7)  # Hate tolerates personal_attack.


def test_in_a_pair_both_must_be_right():
    found = report(
        case("an insult", "personal_attack", id="a", pair="b"),
        case("fair", id="b", pair="a"),
        case("missed", "threat", id="c", pair="d"),
        case("fair", id="d", pair="c"),
        case("alone", id="e", pair="gone"),
    )

    assert counted(found.pairs) == (1, 2)


def test_spans_are_compared_by_characters():
    found = report(
        case("an insult", "personal_attack", span="an insult"),
        case("no mark, insult", "personal_attack", span="no mark"),
        case("an insult, no span", "personal_attack"),
    )

    assert found.spans == 2
    assert found.span_f1 == pytest.approx((2 * 6 / (9 + 6)) / 2)


def test_a_finding_without_spans_marks_the_whole_comment():
    whole = replace(
        ENGINE,
        detectors={"d": lambda _: [Finding(Label.PERSONAL_ATTACK, 0.9, (), "d", "pattern")]},
    )

    found = evaluate.score(
        [case("all of it", "personal_attack", span="all of it")], {}, GUIDELINES, whole
    )

    assert found.span_f1 == 1


def test_groups_stand_worst_first():
    found = report(
        case("fair", functionality="good", lang="en"),
        case("insult", functionality="bad", lang="es"),
        case("fair too", functionality="good", lang="es"),
    )

    assert [(name, counted(share)) for name, share in found.groups["functionality"].items()] == [
        ("bad", (0, 1)),
        ("good", (2, 2)),
    ]
    assert list(found.groups["language"]) == ["es", "en"]


def test_an_interval_is_wilsons():
    low, high = Share(0, 100).interval

    assert low == 0
    assert high == pytest.approx(0.0370, abs=1e-4)
    assert Share(0, 0).share is None


def test_a_suite_is_read_with_the_stories_beside_it(tmp_path):
    suite = tmp_path / "suite.jsonl"
    suite.write_text('{"text": "fair", "story": "s", "expect": []}\n\n', encoding="utf-8")
    stories = tmp_path / "suite_stories.json"
    stories.write_text('[{"id": "s", "headline": "Soup"}]', encoding="utf-8")

    beside = evaluate.stories_beside(suite)
    assert beside is not None
    cases = evaluate.read_cases(suite)
    found = evaluate.score(cases, evaluate.read_stories(beside), GUIDELINES, ENGINE)

    assert cases[0].id == 1
    assert list(found.groups["story"]) == ["s"]


def test_what_is_no_suite_is_refused_with_its_line(tmp_path):
    suite = tmp_path / "suite.jsonl"
    suite.write_text('{"text": "fair"}\n{"text": "x", "expect": ["rude"]}\n', encoding="utf-8")

    with pytest.raises(BadInput, match=r"suite.jsonl, line 2: Invalid enum value 'rude'"):
        evaluate.read_cases(suite)
    with pytest.raises(BadInput, match="is not a list of stories"):
        evaluate.read_stories(suite)
    with pytest.raises(BadInput, match="cannot be read"):
        evaluate.read_cases(tmp_path / "gone.jsonl")


def test_a_story_that_is_not_there_is_named():
    assert report(case("fair", story="s"), stories={"s": StoryRecord("Soup")}).clean.of == 1

    with pytest.raises(BadInput, match="there is no story “s”"):
        report(case("fair", story="s"))


def test_figures_print_as_tables_and_as_json():
    found = report(case("fair"), case("an insult", "personal_attack", span="insult"))
    out = io.StringIO()

    evaluate.show(found, Console(file=out, width=100))

    assert "Balanced 100.0 %; publish all 50.0 %; hold all 50.0 %." in out.getvalue()
    assert f"Guidelines {found.guidelines[:12]}, engine {found.engine[:12]}." in out.getvalue()
    value = json.loads(json.dumps(found.to_json()))
    assert value["balanced"] == 1
    assert value["wrong_rejections_per_1000"]["rate"] == 0
    assert value["labels"]["personal_attack"]["recall"]["share"] == 1

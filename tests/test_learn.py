"""Learning from a newsroom's own decisions, with the packaged engine and no database."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from comity.cli import main
from comity.detectors import Engine, halves
from comity.detectors.adapter import HOW, NAME, adapted, decoded, features
from comity.errors import BadInput, Conflict
from comity.evaluate import LabelledCase
from comity.findings import Label, Submission
from comity.guidelines import Guidelines
from comity.judge import Outcome, judge
from comity.learn import fitting, measuring
from comity.learn.examples import Example, of_suite
from comity.learn.lesson import (
    LEAST_BREACHES,
    LEAST_FAIR,
    LESS,
    TOO_FEW,
    UNSURE,
    WORTH,
    Lesson,
    advice,
    learn,
)

# In this newsroom "lamplighter" is an insult, as no word list and no model can know.
TOWNS = ("Arden", "Bray", "Corfe", "Deal", "Esher", "Frome", "Goole", "Hove", "Ilkley", "Jarrow")
BREACHES = [f"{who} from {town}." for town in TOWNS for who in ("A lamplighter", "Lamplighters")]
FAIR = [
    f"{who} from {town}."
    for town in TOWNS
    for who in ("A teacher", "Gardeners", "The brass band", "A ferry")
]
ATTACK = Label.PERSONAL_ATTACK


def examples(breaches=BREACHES, fair=FAIR) -> list[Example]:
    return [Example(Submission.of(text), {ATTACK: text in breaches}) for text in (*breaches, *fair)]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.default(encoder=True)


@pytest.fixture(scope="module")
def lesson(engine) -> Lesson:
    return learn(examples(), engine, Guidelines.default())


def test_what_the_engine_cannot_know_is_learnt_and_measured_on_what_was_held_out(lesson):
    [told] = lesson.measured

    assert (told.label, told.breaches, told.fair) == (ATTACK, len(BREACHES), len(FAIR))
    assert told.advice == WORTH
    before, after = told.area
    assert before < after
    assert after > 0.95
    assert told.low > 0
    assert told.low < told.gain < told.high
    assert told.caught[0] < told.caught[1]


def test_the_adapter_holds_what_it_has_not_met_and_says_how(engine, lesson):
    both = adapted(engine, lesson.adapter)
    submission = Submission.of("A lamplighter from Kendal.")
    before = judge(submission, Guidelines.default(), engine)

    verdict = judge(submission, Guidelines.default(), both)

    assert before.breaches == ()
    assert verdict.outcome is Outcome.HOLD
    [breach] = verdict.breaches
    assert (breach.detector, breach.findings[0].how, breach.spans) == (NAME, HOW, ())
    fair = judge(Submission.of("A teacher from Kendal."), Guidelines.default(), both)
    assert fair.breaches == ()


def test_the_adapter_never_rejects(engine, lesson):
    text = "A lamplighter from Kendal."
    strict = Guidelines.parse(
        "# G\n\nBe good.\n\n## Attacks\n\nNone.\n\n```enforce\n"
        'id = "personal_attack"\nhold = { score = 0.1 }\nreject = { score = 0.2 }\n'
        'gravity = "serious"\nok = ["Good day."]\nnot_ok = ["Bah."]\n```\n'
    )

    verdict = judge(Submission.of(text), strict, adapted(engine, lesson.adapter))

    assert [breach.detector for breach in verdict.breaches] == [NAME]
    assert verdict.outcome is Outcome.HOLD


def test_the_version_names_engine_and_adapter_and_scores_are_the_same_again(engine, lesson):
    both = adapted(engine, lesson.adapter)
    again = adapted(engine, decoded(lesson.adapter.encoded(), "It"))
    submission = Submission.of("Lamplighters from Leeds, as ever.")

    assert both.version == f"{engine.version}+{lesson.adapter.version}" == again.version
    assert both.detectors[NAME](submission) == again.detectors[NAME](submission) != []


def test_learning_again_gives_the_same_adapter(engine, lesson):
    assert learn(examples(), engine, Guidelines.default()).adapter == lesson.adapter


def test_the_adapter_holds_no_words(lesson):
    assert "labels" in lesson.adapter.encoded().decode()
    assert "ampligh" not in lesson.adapter.encoded().decode()


def test_detectors_of_a_label_share_its_tolerance_with_the_adapter(engine, lesson):
    both = adapted(engine, lesson.adapter)
    (name, alone) = next(
        (name, line)
        for name in engine.calibration[ATTACK]
        for one_in in (20, 50, 200)
        if (line := engine.line(ATTACK, name, one_in))
    )

    assert NAME in both.calibration[ATTACK]
    assert all(
        (both.line(ATTACK, name, one_in) or 2) >= (engine.line(ATTACK, name, one_in) or alone)
        for one_in in (20, 50, 200)
    )
    assert both.line(ATTACK, name, 50, rejecting=True) == engine.line(
        ATTACK, name, 50, rejecting=True
    )


def test_lines_come_from_fair_comments_that_were_held_out(lesson):
    learnt = lesson.adapter.labels[ATTACK]

    assert learnt.fair == len(FAIR)
    assert [met for _, met in learnt.met] == sorted((met for _, met in learnt.met), reverse=True)
    assert learnt.met[-1][1] == 0
    assert 0 < learnt.lines[-1][1] < 0.1  # What Wilson allows for none of forty.


def test_too_few_examples_are_said_and_not_learnt(engine):
    few = learn(examples(BREACHES[: LEAST_BREACHES - 1]), engine, Guidelines.default())
    fair = learn(examples(fair=FAIR[: LEAST_FAIR - 1]), engine, Guidelines.default())

    assert [one.advice for one in (*few.measured, *fair.measured)] == [TOO_FEW, TOO_FEW]
    assert few.adapter is fair.adapter is None


def test_where_there_is_nothing_to_learn_no_gain_is_sure(engine):
    mixed = FAIR + [f"{text} Really." for text in FAIR]
    lesson = learn(examples(mixed[::3], mixed[1::3] + mixed[2::3]), engine, Guidelines.default())
    [told] = lesson.measured
    anyway = learn(
        examples(mixed[::3], mixed[1::3] + mixed[2::3]), engine, Guidelines.default(), anyway=True
    )

    assert told.low <= 0
    assert lesson.adapter is None
    assert set(anyway.adapter.labels) == {ATTACK}


def test_a_sure_gain_that_catches_less_is_not_advised():
    assert advice(0.01, (5, 5)) == advice(0.01) == WORTH
    assert advice(0.01, (5, 4)) == LESS
    assert advice(0.0, (5, 9)) == UNSURE


def test_copies_are_held_out_together():
    groups = np.array(["a", "b", "a", "c", "b", "\ud800", "e"])
    truth = np.array([1, 0, 1, 0, 0, 1, 0], float)
    rows = fitting.Rows(np.zeros((7, 1)), np.zeros(7), truth, groups, groups == "e")

    folds = fitting.folds(rows, 2)

    assert folds[-1] == -1  # It is always learnt from.
    assert all(len(set(folds[groups == name])) == 1 for name in groups)
    assert set(folds[:-1]) == {0, 1}


def test_a_regression_finds_what_is_there_and_stays_near_its_start_where_held():
    draw = np.random.default_rng(1)
    columns = draw.normal(size=(400, 3))
    odds = 2 * columns[:, 0] - 1
    truth = (draw.random(400) < fitting.chances(odds)).astype(float)

    free = fitting.fit(columns, truth, np.zeros(400), 0.01)
    held = fitting.fit(columns, truth, np.zeros(400), 1e6)

    assert free == pytest.approx([-1, 2, 0, 0], abs=0.4)
    assert held[1:] == pytest.approx([0, 0, 0], abs=0.01)
    turned, turn = fitting.turned(columns[:2])
    assert turned @ turn.T == pytest.approx(columns[:2])


def test_the_area_counts_pairs_and_the_interval_holds_it():
    truth = np.array([1, 1, 1, 0, 0, 0], float)
    worse, better = np.array([3, 1, 1, 2, 1, 0.0]), np.array([3, 2, 2, 1, 1, 0.0])

    assert measuring.area(worse[:3], worse[3:]) == pytest.approx((3 + 1.5 + 1.5) / 9)
    gain, low, high = measuring.gain(truth, worse, better)
    assert gain == pytest.approx(1 - 6 / 9)
    assert low <= gain <= high


def test_a_suites_tolerated_labels_say_nothing():
    cases = [LabelledCase("a", expect=[Label.SLUR]), LabelledCase("b", tolerated=[ATTACK])]
    slur, either = of_suite(cases, {})

    assert slur.truth[Label.SLUR]
    assert Label.HATE not in slur.truth
    assert not slur.truth[Label.SPAM]
    assert ATTACK not in either.truth
    with pytest.raises(BadInput, match="no story"):
        of_suite([LabelledCase("a", story="gone")], {})


def test_an_adapter_of_another_engine_is_refused(engine, lesson):
    adapted(engine, lesson.adapter)

    with pytest.raises(Conflict, match="Learn anew"):
        adapted(replace(engine, version="another"), lesson.adapter)


def test_without_the_language_model_nothing_is_learnt(lesson):
    off = Engine.default()

    with pytest.raises(Conflict, match="COMITY_ENCODER=true"):
        learn(examples(), off, Guidelines.default())
    with pytest.raises(Conflict, match="COMITY_ENCODER=true"):
        adapted(replace(off, version=lesson.adapter.engine), lesson.adapter)


def test_weights_that_cannot_be_read_are_said(engine, lesson, tmp_path):
    def without_weights(_):
        return halves.read_halves(tmp_path)

    blind = replace(engine, detectors={**engine.detectors, "encoder": without_weights})

    with pytest.raises(Conflict, match="missing or broken"):
        learn(examples(), blind, Guidelines.default())
    with pytest.raises(Conflict, match="comity doctor"):
        adapted(blind, lesson.adapter)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:40],
        lambda content: b"\xff" + content,
        lambda content: content.partition(b'"labels":')[0] + b'"labels":{}}',
        lambda content: content.replace(b"personal_attack", b"nonsense"),
        lambda content: content.replace(b'"weights":[', b'"weights":["a",'),
        lambda content: content.replace(b'"weights":[', b'"weights":[1e999,'),
    ],
)
def test_a_broken_adapter_is_refused_by_name(lesson, tmp_path, run, change):
    path = tmp_path / "adapter.json"
    path.write_bytes(lesson.adapter.encoded())
    line = json.dumps({"id": 1, "text": "Good morning."})
    assert "breaches" in run("judge", "--adapter", str(path), input=line)
    path.write_bytes(change(lesson.adapter.encoded()))

    result = CliRunner().invoke(main, ["judge", "--adapter", str(path)], input=line)

    assert result.exit_code == 2
    assert "adapter.json" in result.stderr
    assert "comity learn" in result.stderr


def test_weights_of_another_shape_are_refused(engine, lesson):
    longer = lesson.adapter.encoded().replace(b'"weights":[', b'"weights":[1.0,')

    with pytest.raises(BadInput, match="weights instead of"):
        adapted(engine, decoded(longer, "It"))


def test_features_have_one_shape_whatever_the_comment(engine):
    shapes = {
        features(Submission.of(text), engine).columns.shape for text in ("", "a " * 4000, "🙂", "é")
    }

    assert len(shapes) == 1


@pytest.fixture
def suite(tmp_path):
    path = tmp_path / "suite.jsonl"
    lines = [{"text": text, "expect": ["personal_attack"]} for text in BREACHES]
    lines += [{"text": text, "expect": []} for text in FAIR]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def test_a_suite_is_learnt_without_a_database_and_judged_by(run, suite, tmp_path):
    out = str(tmp_path / "adapter.json")
    told = json.loads(run("learn", "--cases", suite, "--out", out, "--json"))
    line = json.dumps({"id": 1, "text": "A lamplighter from Kendal."})
    alone = json.loads(run("judge", "--encoder", input=line))
    one = json.loads(run("judge", "--adapter", out, input=line))
    two = json.loads(run("judge", "--adapter", out, "--jobs", "2", input=line))
    before = json.loads(run("evaluate", suite, "--encoder", "--json"))
    after = json.loads(run("evaluate", suite, "--adapter", out, "--json"))

    assert told["labels"] == ["personal_attack"]
    assert (alone["breaches"], one["outcome"]) == ([], "hold")
    assert [breach["detector"] for breach in one["breaches"]] == [NAME]
    assert one == two
    assert one["engine"].endswith(f"+{told['version']}")
    assert after["violating"]["share"] > before["violating"]["share"]
    assert not (tmp_path / "comity.db").exists()


def test_what_is_worth_nothing_is_not_written(run, suite, tmp_path):
    path = tmp_path / "few.jsonl"
    path.write_text("\n".join((tmp_path / "suite.jsonl").read_text().splitlines()[:5]))

    said = run("learn", "--cases", str(path), "--out", "adapter.json", status=1)

    assert "too few" in said
    assert "Nothing is kept" in said
    assert not (tmp_path / "adapter.json").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cases", "gone.jsonl"), "gone.jsonl"),
        (("--cases", "gone.jsonl", "--by", "ed"), "--by"),
        (("--out", "adapter.json", "--by", "ed"), "--cases"),
        ((), "--by LOGIN"),
        (("--cases", "suite.jsonl", "--community", "x"), "COMITY_PERSPECTIVE_FEEDBACK"),
    ],
)
def test_what_does_not_go_together_is_said(run, suite, words, said):
    result = CliRunner().invoke(main, ["learn", *words])

    assert result.exit_code == 2
    assert said in result.stderr

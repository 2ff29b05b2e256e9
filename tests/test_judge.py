"""The judge: what is seen becomes a verdict, and what cannot be seen goes to a person."""

from dataclasses import replace

import pytest

from comity import Engine, Guidelines, Submission
from comity.findings import Finding, Label, Standing, Target
from comity.judge import Outcome, Reason, check, judge

GUIDELINES = """# Rules

## Words

```enforce
id = "words"
labels = ["profanity", "slur"]
nudge = { score = 0.2 }
hold = { score = 0.5 }
reject = { score = 0.9 }
ok = ["Good day."]
not_ok = ["Bad day."]
```

## Manners

```enforce
id = "incivility"
nudge = { score = 0.5 }
```

## Persons

```enforce
id = "personal_attack"
hold = { score = 0.5 }
```
"""


def seeing(label: Label, score: float, *, reported: bool = False, spans=((0, 3),)):
    return lambda _: [Finding(label, score, spans, "test", "pattern", reported)]


def breaking(_):
    raise ZeroDivisionError


def judged(*detectors, text="Bad day.", standing=None, guidelines=GUIDELINES, second=None, **how):
    named = {f"d{n}": detector for n, detector in enumerate(detectors)}
    engine = replace(Engine.default(), detectors=named, calibration={}, second=second)
    submission = Submission.of(text, standing=standing)
    return judge(submission, Guidelines.parse(guidelines), engine, **how)


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        (None, Outcome.REJECT),
        (lambda _, label: label is Label.PROFANITY, Outcome.REJECT),
        (lambda _, label: label is Label.SLUR, Outcome.HOLD),
        (lambda *_: 1 / 0, Outcome.HOLD),
    ],
)
def test_nothing_is_rejected_that_the_second_opinion_does_not_see(second, outcome):
    verdict = judged(seeing(Label.PROFANITY, 0.95), second=second)

    assert verdict.outcome is outcome
    assert [breach.rule for breach in verdict.breaches] == ["words"]


CARE = GUIDELINES + "\n## Help\n\nCall.\n\n```care\nhold = { score = 0.5 }\n```\n"


def test_a_writer_in_despair_breaks_no_rule_and_goes_to_a_person():
    verdict = judged(seeing(Label.DESPAIR, 0.6), guidelines=CARE)

    assert (verdict.outcome, verdict.reasons) == (Outcome.HOLD, (Reason.CARE,))
    assert (verdict.breaches, verdict.nudge) == ((), ())


@pytest.mark.parametrize(("score", "guidelines"), [(0.4, CARE), (0.9, GUIDELINES)])
def test_without_despair_or_care_nobody_is_asked(score, guidelines):
    assert judged(seeing(Label.DESPAIR, score), guidelines=guidelines).outcome is Outcome.PUBLISH


def test_no_machine_rejects_whoever_despairs_and_the_breach_is_said_too():
    swearing = seeing(Label.PROFANITY, 0.95)
    assert judged(swearing, guidelines=CARE).outcome is Outcome.REJECT

    verdict = judged(swearing, seeing(Label.DESPAIR, 0.6), guidelines=CARE)

    assert (verdict.outcome, verdict.reasons) == (Outcome.HOLD, (Reason.CARE, Reason.BREACH))
    assert [(one.rule, one.action) for one in verdict.breaches] == [("words", "hold")]


def test_whichever_detector_raised_it_a_finding_says_whom_it_is_about():
    verdict = judged(
        seeing(Label.PERSONAL_ATTACK, 0.8, spans=((8, 13),)),
        seeing(Label.SPAM, 0.8),
        text="You are a tram.",
    )

    assert [finding.target for finding in verdict.findings] == [Target.READER, None]


def test_a_fair_comment_is_published():
    verdict = judged(lambda _: [])

    assert (verdict.outcome, verdict.reasons, verdict.breaches) == (Outcome.PUBLISH, (), ())


@pytest.mark.parametrize(
    ("score", "outcome"),
    [(0.1, Outcome.PUBLISH), (0.5, Outcome.HOLD), (0.9, Outcome.REJECT)],
)
def test_the_outcome_is_the_gravest_line_that_is_reached(score, outcome):
    assert judged(seeing(Label.SLUR, score)).outcome is outcome


def test_a_nudge_stops_nothing():
    verdict = judged(seeing(Label.INCIVILITY, 0.7))

    assert (verdict.outcome, verdict.nudge, verdict.breaches) == (
        Outcome.PUBLISH,
        ("incivility",),
        (),
    )


def test_the_highest_of_several_labels_counts_and_all_words_are_kept():
    verdict = judged(
        seeing(Label.PROFANITY, 0.6, spans=((4, 7),)),
        seeing(Label.SLUR, 0.95, spans=((0, 3), (4, 7))),
        seeing(Label.PERSONAL_ATTACK, 0.4),
    )
    (breach,) = verdict.breaches

    assert (breach.rule, breach.label, breach.score) == ("words", Label.SLUR, 0.95)
    assert breach.spans == ((0, 3), (4, 7))
    assert len(verdict.findings) == 3


def test_one_comment_may_break_several_rules():
    verdict = judged(seeing(Label.SLUR, 0.95), seeing(Label.PERSONAL_ATTACK, 0.8))

    assert [(one.rule, one.action) for one in verdict.breaches] == [
        ("words", "reject"),
        ("personal_attack", "hold"),
    ]
    assert verdict.outcome is Outcome.REJECT


def test_reported_words_are_held_whatever_their_score():
    assert judged(seeing(Label.SLUR, 1.0)).outcome is Outcome.REJECT
    assert judged(seeing(Label.SLUR, 1.0, reported=True)).outcome is Outcome.HOLD


def test_what_only_nudges_is_not_among_the_words_that_stop_a_comment():
    verdict = judged(seeing(Label.SLUR, 0.6), seeing(Label.PROFANITY, 0.3, spans=((4, 7),)))

    assert verdict.breaches[0].spans == ((0, 3),)


def test_a_detector_that_breaks_leaves_the_comment_to_a_person():
    verdict = judged(lambda _: [], breaking)

    assert (verdict.outcome, verdict.reasons) == (Outcome.HOLD, (Reason.UNDETERMINED,))
    assert verdict.undetermined == ("d1",)


def test_a_score_out_of_bounds_is_a_broken_detector():
    assert judged(seeing(Label.SLUR, 1.5)).undetermined == ("d0",)


def test_a_broken_detector_does_not_save_what_another_one_sees():
    verdict = judged(breaking, seeing(Label.SLUR, 0.95))

    assert verdict.outcome is Outcome.REJECT
    assert verdict.reasons == (Reason.BREACH, Reason.UNDETERMINED)


def test_when_time_is_up_a_person_decides():
    answers = iter([False, True])

    verdict = judged(lambda _: [], seeing(Label.SLUR, 0.95), expired=lambda: next(answers))

    assert (verdict.outcome, verdict.undetermined) == (Outcome.HOLD, ("d1",))


def test_a_premoderated_writer_is_read_first():
    clean = judged(lambda _: [])
    verdict = judged(lambda _: [], standing=Standing(premoderated=True))

    assert clean.outcome is Outcome.PUBLISH
    assert (verdict.outcome, verdict.reasons) == (Outcome.HOLD, (Reason.PREMODERATED,))


def test_scores_are_judged_as_they_are_kept():
    verdict = judged(seeing(Label.SLUR, 0.89999))

    assert (verdict.outcome, verdict.findings[0].score) == (Outcome.REJECT, 0.9)


def test_examples_that_come_out_as_printed_pass():
    engine = replace(
        Engine.default(),
        detectors={"d": lambda s: seeing(Label.SLUR, 0.6)(s) if "Bad" in s.text.original else []},
    )

    assert check(Guidelines.parse(GUIDELINES), engine) == []


@pytest.mark.parametrize(
    ("detector", "problems"),
    [
        (seeing(Label.SLUR, 0.6), ["printed as allowed, but words would stop it"]),
        (seeing(Label.SLUR, 0.3), ["its writer would be nudged"]),
        (lambda _: [], ["words does not see it"]),
        (breaking, ["could not be checked by d", "could not be checked by d"]),
    ],
)
def test_examples_that_come_out_otherwise_are_told(detector, problems):
    engine = replace(Engine.default(), detectors={"d": detector})

    failures = check(Guidelines.parse(GUIDELINES), engine)

    assert len(failures) == len(problems)
    assert all(said in one.problem for one, said in zip(failures, problems, strict=True))
    lines = {"Good day.": 11, "Bad day.": 12}
    assert all((one.rule, one.line) == ("words", lines[one.example.text]) for one in failures)

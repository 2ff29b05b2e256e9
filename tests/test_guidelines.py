"""The guidelines file: what it says, how one extends another, and every mistake it can hold."""

from dataclasses import replace

import pytest

from comity import Engine, Guidelines
from comity.errors import GuidelinesError
from comity.findings import CARED_FOR, Finding, Label, Submission, Target
from comity.guidelines import Action, Gravity, Measure, Tolerance
from comity.judge import judge

PLAIN = """# House rules

Be kind.

## No slurs

They push people *out*.

```enforce
id = "slur"
hold = "1 in 200"
reject = "1 in 5,000"
gravity = "serious"
ok = ["Soup for all.", { text = "Yes.", parent = "Soup?", story = "Soup day" }]
not_ok = [
  { text = "No.", story = { headline = "Soup", deck = "Hot", body = ["One."], sensitive = true } },
]
```

It goes on.

## And then

What follows.

```ladder
[[rung]]
rules = ["slur"]
count = 2
days = 30
measure = "suspend"
for_days = 7
```
"""


def rule(block: str) -> str:
    return f"# Title\n\n## Heading\n\nProse.\n\n```enforce\n{block}\n```\n"


SEER = "a detector"


def ladder(rung: str) -> str:
    return rule('id = "slur"') + f"\n## Steps\n\n```ladder\n[[rung]]\n{rung}\n```\n"


def finding(score: float, *, reported: bool = False) -> Finding:
    return Finding(Label.SLUR, score, (), SEER, "word list", reported)


def engine(*lines: tuple[float, float]) -> Engine:
    return replace(Engine.default(), calibration={Label.SLUR: {SEER: lines}})


def test_a_file_is_read_with_all_that_it_says():
    guidelines = Guidelines.parse(PLAIN)
    slur = guidelines.rule("slur")

    assert (guidelines.title, guidelines.preamble) == ("House rules", "Be kind.")
    assert slur is not None
    assert (slur.title, slur.line) == ("No slurs", 5)
    assert slur.prose == "They push people *out*.\n\nIt goes on."
    assert (slur.hold, slur.reject) == (Tolerance(one_in=200), Tolerance(one_in=5000))
    assert (slur.labels, slur.gravity) == (frozenset({Label.SLUR}), Gravity.SERIOUS)
    assert slur.ok[1].parent == "Soup?"
    assert slur.ok[1].story is not None
    assert slur.ok[1].story.headline == "Soup day"
    assert slur.not_ok[0].story is not None
    assert slur.not_ok[0].story.prose == "Soup\nHot\nOne."
    assert slur.not_ok[0].story.sensitive
    assert (guidelines.ladder_title, guidelines.ladder_prose) == ("And then", "What follows.")
    assert [(rung.measure, rung.for_days) for rung in guidelines.ladder] == [(Measure.SUSPEND, 7)]


def test_headings_and_blocks_inside_other_blocks_are_prose():
    text = PLAIN.replace("It goes on.", '~~~\n## Not a rule\n```enforce\nid = "hate"\n```\n~~~')

    assert [one.id for one in Guidelines.parse(text).rules] == ["slur"]


def test_a_version_names_one_text_whatever_its_line_ends():
    guidelines = Guidelines.parse(PLAIN)

    assert Guidelines.parse(PLAIN.replace("\n", "\r\n")).version == guidelines.version
    assert Guidelines.parse(PLAIN + "\n").version != guidelines.version
    assert len(guidelines.version) == 64


def test_a_site_extends_its_publisher():
    publisher = Guidelines.parse(PLAIN)
    site = Guidelines.parse(
        '# Ours\n\n```comity\nextends = "publisher"\n```\n\n## Slurs\n\n```enforce\n'
        'id = "slur"\n```\n\n## Spam\n\n```enforce\nid = "spam"\nhold = { score = 0.5 }\n```\n',
        parent=publisher,
    )

    assert [(one.id, one.title) for one in site.rules] == [("slur", "Slurs"), ("spam", "Spam")]
    assert (site.title, site.preamble, site.extends) == ("Ours", "Be kind.", "publisher")
    assert site.ladder == publisher.ladder
    assert site.rules[0].hold is None


def test_a_version_changes_with_what_is_extended():
    text = '```comity\nextends = "publisher"\n```\n'
    parents = [Guidelines.parse(PLAIN), Guidelines.parse(PLAIN.replace("kind", "brief"))]
    first, second = (Guidelines.parse(text, parent=parent) for parent in parents)

    assert first.title == "House rules"
    assert first.version != second.version


def test_without_a_publisher_the_packaged_guidelines_are_extended():
    site = Guidelines.parse('```comity\nextends = "publisher"\n```\n')

    assert site.rules == Guidelines.default().rules


def test_a_file_extends_another_file(tmp_path):
    (tmp_path / "house.md").write_text(PLAIN, encoding="utf-8")
    site = tmp_path / "site.md"
    site.write_text('# Site\n\n```comity\nextends = "house.md"\n```\n', encoding="utf-8-sig")

    assert [one.id for one in Guidelines.read(site).rules] == ["slur"]


def test_files_that_extend_each_other_are_refused(tmp_path):
    first, second = tmp_path / "first.md", tmp_path / "second.md"
    first.write_text(f'# A\n\n```comity\nextends = "{second.name}"\n```\n', encoding="utf-8")
    second.write_text(PLAIN, encoding="utf-8")
    assert Guidelines.read(first).title == "A"

    second.write_text(f'# B\n\n```comity\nextends = "{first.name}"\n```\n', encoding="utf-8")
    with pytest.raises(GuidelinesError, match=r"Line 4, extends: .*Break the circle"):
        Guidelines.read(first)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file"),
        (b"# T\n\n\xff", "Line 3: the file is not UTF-8"),
        (b'# T\n\n```comity\nextends = "gone.md"\n```', "Line 4, extends: there is no file"),
        (b"# T\n\nNUL \x00", "a character that is none"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content, said):
    path = tmp_path / "guidelines.md"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(GuidelinesError, match=said):
        Guidelines.read(path)


def care(block: str, prose: str = "Call somebody.") -> str:
    return rule('id = "slur"') + f"\n## When it is too much\n\n{prose}\n\n```care\n{block}\n```\n"


def test_care_is_no_rule_and_has_words_for_whoever_needs_it():
    guidelines = Guidelines.parse(care('labels = ["despair"]\nhold = "1 in 200"'))

    assert [one.id for one in guidelines.rules] == ["slur"]
    assert guidelines.care is not None
    assert (guidelines.care.title, guidelines.care.prose) == (
        "When it is too much",
        "Call somebody.",
    )
    assert guidelines.care.hold == Tolerance(one_in=200)
    assert "no rule" in guidelines.care.consequence()


def test_a_site_keeps_replaces_or_switches_off_the_care_of_its_publisher():
    publisher = Guidelines.parse(care('hold = "1 in 200"'))
    head = '```comity\nextends = "publisher"\n```\n\n'

    kept, other, off = (
        Guidelines.parse(head + text, parent=publisher).care
        for text in (
            "",
            '## Ours\n\nCall us.\n\n```care\nhold = "1 in 50"\n```',
            "## Not here\n\n```care\n```",
        )
    )

    assert kept == publisher.care
    assert other is not None
    assert other.prose == "Call us."
    assert off is not None
    assert off.hold is None


def test_care_counts_the_strictest_score_where_none_is_safe_enough():
    of = Guidelines.parse(care('hold = "1 in 200"')).care
    assert of is not None
    lines = {Label.DESPAIR: {SEER: ((0.3, 0.1), (0.7, 0.02))}}
    scale = replace(Engine.default(), calibration=lines)
    seen = Finding(Label.DESPAIR, 0.69, (), SEER, "word list")

    assert not of.meets(seen, scale)
    assert of.meets(replace(seen, score=0.7), scale)
    assert of.meets(replace(seen, score=0.5), replace(scale, calibration={}))


MISTAKES = {
    "care for a rule's label": (
        care('labels = ["despair", "hate"]\nhold = "1 in 9"'),
        "Under “When it is too much”, line 16, labels: hate is a matter for a rule.*```enforce",
    ),
    "care without words": (care('hold = "1 in 9"', prose=""), "line 15: there are no words for"),
    "care twice": (
        care("") + "\n## More\n\n```care\n```\n",
        "Under “More”, line 21: this is a second care",
    ),
    "care with a strange key": (care('reject = "1 in 9"'), "reject: there is no key “reject” here"),
    "rule about despair": (
        rule('id = "x"\nlabels = ["despair"]\nhold = "1 in 9"'),
        "Under “Heading”, line 9, labels: despair breaks no rule.*```care",
    ),
    "rule called despair": (rule('id = "despair"'), "line 8, id: despair breaks no rule"),
    "empty": (" \n", "The guidelines are empty"),
    "no title": ('## A\n\n```enforce\nid = "slur"\n```', "there is no title"),
    "no rule": ("# T\n\nProse.", "There is no rule"),
    "rule without block": (
        "# T\n\n## Be nice\n\nPlease.",
        "Under “Be nice”, line 3: this rule has",
    ),
    "block without heading": ('# T\n\n```enforce\nid = "slur"\n```', "Line 3: this enforce block"),
    "block that does not end": (
        '# T\n\n## A\n\n```enforce\nid = "slur"\n',
        "line 5: a fenced block",
    ),
    "two blocks": (
        rule('id = "slur"') + '\n```enforce\nid = "hate"\n```',
        "line 11: this is a second block",
    ),
    "two ladders": (ladder("count=1") + "\n## C\n\n```ladder\n```\n", "line 20: this is a second"),
    "settings below": ("# T\n\n## A\n\n```comity\n```", "line 5: a comity block stands above"),
    "settings twice": (
        "# T\n\n```comity\n```\n\n```comity\n```",
        "Line 6: this is a second comity",
    ),
    "extends a file": ('# T\n\n```comity\nextends = "x.md"\n```', "Line 4, extends: “x.md” names"),
    "extends a number": (
        "# T\n\n```comity\nextends = 3\n```",
        "Line 4, extends: this must be text",
    ),
    "not toml": (rule('id = "slur"\nhold = 1 in 2'), "Under “Heading”, line 9: this is not TOML"),
    "toml that ends": (rule('id = "slur"\nok = ["a"'), "line 9: this is not TOML"),
    "unknown key": (
        rule('id = "slur"\nrejct = "1 in 2"'),
        "line 9, rejct: .*Did you mean “reject”",
    ),
    "unknown label": (
        rule('id = "x"\nlabels = ["slurr"]\nhold = "1 in 9"'),
        "line 9, labels: there is no label “slurr”. Did you mean “slur”",
    ),
    "labels of no list": (rule('id = "x"\nlabels = "slur"'), "line 9, labels: this must be a list"),
    "no label of this name": (
        rule('id = "x"\nhold = "1 in 9"'),
        "line 8, id: there is no label “x”",
    ),
    "no id": (rule('hold = "1 in 9"'), "line 7, id: the rule has no id"),
    "id of another kind": (rule("id = 3"), "line 8, id: this must be text"),
    "id with a space": (rule('id = "two words"'), "line 8, id: 'two words' is not an id"),
    "same id twice": (
        rule('id = "slur"') + '\n## Again\n\n```enforce\nid = "slur"\n```',
        "Under “Again”, line 14, id: line 3 has a rule “slur” already",
    ),
    "unknown target": (
        rule('id = "slur"\ntargets = ["readr"]'),
        "Under “Heading”, line 9, targets: there is no target “readr”. Did you mean “reader”",
    ),
    "targets of no list": (rule('id = "slur"\ntargets = "reader"'), "targets: this must be a list"),
    "targets of nobody": (rule('id = "slur"\ntargets = []'), "line 9, targets: this names nobody"),
    "targets of spam": (
        rule('id = "spam"\ntargets = ["reader"]'),
        "line 9, targets: findings of spam are about nobody.* hate, ",
    ),
    "bad tolerance": (rule('id = "slur"\nhold = "often"'), "line 9, hold: 'often' is not a tol"),
    "tolerance of all": (rule('id = "slur"\nhold = "1 in 1"'), "hold: '1 in 1' is not a tolerance"),
    "score too high": (rule('id = "slur"\nhold = { score = 2 }'), "line 9, hold: .* is not a tol"),
    "out of order": (
        rule('id = "slur"\nhold = "1 in 200"\nreject = "1 in 50"'),
        "line 10, reject: reject may go wrong more often than hold",
    ),
    "scores out of order": (
        rule('id = "slur"\nnudge = { score = 0.9 }\nhold = { score = 0.8 }'),
        "line 10, hold: hold may go wrong more often than nudge",
    ),
    "bad gravity": (rule('id = "slur"\ngravity = "sever"'), "gravity: .*Did you mean “severe”"),
    "examples without action": (
        rule('id = "slur"\nok = ["A."]'),
        "line 9, ok: the rule has examples",
    ),
    "examples of no list": (
        rule('id = "slur"\nhold = "1 in 9"\nok = "A."'),
        "ok: this must be a list",
    ),
    "example without text": (
        rule('id = "slur"\nhold = "1 in 9"\nok = [\n  "A.",\n  { story = "S" },\n]'),
        "line 10, ok: example 2 has no text",
    ),
    "example of a number": (rule('id = "slur"\nhold = "1 in 9"\nok = [1]'), "example 1 is neither"),
    "example with a strange key": (
        rule('id = "slur"\nhold = "1 in 9"\nok = [{ text = "A.", stroy = "S" }]'),
        "ok: there is no key “stroy” here. Did you mean “story”",
    ),
    "parent of a number": (
        rule('id = "slur"\nhold = "1 in 9"\nok = [{ text = "A.", parent = 1 }]'),
        "the parent of example 1 is not text",
    ),
    "story of a number": (
        rule('id = "slur"\nhold = "1 in 9"\nok = [{ text = "A.", story = 1 }]'),
        "the story of example 1 is neither",
    ),
    "story with a number": (
        rule('id = "slur"\nhold = "1 in 9"\nok = [{ text = "A.", story = { deck = 1 } }]'),
        "a part of the story of example 1 is not text",
    ),
    "story of unclear sensitivity": (
        rule('id = "slur"\nhold = "1 in 9"\nok = [{ text = "A.", story = { sensitive = 1 } }]'),
        "sensitive in example 1 is not true or false",
    ),
    "rungs of no table": (rule('id = "slur"') + "\n## B\n\n```ladder\nrung = 1\n```", "Begin each"),
    "unknown rule in the ladder": (
        ladder('rules = ["slurs"]\ncount = 1\ndays = 1\nmeasure = "warn"'),
        "Under “Steps”, line 15, rung 1, rules: there is no rule “slurs”. Did you mean “slur”",
    ),
    "rules of no list": (ladder('rules = "slur"'), "rung 1, rules: this must be a list"),
    "unknown key in the ladder": (
        ladder('rule = ["slur"]'),
        "rung 1, rule: there is no key “rule”",
    ),
    "bad measure": (ladder('count = 1\ndays = 1\nmeasure = "ban"'), "measure: there is no measure"),
    "no measure": (ladder("count = 1\ndays = 1"), "rung 1, measure: this is missing"),
    "no count": (ladder('days = 1\nmeasure = "warn"'), "line 14, rung 1: count is missing"),
    "no days": (ladder('count = 1\nmeasure = "warn"'), "line 14, rung 1: days is missing"),
    "count of none": (
        ladder('count = 0\ndays = 1\nmeasure = "warn"'),
        "rung 1, count: 0 is not a whole number",
    ),
    "endless suspension": (
        ladder('count = 1\ndays = 1\nmeasure = "suspend"'),
        "rung 1: a suspension must end",
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_place_and_its_remedy(text, said):
    with pytest.raises(GuidelinesError, match=said) as caught:
        Guidelines.parse(text)

    assert caught.value.remedy


def test_a_rule_for_people_alone_needs_no_label():
    guidelines = Guidelines.parse(rule('id = "house_style"'))

    assert "by itself" in guidelines.rules[0].consequence()


def test_a_rung_without_rules_counts_them_all():
    guidelines = Guidelines.parse(ladder('count = 3\ndays = 30\nmeasure = "premoderate"'))

    assert guidelines.ladder[0].rules == {"slur"}
    assert guidelines.ladder[0].for_days is None


def test_a_tolerance_becomes_the_score_that_keeps_it():
    slur = Guidelines.parse(PLAIN).rules[0]
    scale = engine((0.2, 0.1), (0.6, 0.004), (0.9, 0.0001))

    actions = [slur.action(finding(score), scale) for score in (0.5, 0.6, 0.89, 0.9)]

    assert actions == [None, Action.HOLD, Action.HOLD, Action.REJECT]


def test_reported_words_are_held_at_most():
    slur = Guidelines.parse(PLAIN).rules[0]
    scale = engine((0.6, 0.0001))

    assert slur.action(finding(0.9), scale) is Action.REJECT
    assert slur.action(finding(0.9, reported=True), scale) is Action.HOLD


def test_a_rule_can_be_about_some_people_only():
    text = PLAIN.replace('gravity = "serious"', 'targets = ["reader", "author"]')
    slur = Guidelines.parse(text).rules[0]
    scale = engine((0.6, 0.0001))

    actions = {one: slur.action(replace(finding(0.9), target=one), scale) for one in Target}

    assert {one for one, action in actions.items() if action} == {Target.READER, Target.AUTHOR}
    assert actions[Target.READER] is Action.REJECT
    assert slur.consequence().startswith(
        "It is about what is directed at another reader or the author of the story. "
    )


def test_what_is_directed_at_nobody_knows_whom_is_held_at_most():
    anybody = Guidelines.parse(PLAIN).rules[0]
    slur = replace(anybody, targets=frozenset({Target.READER}))
    scale = engine((0.6, 0.0001))

    assert anybody.action(finding(0.9), scale) is Action.REJECT
    assert slur.action(finding(0.9), scale) is Action.HOLD


def test_the_language_model_alone_rejects_nothing():
    slur = Guidelines.parse(PLAIN).rules[0]
    lines = ((0.6, 0.0001),)
    scale = replace(Engine.default(), calibration={Label.SLUR: {"encoder": lines, SEER: lines}})

    assert slur.action(finding(0.9), scale) is Action.REJECT
    assert slur.action(replace(finding(0.9), detector="encoder"), scale) is Action.HOLD
    alone = replace(slur, hold=None)  # A rule that only rejects still brings it before a person.
    assert alone.action(replace(finding(0.9), detector="encoder"), scale) is Action.HOLD


def test_where_no_score_is_safe_the_strictest_holds_and_none_rejects():
    slur = Guidelines.parse(PLAIN).rules[0]
    scale = engine((0.2, 0.5), (0.8, 0.1))

    assert slur.action(finding(0.9), scale) is Action.HOLD
    assert slur.action(finding(0.7), scale) is None


def test_a_label_that_was_never_measured_is_held():
    slur = Guidelines.parse(PLAIN).rules[0]

    assert slur.action(finding(0.6), engine()) is Action.HOLD


def test_a_raw_score_is_taken_as_it_is():
    slur = Guidelines.parse(rule('id = "slur"\nreject = { score = 0.7 }')).rules[0]

    assert slur.action(finding(0.7), engine()) is Action.REJECT
    assert slur.action(finding(0.69), engine()) is None


def test_what_happens_is_said_without_numbers():
    for one in Guidelines.default().rules:
        assert one.consequence()
        assert not any(char.isdigit() for char in one.consequence())


def test_the_engine_draws_a_line_only_where_it_is_sure():
    scale = engine((0.2, 0.1), (0.6, 0.004))

    assert scale.line(Label.SLUR, SEER, 10) == 0.2
    assert scale.line(Label.SLUR, SEER, 250) == 0.6
    assert scale.line(Label.SLUR, SEER, 251) is None
    assert scale.strictest(Label.SLUR, SEER) == 0.6


def test_detectors_of_one_label_share_its_tolerance():
    lines = ((0.2, 0.1), (0.6, 0.004))
    scale = replace(Engine.default(), calibration={Label.SLUR: {SEER: lines, "another": lines}})

    assert [scale.line(Label.SLUR, SEER, one_in) for one_in in (5, 10, 126)] == [0.2, 0.6, None]


def test_what_a_detector_does_not_need_of_the_tolerance_is_left_to_the_others():
    frugal, other = ((0.2, 0.001),), ((0.2, 0.0095), (0.6, 0.004))
    scale = replace(Engine.default(), calibration={Label.SLUR: {"encoder": other, SEER: frugal}})

    assert scale.line(Label.SLUR, SEER, 100) == 0.2
    assert scale.line(Label.SLUR, "encoder", 95) == 0.2  # 1 in 95 without one in 1,000
    assert scale.line(Label.SLUR, "encoder", 96) == 0.6


def test_a_line_is_raised_until_it_holds_of_the_comments_own_language_too():
    every, spanish = ((0.2, 0.009), (0.6, 0.004)), ((0.2, 0.02), (0.4, 0.01), (0.7, 0.0))
    own = {"es": {Label.SLUR: {SEER: spanish}}}
    scale = replace(Engine.default(), calibration={Label.SLUR: {SEER: every}}, languages=own)

    def line(one_in, language):
        return scale.line(Label.SLUR, SEER, one_in, language=language)

    assert [line(100, language) for language in ("en", "es", "")] == [0.2, 0.4, 0.2]
    assert [line(200, language) for language in ("en", "es")] == [0.6, 0.7]
    assert line(1000, "es") is None  # Among all comments none is as safe.


def test_the_language_of_a_comment_chooses_its_line():
    every, spanish = ((0.2, 0.001),), ((0.2, 0.02), (0.9, 0.0))
    seen = Finding(Label.SLUR, 0.5, (), SEER, "word list")
    scale = replace(
        Engine.default(),
        detectors={SEER: lambda _: [seen]},
        calibration={Label.SLUR: {SEER: every}},
        languages={"es": {Label.SLUR: {SEER: spanish}}},
        scales={},
    )
    guidelines = Guidelines.parse(rule('id = "slur"\nhold = "1 in 100"'))

    assert judge(Submission.of("What do they say of that?"), guidelines, scale).breaches
    assert not judge(Submission.of("¿Qué dicen ellos de eso?"), guidelines, scale).breaches


def test_the_packaged_engine_has_measured_every_label():
    packaged = Engine.default()

    for label in set(Label) - CARED_FOR:  # Despair, unmeasured as yet, is held from 0.5.
        assert packaged.calibration[label]
        for lines in packaged.calibration[label].values():
            assert [score for score, _ in lines] == sorted(score for score, _ in lines)
            assert [share for _, share in lines] == sorted((s for _, s in lines), reverse=True)
    assert len(packaged.version) == 64
    assert packaged is Engine.default()

"""Words that mix scripts: told to the moderator where they hide something, and else nothing."""

import pytest

from comity import Engine, Guidelines, Submission
from comity.detectors.personal_attack import personal_attack
from comity.detectors.profanity import profanity
from comity.detectors.spam import spam
from comity.detectors.threat import threat
from comity.findings import Finding
from comity.judge import judge
from comity.text import mixed

A, C, E, I, O = "\u0430", "\u0441", "\u0435", "\u0456", "\u043e"  # noqa: E741  Cyrillic.


def seen(findings: list[Finding], text: str) -> list[tuple[str, list[str]]]:
    return [(one.how, [text[a:b] for a, b in one.spans]) for one in findings]


@pytest.mark.parametrize(
    ("detector", "text", "words", "how"),
    [
        (profanity, "What the fu{C}k is this?", "fu{C}k", "word list"),
        (profanity, "What the f\u200bu{C}k is this?", "f\u200bu{C}k", "word list"),
        (personal_attack, "You are an {I}diot.", "{I}diot", "word list"),
        (threat, "Watch your ba{C}k.", "ba{C}k", "turn of phrase"),
    ],
)
def test_letters_of_another_script_are_told(detector, text, words, how):
    disguised, words = (one.format(C=C, I=I) for one in (text, words))
    plain = text.format(C="c", I="i").replace("\u200b", "")
    assert {one.how for one in detector(Submission.of(plain))} == {how}

    found = seen(detector(Submission.of(disguised)), disguised)

    assert {one for one, _ in found} == {f"{how}, in disguise"}
    assert all(words in spans[0] for _, spans in found)


def test_what_is_plain_beside_it_is_told_as_plain():
    text = f"Fuck this, and fu{C}k that."

    assert seen(profanity(Submission.of(text)), text) == [
        ("word list", ["Fuck"]),
        ("word list, in disguise", [f"fu{C}k"]),
    ]


def test_advertising_does_not_hide_behind_another_script():
    plain = "Earn money from home, no experience needed, click here: easy-cash.shop"
    hidden = (
        plain.replace("money", f"m{O}n{E}y").replace("home", f"h{O}me").replace("no ", f"n{O} ")
    )
    (open_one,) = spam(Submission.of(plain))

    (found,) = spam(Submission.of(hidden))

    assert (found.score, found.spans) == (open_one.score, open_one.spans)
    assert (open_one.how, found.how) == ("advertising phrases", "advertising phrases, in disguise")


@pytest.mark.parametrize(
    "text",
    [
        "С iPhone-ом в руках я переехал мост, и Wi-Fi работал.",
        "The sensor is 5 µm wide, takes 3 µmol a day, and Δt is 2 s at 40 kΩ.",
        "I have used μTorrent for years, and I heard KoЯn there once.",
        "The β-carotene and the TGF-β of the river were measured, said σ-algebra and all.",
        "Ñandú, Łódź, kadını, Māori and straße are words like others.",
        "El puente «nuevo» costó 3 M€; la avería fue a 20 ºC.",
        "Das ist № 5, and Ⅷ is eight.",
    ],
)
def test_innocent_words_of_two_scripts_are_no_signal(text):
    submission = Submission.of(text)

    assert mixed(submission.text) == ()
    assert judge(submission, Guidelines.default(), Engine.default()).findings == ()


def test_a_word_of_two_scripts_that_hides_nothing_stops_nothing():
    submission = Submission.of(f"I pl{A}y the p{I}ano on the br{I}dge.")
    assert len(mixed(submission.text)) == 3

    assert judge(submission, Guidelines.default(), Engine.default()).findings == ()

"""The plain-word detectors: through disguises, past look-alikes, and fair to who only mentions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.obfuscation import DISGUISES, caught, false_hits, listed
from comity.detectors import DETECTORS, Engine
from comity.detectors.profanity import profanity
from comity.detectors.reported import is_reported
from comity.detectors.slur import slur
from comity.detectors.vulgarity import vulgarity
from comity.findings import StoryExcerpt, Submission
from comity.guidelines import Guidelines
from comity.judge import Outcome, judge
from comity.text import fold

STRONG = 0.9


def strong(text: str, story: StoryExcerpt | None = None) -> list[str]:
    """The strong words that any of the three sees."""
    submission = Submission.of(text, story=story)
    return [
        submission.text.words(span)
        for detector in (profanity, vulgarity, slur)
        for finding in detector(submission)
        if finding.score >= STRONG
        for span in finding.spans
    ]


def scores(text: str) -> list[float]:
    """The highest score that any of the three gives; none is no score."""
    submission = Submission.of(text)
    found = [
        finding for detector in (profanity, vulgarity, slur) for finding in detector(submission)
    ]
    return [max(finding.score for finding in found)] if found else []


@pytest.mark.parametrize("disguise", DISGUISES)
def test_words_are_seen_through_each_disguise(disguise):
    shares = [caught(word, DISGUISES[disguise]) for word in listed()]

    assert len(shares) > 150
    assert sum(shares) / len(shares) >= 0.99


def test_frequent_words_that_hold_a_stem_are_left_alone():
    wrong, suspects = false_hits()

    assert suspects > 500
    assert len(wrong) / suspects <= 0.002, wrong


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe, Essex, Penistone and Cockfosters all voted.",
        "Shiitake soup in the cockpit with Mr Dickens and Dick Cheney's vinegar.",
        "The A55 is shut, F.C.K. won, and the c-u-p-s are washed.",
        "A family 👨‍👩‍👧‍👦 came by.",
        "Съешь же ещё этих мягких французских булок.",
        "El cono de tráfico y la diputada, la disputa y la reputación.",
        "A niggardly budget, a snigger, and a swanky office.",
    ],
)
def test_look_alikes_are_clean(text):
    assert strong("bullshit") == ["bullshit"]
    assert strong(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Pussy Riot played, and blue tits sang.",
        "Dick Cheney went to Dick's for faggots and peas, then spotted dick.",
        "I asked Dick about Wiener Neustadt and the Maine Coon.",
        "El negro es un color.",
        "A chink of light fell on Offa's Dyke.",
        "El tren va retrasado, la tortillera vende pan y la paja arde.",
        "See you next Tuesday at the hall.",
    ],
)
def test_names_dishes_and_birds_are_no_offence(text):
    assert scores("You dick.") > [0.5]
    assert scores(text) <= [0.49]


@pytest.mark.parametrize(
    "text",
    [
        "The kitchen was spic and span, and there were faggots for tea.",
        "A fagot of wood, a bastard sword and a bastard file.",
        "He had a fag outside, at the fag end of the day.",
        "Honey bees retard the decay of the crop, and the dyke burst.",
    ],
)
def test_allowed_phrases_are_no_offence(text):
    assert scores("You fagot.") >= [0.9]
    assert scores(text) == []


@pytest.mark.parametrize("text", ["Kim Gook-Jin won.", "Paki is a common surname there."])
def test_slurs_that_are_names_too_are_left_to_a_person(text):
    assert judge(Submission.of("You gook."), Guidelines.default(), Engine.default()).outcome == (
        Outcome.REJECT
    )

    assert judge(Submission.of(text), Guidelines.default(), Engine.default()).outcome == (
        Outcome.HOLD
    )


@pytest.mark.parametrize(
    "text",
    [
        "She can handcuff me any time.",
        "What a lovely pair of melons on the new reporter.",
        "Send me something naughty, love.",
        "Hung like a donkey, that one.",
        "The curry gave me the explosive runs, I painted the bathroom.",
        "Menudas curvas, señora alcaldesa.",
        "Ya se sabe, la mete poco.",
    ],
)
def test_leering_and_innuendo_need_no_listed_word(text):
    assert any(finding.score >= 0.5 for finding in vulgarity(Submission.of(text)))


@pytest.mark.parametrize(
    "text",
    [
        "He said the pair of shoes was lovely.",
        "She sat behind the wheel with a package on her lap.",
        "The tip of the mast bent over in the storm.",
        "El año pasado metieron la mesa en el salón.",
        "They went through the runs of the second innings.",
    ],
)
def test_accidental_double_meanings_are_no_vulgarity(text):
    assert vulgarity(Submission.of(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "f**u**ck this",
        "f_u_ck this",
        "fu ck this",
        "mier da",
        "🇫🇺🇨🇰 this",
        "🅵🆄🅲🅺",
        "ꜰᴜᴄᴋ",
        "ƒʉ¢κ",
        "fu©k",
        "🅕🅤🅒🅚",
        "🄕🄤🄒🄚",
        "he is an utter see you next tuesday",
        "Typical g*psies",
    ],
)
def test_a_word_is_seen_behind_signs_gaps_and_boxes(text):
    assert strong(text)


@pytest.mark.parametrize(
    "text",
    ["Push it, hit it.", "The 🇲🇫 and 🇫🇷 flags", "Shi Ting and Wan King run", "I wish it were so"],
)
def test_neighbouring_words_and_flags_hide_nothing(text):
    assert strong("sh it")
    assert strong(text) == []


@pytest.mark.parametrize(
    "text", ["Damn and hell, what a crap day", "That bloody bus, my arse, lmao"]
)
def test_mild_words_are_tolerated(text):
    assert strong(text) == []


@pytest.mark.parametrize(
    "text", ["¡Qué mierda de tren!", "Vete a la m13rda, hdp", "coño, otra vez"]
)
def test_spanish_is_read_too(text):
    assert strong(text)


def test_an_emoji_can_stand_for_a_word():
    assert strong("That is bull💩.") == ["bull💩"]
    assert strong("🖕 to that") == ["🖕"]


def test_the_words_of_the_story_do_not_count():
    story = StoryExcerpt(headline="Band called Bitch tops the bill")

    assert strong("I saw Bitch in May") == ["Bitch"]
    assert strong("I saw Bitch in May", story) == []


def test_a_name_in_the_story_excuses_no_other_use():
    story = StoryExcerpt(headline="Band called Bitch tops the bill")

    assert strong("What a bitch of a day", story) == ["bitch"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("What bullshit you write", ["bullshit"]),
        ("Your article is bullshit", ["bullshit"]),
        ("“This trial is bullshit” says it all", []),
        ("Bullshit, said the judge? In court?", []),
    ],
)
def test_only_quoting_the_story_excuses_its_words(text, seen):
    story = StoryExcerpt(body=("“This trial is bullshit, said the judge”, said the court clerk.",))

    assert strong("bullshit") == ["bullshit"]
    assert strong(text, story) == seen


def test_many_words_between_quotation_marks_are_all_reported():
    text = '"' + "shit " * 200 + '"'
    (finding,) = profanity(Submission.of(text))

    assert len(finding.spans) == 200
    assert finding.reported


def test_hiding_a_word_of_the_story_counts():
    story = StoryExcerpt(headline="Band called Bitch tops the bill")

    assert strong("I saw b1tch in May", story) == ["b1tch"]


def test_a_reported_word_is_marked_as_such():
    said = Submission.of("A man at the stop called her a bitch.")
    used = Submission.of("You utter bitch.")

    assert [finding.reported for finding in profanity(used)] == [False]
    assert [finding.reported for finding in profanity(said)] == [True]


@pytest.mark.parametrize("quotation", ["“fudge”", '"fudge"', "«fudge»", "‘fudge’"])
def test_what_stands_in_quotation_marks_is_reported(quotation):
    original = f"It read {quotation}."
    start = original.index("fudge")

    assert is_reported(fold(original), (start, start + 5))


def test_an_apostrophe_opens_no_quotation():
    original = "It's the driver's fudge and isn't ours"
    start = original.index("fudge")

    assert not is_reported(fold(original), (start, start + 5))


@pytest.mark.parametrize("name", DETECTORS)
@settings(deadline=None)  # The first call reads the lists.
@given(text=st.text(st.characters()))
def test_no_detector_raises_on_any_string(name, text):
    for finding in DETECTORS[name](Submission.of(text, parent=text)):
        assert 0 <= finding.score <= 1
        assert all(0 <= start < end <= len(text) for start, end in finding.spans)

import pytest

from comity.detectors.harassment import harassment
from comity.findings import Submission


def score(text: str, *, parent: str | None = None) -> float:
    return max((f.score for f in harassment(Submission.of(text, parent=parent))), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "Kill yourself.",
        "k1ll y0ur5elf",
        "I know which bus you catch and I will be there tomorrow.",
        "Found your house. Been past twice.",
        "Everyone, ring her boss tonight and keep ringing until she is sacked.",
        "Let's all flood his inbox.",
        "What are you wearing? Send me a picture of you.",
        "I will tell your employer what you write here.",
        "Sé dónde vives y voy a esperarte.",
        "Que alguien pase el teléfono de su casa y llamamos toda la noche.",
    ],
)
def test_pursuing_exposing_and_pestering_are_seen(text):
    assert score(text) >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "Everyone, write to your MP before Friday.",
        "Let's all turn up at the public meeting on Monday.",
        "Ring the council's hotline and keep ringing until they answer.",
        "I know where the bus stops and I will be on it.",
        "Please do not ring her. She has asked for peace.",
        "I disagree with you and I will say so again.",
        "Escribid a vuestro diputado y venid al pleno.",
    ],
)
def test_civic_action_and_firm_replies_are_fair(text):
    assert score(text) < 0.5


DESPAIR = "I don't want to live any more."


def test_the_same_words_push_only_under_a_parent_in_despair():
    assert score("Do it then.", parent=DESPAIR) >= 0.6
    assert score("Do it then.", parent="I might paint the fence green.") == 0.0
    assert score("Do it then.") == 0.0


def test_comfort_under_a_parent_in_despair_is_fair():
    assert score("One less to feed.", parent=DESPAIR) >= 0.6
    assert score("Please ring someone tonight. You matter to us.", parent=DESPAIR) == 0.0
    assert score("I'm so sorry. Stay with us.", parent=DESPAIR) == 0.0


def test_despair_is_understood_in_spanish():
    assert score("Pues hazlo ya.", parent="No quiero vivir más.") >= 0.6
    assert score("Pues hazlo ya.", parent="Quiero pintar la valla.") == 0.0


def test_a_pile_on_needs_both_a_crowd_and_a_target():
    assert score("Lads, everyone get to her shop. Knock on her door.") >= 0.6
    assert score("Everyone is welcome at the fair.") == 0.0
    assert score("I knocked on her door with a cake.") == 0.0

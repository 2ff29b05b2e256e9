"""What leads to a private person's door, and what everybody may know."""

import pytest

from comity.detectors.papers import dni, iban, luhn
from comity.detectors.personal_information import personal_information
from comity.findings import StoryExcerpt, Submission

LIBRARY = StoryExcerpt(
    headline="Mobile library to stop at Thornby Cross",
    body=("Readers can ring the library on 01632 960001 or call at 5 Abbey Road, its new home.",),
)


def score(text):
    return max(
        (finding.score for finding in personal_information(Submission.of(text, story=LIBRARY))),
        default=0.0,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ring her at home after six, 01632 960 288.",
        "His own mobile is +44 7700 900123, he always picks up.",
        "Her number is nought seven seven double nought, nine double nought, one two three.",
        "Llamadla al móvil, es el seis uno dos tres cuatro cinco seis siete ocho.",
        "She lives at 14 Tansy Court now.",
        "Vive en la calle del Horno 6, la puerta azul.",
        "Write to him: jo.bloggs_1952@gmail.com",
        "Write to him: jo.bloggs at gmail dot com",
        "Escríbele a pepa.lopez arroba gmail punto com",
        "My card, since you ask: 4111 1111 1111 1111",
        "Pay him at GB82 WEST 1234 5698 7654 32.",
        "El dueño tiene el DNI 12345678Z.",
    ],
)
def test_a_private_person_can_be_found_with_it(text):
    assert score(text) >= 0.8


@pytest.mark.parametrize(
    "text",
    [
        "Ring the library on 01632 960001.",
        "It is at 5 Abbey Road, as the story says.",
        "The council's complaints line is 01632 960999.",
        "Parish office: 27 Church Street, mornings, the door is round the side.",
        "Questions for the meeting to questions@thornbytrust.example.org by Monday.",
        "Gas emergencies: 0800 111 999. For the police, 999 or 112.",
        "Please ring the Samaritans, 116 123.",
        "Objections go to consult@thornbycouncil.example.org or the press office.",
        "El teléfono de atención ciudadana es el 010.",
        "It cost £1,250,000 in 2019-2020 and 1.250.000 votes on 03/04/2021.",
        "My son lives in Leeds and my daughter in Hull.",
        "We waited from 1939 1945 1951 until now.",
    ],
)
def test_what_is_public_is_left_alone(text):
    assert score("Ring her at home after six, 01632 960 288.") >= 0.8

    assert score(text) < 0.5


def test_the_span_is_the_number_itself():
    text = "📞 Ring her at home: 01632 960 288, thanks"

    (finding,) = personal_information(Submission.of(text, story=LIBRARY))

    ((start, end),) = finding.spans
    assert text[start:end] == "01632 960 288"


def test_check_digits_are_checked():
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert iban("GB82 WEST 1234 5698 7654 32")
    assert not iban("GB82 WEST 1234 5698 7654 33")
    assert dni("", "12345678", "Z")
    assert dni("X", "1234567", "L")
    assert not dni("", "12345678", "A")


@pytest.mark.parametrize("text", ["", "1" * 100_000, "1 " * 20_000, "a@" * 20_000, "\ud800 ²³ ٣٤"])
def test_odd_texts_are_read_to_the_end(text):
    assert personal_information(Submission.of(text)) is not None

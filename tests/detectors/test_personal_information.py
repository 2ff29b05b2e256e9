"""What leads to a private person's door, and what everybody may know."""

import pytest

from comity.detectors.digits import isbn
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


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("12/03/2024 10:30-11:45", "Ring 01632 960 288."),
        ("2024-03-12 10:30:00", "Her number is 01632-960-288."),
        ("21-19, 18-21, 21-15", "1-617-555-0123"),
        ("ISBN 978-3-16-148410-0 and ISBN 0-306-40615-2", "Her mobile is 07700 900 123."),
        ("The population is 1 234 567 890.", "Call +1 234 567 8900"),
        ("Room for 123 456 789 of them, or 123456789.", "600 123 456"),
        ("10 Downing Street is empty.", "10 Alder Close is empty."),
        ("Case 2021/00312/7", "The number is 020/79460958."),
        ("37.7749, -122.4194", "He answers at (020) 7946 0958."),
        ("The seasons 1994-95 1995-96 1996-97", "My card: 4111 1111 1111 1111"),
        ("Version 10.15.7.1234 of order 1234567890", "07700 900123"),
        ("The visa scheme brought 120000 people.", "Her visa account is 12345678."),
        ("The account was 250000 short.", "Her account number is 25000012."),
    ],
)
def test_other_numbers_are_no_way_to_a_person(text, private):
    assert score(private) >= 0.6

    assert score(text) == 0.0


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
    assert isbn("9783161484100")
    assert isbn("080442957X")
    assert not isbn("9783161484101")
    assert dni("", "12345678", "Z")
    assert dni("X", "1234567", "L")
    assert not dni("", "12345678", "A")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1-1, " * 20_000,
        "ISBN 1-" * 20_000,
        "1" * 100_000,
        "1 " * 20_000,
        "a@" * 20_000,
        "\ud800 ²³ ٣٤",
    ],
)
def test_odd_texts_are_read_to_the_end(text):
    assert personal_information(Submission.of(text)) is not None

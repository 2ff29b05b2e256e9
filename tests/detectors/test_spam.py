"""What counts as advertising, and what a reader may well link to or sell."""

import pytest

from comity.detectors.spam import spam
from comity.findings import Standing, StoryExcerpt, Submission

ORCHARD = StoryExcerpt(
    headline="Cider makers count the cost of a late frost",
    body=("Half the blossom was lost. The growers' page is orchardgrowers.example.org.",),
)


def score(text, *, story=ORCHARD, standing=None):
    return max(
        (finding.score for finding in spam(Submission.of(text, story=story, standing=standing))),
        default=0.0,
    )


@pytest.mark.parametrize(
    "text",
    [
        "best-apple-presses.shop",
        "Look: http://bit.ly/2pears",
        "Half price apple presses, free delivery, order now at presses-direct.biz",
        "Work from home and earn £900 a week, message me on WhatsApp",
        "Use my code PIPPIN20 and get 20% off, link in my bio",
        "Gana 300 € al día desde casa, escríbeme por Telegram: @manzanas_ricas",
        "Descuento del 30%, envío gratis, visita nuestra web prensas.shop",
    ],
)
def test_an_advertisement_with_the_way_to_it_is_plain(text):
    assert score(text) >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Please subscribe to my channel, nearly at a thousand",
        "I gave up on my knees until I found Jointola. They knock off a fiver, jointola dot shop",
        "Say goodbye to frost with BlossomGuard, now only £19, dm for the link",
        "Sígueme que te sigo, me faltan cien seguidores",
    ],
)
def test_begging_and_disguised_testimonials_are_seen(text):
    assert score(text) >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "The figures are at https://en.wikipedia.org/wiki/Cider for those who doubt them.",
        "See the growers' own page, orchardgrowers.example.org, third table.",
        "The council's advice is at www.example.gov.uk/frost if you need it.",
        "I run the cider press in the village and we lost a third of our fruit.",
        "A bottle was £4 in 2015 and it is £7 now.",
        "Somebody rang my mother offering frost insurance for a gift card. It's a scam, beware.",
        "Compré la sidra a 3 euros y estaba buena.",
        "El banco no da créditos a los productores, esa es la noticia.",
    ],
)
def test_sources_prices_and_traders_are_left_alone(text):
    assert score("best-apple-presses.shop") >= 0.9

    assert score(text) < 0.5


def test_the_same_words_again_and_again_are_spam():
    text = "Nobody in this valley will ever buy that cider again, mark my words."
    assert score(text) == 0.0

    assert score(text, standing=Standing(copies=1)) >= 0.5
    assert score(text, standing=Standing(copies=4)) >= 0.9


def test_a_short_reaction_may_be_repeated():
    assert score("Well said!", standing=Standing(copies=5)) == 0.0


def test_the_spans_are_the_readers_own_words():
    text = "🍏 Half price presses at presses-direct.biz"

    (finding,) = spam(Submission.of(text, story=ORCHARD))

    quotes = [text[start:end] for start, end in finding.spans]
    assert "Half price" in quotes
    assert "presses-direct.biz" in quotes


@pytest.mark.parametrize("text", ["", "a" * 100_000, "www." * 5_000, "a.b" * 20_000, "\ud800 \x00"])
def test_odd_texts_are_read_to_the_end(text):
    assert spam(Submission.of(text)) is not None

"""A page without markup becomes a proper story."""

import textwrap
from importlib.resources import files

import pytest

from comity.importers.article import Article
from comity.importers.captions import split_credit
from comity.importers.plain_text import from_text

SAMPLE = (files("comity") / "sample" / "article.txt").read_text(encoding="utf-8")
ONE = "The clock on the town hall was set right on Monday, for the first time since the flood."
TWO = "Nobody in the square believed it, and three people missed a train that was on time."


def page(*lines: str) -> Article:
    return from_text("\n\n".join(lines))


def test_its_summary_line_serves_as_headline():
    article = from_text(SAMPLE)

    assert article.headline.startswith("A year after the fire that killed two people")
    assert article.deck == ""


def test_a_headline_given_makes_the_summary_line_the_deck():
    article = from_text(SAMPLE, headline="Bridge to be rebuilt")

    assert article.headline == "Bridge to be rebuilt"
    assert article.deck.startswith("A year after the fire")


def test_the_dateline_is_taken_off_the_first_paragraph():
    article = from_text(SAMPLE)

    assert article.dateline == "PORT ELLERY"
    assert article.body[0].startswith("The town council voted Thursday night")


def test_three_captions_with_the_names_swapped_once_are_one_photograph():
    article = from_text(SAMPLE)

    (photograph,) = article.photographs
    assert photograph.credit == "Courier Photo/Nadia Farrow"
    assert photograph.caption.startswith("Mayor Ruth Calloway talks to")
    assert photograph.caption.endswith("in Port Ellery.")
    assert photograph.url is None


def test_the_caption_tells_the_date_where_nothing_better_does():
    assert from_text(SAMPLE).published_at == "2026-03-12"


def test_the_guidelines_and_what_follows_are_no_body():
    article = from_text(
        SAMPLE
        + "\n\nI was there. It was a long night and nobody went home early, not even the dog.\n"
    )

    assert article.body[-1].endswith("Work begins in June.")
    assert len(article.body) == 13


def test_the_guidelines_are_no_body_even_without_their_heading():
    without = SAMPLE.replace("Article Comments\n", "")
    assert without != SAMPLE

    assert from_text(without) == from_text(SAMPLE)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems_make_no_difference(newline):
    assert from_text(SAMPLE.replace("\n", newline)) == from_text(SAMPLE)


def test_a_page_without_blank_lines_reads_the_same():
    assert from_text(SAMPLE.replace("\n\n", "\n")) == from_text(SAMPLE)


def test_a_page_broken_at_a_fixed_width_reads_the_same():
    wrapped = "\n".join(
        textwrap.fill(line, 72, break_on_hyphens=False) for line in SAMPLE.split("\n")
    )
    assert max(map(len, wrapped.split("\n"))) <= 72

    assert from_text(wrapped) == from_text(SAMPLE)


def test_other_scenes_of_the_same_day_stay_other_photographs():
    first = "Two men carry a clock hand home, Monday, May 4, 2026, in Stowe. (PC Photo/Ann Lee)"
    other = "Children count the strokes at noon, Monday, May 4, 2026, in Stowe. (PC Photo/Ann Lee)"
    article = page("The clock is right.", ONE, TWO, first, first, other)

    assert [p.caption for p in article.photographs] == [
        first.removesuffix(" (PC Photo/Ann Lee)"),
        other.removesuffix(" (PC Photo/Ann Lee)"),
    ]


def test_an_archive_picture_tells_no_date():
    fresh = "The clock, Monday, May 4, 2026, in Stowe. (AP Photo/Ann Lee)"
    assert page("Right at last.", ONE, TWO, fresh).published_at == "2026-05-04"

    archive = "FILE - The clock, Monday, May 4, 2020, in Stowe. (AP Photo/Ann Lee, File)"
    assert page("Right at last.", ONE, TWO, archive).published_at is None


def test_a_whole_page_loses_its_furniture():
    article = page(
        "Skip to main content",
        "News > Local",
        "The clock on the hall is right",
        "It has been wrong for a generation, and some liked it so.",
        "By Ann Lee and Bo Carr",
        "Published 5:30 p.m. ET May 5, 2026",
        "Updated 6:10 p.m. ET May 6, 2026",
        "Share Tweet Email",
        "12 comments",
        ONE,
        "Advertisement",
        "What comes next",
        TWO,
        "Related",
        "Ten clocks to see before noon",
        "Sign up for our morning newsletter",
        "The bells are to follow in June, said the mayor.",
        "© 2026 The Stowe Courier. All rights reserved.",
        "Comments (12)",
        "The clock was better when it was wrong, because then you could blame it for something.",
    )

    assert article.headline == "The clock on the hall is right"
    assert article.deck == "It has been wrong for a generation, and some liked it so."
    assert article.byline == "Ann Lee and Bo Carr"
    assert article.section == "Local"
    assert article.published_at == "2026-05-05"
    assert article.body == [
        ONE,
        "What comes next",
        TWO,
        "The bells are to follow in June, said the mayor.",
    ]


def test_a_spanish_page_is_read_by_spanish_habits():
    article = page(
        "El reloj vuelve a dar la hora",
        "Por Lucía Ferrer",
        "Publicado el 4 de mayo de 2026 a las 18:30 h",
        "Compartir",
        "MADRID.— El reloj del ayuntamiento volvió a dar la hora el lunes, tras cuarenta años.",
        "Nadie en la plaza lo creyó, y tres personas perdieron un tren que salió a su hora.",
        "Dos operarios ajustan el reloj este lunes en Madrid. Foto: Ana Ruiz",
        "Publicidad",
        "Comentarios (3)",
        "Estaba mejor parado, porque así acertaba dos veces al día sin molestar.",
    )

    assert (article.headline, article.byline) == (
        "El reloj vuelve a dar la hora",
        "Lucía Ferrer",
    )
    assert (article.dateline, article.published_at) == ("MADRID", "2026-05-04")
    assert len(article.body) == 2
    assert article.photographs[0].credit == "Ana Ruiz"


def test_a_credit_on_its_own_line_belongs_to_the_caption_above():
    article = page("Right at last.", ONE, TWO, "The clock at noon.\nPhoto: Ann Lee")

    (photograph,) = article.photographs
    assert (photograph.caption, photograph.credit) == ("The clock at noon.", "Ann Lee")


@pytest.mark.parametrize(
    ("opening", "place"),
    [
        ("STOWE — ", "STOWE"),
        ("STOWE (AP) — ", "STOWE"),
        ("SACRAMENTO, Calif. (AP) -- ", "SACRAMENTO, Calif."),
        ("LONDON, Nov 17 (Reuters) - ", "LONDON"),
        ("MEDELLÍN, Colombia – ", "MEDELLÍN, Colombia"),
        ("Madrid, 17 nov (EFE).- ", "Madrid"),
        ("WINSTON-SALEM, N.C. — ", "WINSTON-SALEM, N.C."),
        ("ÉVREUX.-", "ÉVREUX"),
        ("The mayor — ", ""),
        ("WATCH — ", ""),
    ],
)
def test_datelines_of_many_houses(opening, place):
    article = page("Right at last.", opening + ONE, TWO)

    assert article.dateline == place
    assert article.body == [ONE if place else opening + ONE, TWO]


def test_a_date_inside_the_dateline_counts():
    assert (
        page("Right.", "LONDON, Nov 17, 2023 (Reuters) - " + ONE, TWO).published_at == "2023-11-17"
    )


def test_a_day_that_no_calendar_has_is_no_date():
    assert page("Right.", "By Ann Lee", "Published May 31, 2026", ONE).published_at == "2026-05-31"
    assert page("Right.", "By Ann Lee", "Published June 31, 2026", ONE, TWO).published_at is None


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Noon. (AP Photo/Ann Lee)", ("Noon.", "AP Photo/Ann Lee")),
        ("Noon. (Photo by Ann Lee/Getty Images)", ("Noon.", "Ann Lee/Getty Images")),
        ("Noon. Photo: Ann Lee", ("Noon.", "Ann Lee")),
        ("Noon Photograph: Ann Lee/The Courier", ("Noon", "Ann Lee/The Courier")),
        ("Noon. Credit: Ann Lee", ("Noon.", "Ann Lee")),
        ("Noon in Rome. Ann Lee / Getty Images", ("Noon in Rome.", "Ann Lee / Getty Images")),
        ("Noon (Ann Lee/Reuters)", ("Noon", "Ann Lee/Reuters")),
        ("Mediodía (Foto: EFE)", ("Mediodía", "EFE")),
        ("Mediodía. EFE/Juan Pérez", ("Mediodía.", "EFE/Juan Pérez")),
        ("Mediodía. Ana Ruiz (EFE)", ("Mediodía.", "Ana Ruiz (EFE)")),
        ("He said it was so (see photo).", None),
        ("A poll (ABC/Washington Post) says so.", None),
        ("He wanted credit: nobody gave it.", None),
        ("One thing — credit: a very large sum for a bridge.", None),
    ],
)
def test_captions_are_known_by_their_credit(line, parts):
    assert split_credit(line) == parts


def test_an_endless_line_is_read_in_no_time():
    assert split_credit("(Ann " * 200_000) is None
    assert from_text("Right.\n\n" + "A — " * 200_000 + "end.").body

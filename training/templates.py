"""Breaches that are quoted: whoever reports or condemns one breaks no rule, whoever agrees does."""

import numpy as np

from training.labels import RULES
from training.rows import Row

CONDEMNED = {
    "en": (
        'Somebody shouted "{}" at my neighbour on the tram and nobody said a word. It shook me.',
        'The moderators left "{}" up for six hours. That should never have been published.',
        'My daughter was told "{}" on her way home. She is eleven.',
        '"{}" - that is what we used to hear every week. I am glad those days are over.',
        'I reported the person who wrote "{}". We do not have to put up with that here.',
        'A leaflet came through the door saying "{}". I tore it up.',
        'He stood in the chamber and said "{}". For that alone he owes everybody an apology.',
        'When people write "{}", they should imagine reading it about their own mother.',
    ),
    "es": (
        'Alguien le gritó "{}" a mi vecina en el tranvía y nadie dijo nada. Me dejó helado.',
        'A mi hija le dijeron "{}" al volver del colegio. Tiene once años.',
        'He denunciado a quien escribió "{}". Aquí no tenemos por qué aguantar eso.',
        '"{}": eso lo oíamos cada semana. Me alegro de que ya no.',
        'Dejaron publicado "{}" durante seis horas. No debería haber pasado.',
        'Cuando alguien escribe "{}", que se imagine leerlo de su propia madre.',
    ),
}
AGREED = {
    "en": (
        '"{}" Exactly right, and about time somebody said it.',
        "They deleted my last comment, so once more: {}",
        "I will say what everyone here is thinking. {}",
        "{} And I would say it to their face.",
        "Long piece, nicely written, thank you. {}",
        "With all due respect to the paper: {}",
    ),
    "es": (
        '"{}" Tal cual, ya era hora de que alguien lo dijera.',
        "Me borraron el comentario anterior, así que lo repito: {}",
        "Digo lo que todos piensan. {}",
        "{} Y se lo diría a la cara.",
        "Buen artículo, gracias. {}",
    ),
}


def quoted(row: Row, rng: np.random.Generator) -> Row:
    """Return a comment that reports or condemns a breach: fair, whatever it quotes."""
    text, _ = filled(row, CONDEMNED, rng)
    labels = {label: 0.0 for label in RULES if label in row.labels and label != "off_topic"}
    labels["toxicity"] = 0.1
    return Row(
        text, labels, "quoted", story=row.story, lang=row.lang, weight=0.7, sure={"toxicity": 0.3}
    )


def seconded(row: Row, rng: np.random.Generator) -> Row:
    """Return a comment that repeats a breach with approval: the same breach."""
    text, shift = filled(row, AGREED, rng)
    labels = {label: value for label, value in row.labels.items() if label != "off_topic"}
    spans = [(first + shift, last + shift, *rest) for first, last, *rest in row.spans]
    return Row(
        text,
        labels,
        "seconded",
        story=row.story,
        parent=row.parent,
        lang=row.lang,
        weight=0.7,
        sure=row.sure,
        spans=spans,
    )


def filled(
    row: Row, templates: dict[str, tuple[str, ...]], rng: np.random.Generator
) -> tuple[str, int]:
    """Return a template with the row's text in it, and where the text begins."""
    choices = templates.get(row.lang, templates["en"])
    template = choices[rng.integers(len(choices))]
    return template.replace("{}", row.text), template.index("{}")

"""Other names in the same words: what is said counts, not of whom."""

import json
import re
from pathlib import Path

import numpy as np

from comity.detectors.groups import is_group
from training.rows import Row
from training.spelling import replaced

NAMES: list[str] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))[
    "names"
]
CAPITAL = re.compile(r"(?<![.!?¡¿\"“«:]\s)(?<!^)\b[A-ZÁÉÍÓÚÑ][a-záéíóúñü]{3,}\b")


def other_names(row: Row, rng: np.random.Generator) -> None:
    """Give the people and places whom comment, parent and story share other names."""
    names = {match.group() for match in CAPITAL.finditer(row.text)}
    context = f"{row.story}\n{row.parent}"
    names = {name for name in names if re.search(rf"\b{name}\b", context) and not is_group(name)}
    for name in sorted(names):
        new = NAMES[rng.integers(len(NAMES))]
        whole = re.compile(rf"\b{name}\b")
        replaced(row, [(*match.span(), new) for match in whole.finditer(row.text)])
        row.story = whole.sub(new, row.story)
        row.parent = whole.sub(new, row.parent)

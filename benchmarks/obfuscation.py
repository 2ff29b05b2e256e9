"""How well the word lists see through disguises, and what they take for a listed word by mistake.

    python -m benchmarks.obfuscation

Forty listed words in five sentences, alone and beside an emoji, each under all the disguises that
keep the letters. The false hits are words of wordfreq's top 50,000 that hold a listed stem and are
not listed.
"""

import random
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table
from wordfreq import top_n_list

from comity.detectors import disguises, lexicon
from comity.findings import Label
from comity.text import fold

CARRIERS = (
    "What a load of {} this is.",
    "{}, that is all I have to say about the council",
    "They told us it was fine and it was {}",
    "Honestly? {}! Every single week.",
    'I read the report twice and thought "{}" both times.',
    "{}",
    "{} \U0001f602",
)
LEET = str.maketrans("aeiost", "431057")
ALIKE = str.maketrans("aceopxyisj", "асеорхуіѕј")
FULL = {ord(char): ord(char) + 0xFEE0 for char in "abcdefghijklmnopqrstuvwxyz"}


def homoglyphs(word: str) -> str:
    """Replace the first two letters that have a look-alike in Cyrillic."""
    done, found = [], 0
    for char in word:
        other = char.translate(ALIKE)
        take = other != char and found < 2
        found += take
        done.append(other if take else char)
    return "".join(done)


def starred(word: str) -> str:
    """Hide one inner letter."""
    middle = len(word) // 2
    return word[:middle] + "*" + word[middle + 1 :]


def stretched(word: str) -> str:
    """Write the first vowel many times."""
    place = next((i for i, char in enumerate(word) if char in "aeiou"), 1)
    return word[:place] + word[place] * 4 + word[place + 1 :]


def halved(sign: str) -> Callable[[str], str]:
    """Return how a word is written with a sign in its middle."""
    return lambda word: word[: len(word) // 2] + sign + word[len(word) // 2 :]


DISGUISES: dict[str, Callable[[str], str]] = {
    "leet": lambda word: word.translate(LEET),
    "homoglyphs": homoglyphs,
    "zero width": "\u200b".join,
    "spaced": " ".join,
    "dotted": ".".join,
    "hyphenated": "-".join,
    "stretched": stretched,
    "starred": starred,
    "diacritics": "\u0301".join,
    "full width": lambda word: word.translate(FULL),
    "one letter a line": "\n".join,
    "hyphen at the line's end": halved("-\n"),
    "Markdown": lambda word: f"{word[0]}**{word[1]}**{word[2:]}",
    "HTML entities": lambda word: "".join(f"&#{ord(char)};" for char in word),
    "soft hyphens as entities": "&shy;".join,
    "bidirectional override": lambda word: f"\u202e{word}\u202c",
    "tag characters": "\U000e0061".join,
    "Zalgo": "\u0301\u0327\u0336".join,
}


def listed() -> list[str]:
    """Return the strong single words of the English lists, of four letters or more."""
    found = {
        row[0]
        for name in ("profanity", "slur", "vulgarity")
        for row in lexicon.rows("en", name)
        if row[0].isalpha() and row[0].isascii() and len(row[0]) >= 4 and float(row[1]) > 0.9
    }
    return sorted(found)


def sample(count: int = 40) -> list[str]:
    """Draw some of them, the same in every run."""
    return random.Random(3).sample(listed(), count)


def caught(word: str, disguise: Callable[[str], str]) -> float:
    """Return the share of carriers in which a disguised word is seen."""
    return sum(
        any(m.entry.score > 0.9 for m in lexicon.all_matches(fold(carrier.format(disguise(word)))))
        for carrier in CARRIERS
    ) / len(CARRIERS)


def false_hits() -> tuple[list[str], int]:
    """Return frequent words wrongly taken for a listed one, and how many hold a listed stem."""
    known = lexicon.lexicon()
    inside = known.stems  # What holds one of these counts as listed.
    stems = {row[0] for n in ("profanity", "slur", "vulgarity") for row in lexicon.rows("en", n)}
    stems = {stem for stem in stems if stem.isalpha() and len(stem) >= 3}
    suspects = [
        word
        for word in top_n_list("en", 50_000)
        if word not in known.words
        and not (inside.search(word) and word not in known.allowed)
        and any(stem in word for stem in stems)
    ]
    wrong = [
        word
        for word in suspects
        if any(m.entry.score > 0.5 for m in lexicon.all_matches(fold(f"They said {word} today")))
    ]
    return wrong, len(suspects)


def milliseconds(text: str, rounds: int = 500) -> float:
    """Return how much processor time folding and matching a text takes."""
    begun = time.process_time()
    for _ in range(rounds):
        disguises.readings.cache_clear()
        lexicon.all_matches.cache_clear()
        folded = fold(text)
        for label in lexicon.LISTS:
            lexicon.matches(folded, None, label)
    return (time.process_time() - begun) / rounds * 1000


def main() -> None:
    """Print the figures."""
    words = sample()
    table = Table("disguise", "caught, %", title=f"40 words × {len(CARRIERS)} carriers")
    table.add_row("plain", f"{100 * sum(caught(w, str) for w in words) / len(words):.1f}")
    for name, disguise in DISGUISES.items():
        share = sum(caught(word, disguise) for word in words) / len(words)
        table.add_row(name, f"{100 * share:.1f}")
    wrong, suspects = false_hits()
    text = "The council voted on Tuesday to repair the old bridge before the winter, after " * 4
    console = Console()
    console.print(table)
    console.print(f"false hits: {len(wrong)} of {suspects} words that hold a stem: {wrong[:40]}")
    console.print(f"{milliseconds(text[:270]):.3f} ms for {Label.PROFANITY}, vulgarity, slur (270)")


if __name__ == "__main__":
    main()

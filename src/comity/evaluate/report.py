"""What an evaluation found: shares with their intervals, as JSON values and as tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with Wilson's 95 % interval."""

    right: int
    of: int

    @property
    def share(self) -> float | None:
        """Return the share, or None of nothing."""
        return self.right / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Return where the true share is in 95 of 100 such samples."""
        return wilson(self.right, self.of)

    def to_json(self) -> dict[str, Any]:
        """Return counts, share and interval."""
        low, high = self.interval
        return {"right": self.right, "of": self.of, "share": self.share, "low": low, "high": high}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of one run; a share is of cases that came out right if it says no more."""

    cases: int
    either_way: int
    clean: Share
    violating: Share
    clean_held: Share
    clean_rejected: Share
    clean_nudged: Share
    incivility: Share
    pairs: Share
    span_f1: float | None
    spans: int
    recall: dict[str, Share]
    false: dict[str, Share]
    groups: dict[str, dict[str, Share]]
    baselines: dict[str, float | None]
    wrong: list[str | int | None]
    guidelines: str
    engine: str

    @property
    def balanced(self) -> float | None:
        """Return the mean of the shares of clean and of violating cases that came out right."""
        return mean([self.clean.share, self.violating.share])

    @property
    def macro_recall(self) -> float | None:
        """Return the mean of the labels' recall."""
        return mean([share.share for share in self.recall.values()])

    @property
    def macro_precision(self) -> float | None:
        """Return the mean of 1 − false share over the labels that were raised at all."""
        return mean([None if one.share is None else 1 - one.share for one in self.false.values()])

    def to_json(self) -> dict[str, Any]:
        """Return everything as values that JSON can hold."""
        shares = {
            name: getattr(self, name).to_json()
            for name in (
                "clean",
                "violating",
                "clean_held",
                "clean_rejected",
                "clean_nudged",
                "incivility",
                "pairs",
            )
        }
        low, high = self.clean_rejected.interval
        return {
            "cases": self.cases,
            "either_way": self.either_way,
            "balanced": self.balanced,
            **shares,
            "wrong_rejections_per_1000": {
                "rate": 1000 * (self.clean_rejected.share or 0),
                "low": 1000 * low,
                "high": 1000 * high,
            },
            "macro_recall": self.macro_recall,
            "macro_precision": self.macro_precision,
            "labels": {
                name: {"recall": recall.to_json(), "false": self.false[name].to_json()}
                for name, recall in self.recall.items()
            },
            "span_f1": self.span_f1,
            "spans": self.spans,
            "groups": {
                group: {name: share.to_json() for name, share in members.items()}
                for group, members in self.groups.items()
            },
            "baselines": self.baselines,
            "wrong": self.wrong,
            "guidelines": self.guidelines,
            "engine": self.engine,
        }


def wilson(right: int, of: int, sure: float = 1.96) -> tuple[float, float]:
    """Return Wilson's score interval of a share."""
    if not of:
        return 0.0, 1.0
    share = right / of
    middle = (share + sure**2 / (2 * of)) / (1 + sure**2 / of)
    spread = sure * sqrt(share * (1 - share) / of + sure**2 / (4 * of**2)) / (1 + sure**2 / of)
    return max(0.0, middle - spread), min(1.0, middle + spread)


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values there are; None if there are none."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None


def show(report: Report, console: Console) -> None:
    """Print the figures as tables, the groups worst first."""
    rejected = report.clean_rejected
    low, high = (1000 * bound for bound in rejected.interval)
    console.print(
        f"{report.cases} cases, of which {report.either_way} may go either way and are left out.\n"
        f"Guidelines {report.guidelines[:12]}, engine {report.engine[:12]}."
    )
    overall = rows("", "Overall")
    for name, share in (
        ("clean, published", report.clean),
        ("clean, held", report.clean_held),
        ("clean, rejected", rejected),
        ("clean, nudged", report.clean_nudged),
        ("violating, stopped for it", report.violating),
        ("uncivil, nudged", report.incivility),
        ("pairs, both right", report.pairs),
    ):
        overall.add_row(name, *cells(share))
    console.print(overall)
    console.print(
        f"Balanced {percent(report.balanced)}"
        + "".join(f"; {name} {percent(value)}" for name, value in report.baselines.items())
        + f".\nWrong rejections per 1,000 clean: {1000 * (rejected.share or 0):.1f} "
        f"({low:.1f} to {high:.1f}).\n"
        f"Macro recall {percent(report.macro_recall)}, "
        f"macro precision {percent(report.macro_precision)}.\n"
        f"Spans: character F1 {percent(report.span_f1)} over {report.spans} cases.\n"
        f"Guidelines {report.guidelines[:12]}, engine {report.engine[:12]}."
    )
    labels = rows("Label", "Labels", "recall", "recalled", "of", "95 %")
    labels.add_column("false share", justify="right")
    for name, share in report.recall.items():
        false = report.false[name]
        labels.add_row(name, *cells(share), f"{percent(false.share)} of {false.of}")
    console.print(labels)
    for group, members in report.groups.items():
        table = rows(group.capitalize(), f"By {group}, worst first")
        for name, share in members.items():
            table.add_row(name, *cells(share))
        console.print(table)


def rows(first: str, title: str, *headings: str) -> Table:
    """Return an empty table with a column of names and four of figures."""
    table = Table(first, title=title, title_justify="left")
    for heading in headings or ("share", "cases", "of", "95 %"):
        table.add_column(heading, justify="right")
    return table


def cells(share: Share) -> tuple[str, str, str, str]:
    """Return the figures of a share as they stand in a table."""
    low, high = share.interval
    return (
        percent(share.share),
        str(share.right),
        str(share.of),
        f"{100 * low:.0f}–{100 * high:.0f}" if share.of else "–",
    )


def percent(share: float | None) -> str:
    """Write a share in per cent, with a dash where there is none."""
    return "–" if share is None else f"{100 * share:.1f} %"

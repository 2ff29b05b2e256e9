"""What is counted, for Prometheus; never a text, a name or an address."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from comity.web import shared

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


THREAD = "/api/v1/sites/{site}/stories/{key}/comments"


class Metrics:
    """The counters of one process, which with several workers go to a file in their folder."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = self.counter("requests", "Answers.", "route", "method", "status")
        self.comments = self.counter("comments", "Comments posted or edited.", "status")
        self.rules = self.counter("rules", "Breaches that held or rejected a comment.", "rule")
        self.undetermined = self.counter(
            "undetermined", "Detectors that gave no answer.", "detector"
        )
        self.care = self.counter("care", "Comments held because of their writer's despair.")
        self.erased = self.counter("erased", "What retention erased.", "kind")
        self.seconds = Histogram(
            "comity_request_seconds",
            "Time to answer.",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        # The hottest address finds its counters without looking.
        self.thread_hits = self.requests.labels(THREAD, "GET", "200")
        self.thread_same = self.requests.labels(THREAD, "GET", "304")
        self.thread_seconds = self.seconds.labels(THREAD)

    def counter(self, name: str, help: str, *labels: str) -> Counter:
        """Make a counter."""
        return Counter(f"comity_{name}", help, labels, registry=self.registry)

    def told(self) -> bytes:
        """Return all that was counted, by every worker of this server, those that died too."""
        if shared.folder() is None:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def count(
        self, status: str, rules: Iterable[str], undetermined: Iterable[str], *, care: bool = False
    ) -> None:
        """Count what became of a comment that was posted or edited."""
        self.comments.labels(status).inc()
        if care:
            self.care.inc()
        for rule in rules:
            self.rules.labels(rule).inc()
        for detector in undetermined:
            self.undetermined.labels(detector).inc()

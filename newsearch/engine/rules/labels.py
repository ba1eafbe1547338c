"""How the values are shown that matches are counted by, and which filter selects each.

    labels_of("topic", Counter({"AI": 7, "ai": 2}))         # [Label("AI", "topic:AI")]

A value may be written in several ways, and a provider have several names: shown is what most articles have. How many
matches have a value is for the engines to count.
"""

from collections import Counter
from typing import Literal, NamedTuple

from newsearch.engine.rules.analysis import fold
from newsearch.engine.rules.keywords import domain_term, provider_parts
from newsearch.engine.rules.timeline import Ints, first_days
from newsearch.model import Kind
from newsearch.query import ast
from newsearch.query.facets import QUALITY_BANDS

__all__ = ["QUALITY_LABELS", "Label", "kind_label", "labels_of", "provider_labels_of", "time_labels"]


class Label(NamedTuple):
    """A value as it is shown, the filter that selects it, and what it is called besides."""

    value: str
    filter: str
    name: str | None = None


QUALITY_LABELS = (
    *(
        Label(f"{low}+" if high is None else f"{low}-{high}", str(ast.NumberRange("quality", low, high)))
        for low, high in QUALITY_BANDS
    ),
    Label("unknown", str(ast.Not(ast.NumberRange("quality", 0, None)))),
)
"""The bands of quality, in their order, and after them what is in none."""


def kind_label(kind: Kind) -> Label:
    """A kind of article."""
    return Label(kind, str(ast.Keyword("kind", kind)))


def time_labels(units: Ints, interval: Literal["year", "month"]) -> list[Label]:
    """Years or months, counted as in `timeline`."""
    names = [day.isoformat()[: 4 if interval == "year" else 7] for day in first_days(units, interval)]
    return [Label(name, f"date:{name}") for name in names]


def labels_of(field: str, used: Counter[str]) -> list[Label]:
    """A label for each value, as it is written most often; ascending."""
    writings: dict[str, Counter[str]] = {}
    for string, count in used.items():
        writings.setdefault(fold(string.strip()), Counter())[string] += count
    values = sorted(_commonest(written) for key, written in writings.items() if key)
    return [Label(value, str(ast.Keyword(field, value))) for value in values]


def provider_labels_of(used: Counter[str]) -> list[Label]:
    """A label for each provider: its domain and, besides, its commonest name; its name where there is no domain."""
    names: dict[str, Counter[str]] = {}
    alone: Counter[str] = Counter()
    for string, count in used.items():
        name, domain = provider_parts(string)
        if term := domain_term(domain):
            names.setdefault(term, Counter())[name] += count
        else:
            alone[name] += count
    nameless = {label.value: label for label in labels_of("provider", alone) if fold(label.value.strip()) not in names}
    domains = {
        domain: Label(domain, str(ast.Keyword("provider", domain)), _commonest(known) or None)
        for domain, known in names.items()
    }
    return [label for _, label in sorted({**nameless, **domains}.items())]


def _commonest(writings: Counter[str]) -> str:
    return min(writings, key=lambda text: (-writings[text], text))

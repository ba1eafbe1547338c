"""How a result can be narrowed and widened: values to choose, with their counts, and chips to take a choice back.

    facets = choices(index, request, result, links)

A value is counted as if nothing else of its field were chosen, so that one can go from one provider to the next and
finds as many articles as it said. That costs one more question, for figures alone, for each field with a choice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Final, Self

from newsearch.library import NewsIndex
from newsearch.model import FacetValue, SearchRequest, SearchResult
from newsearch.query.facets import QUALITY_BANDS
from newsearch.web.page.links import Links

__all__ = ["FACETS", "Chip", "Choice", "Facet", "chips", "choices"]

FACETS: Final = ("provider:24", "topic:24", "type:10", "kind", "quality", "year:24")
"""What the page has counted."""

_SHOWN: Final = 8
"""So many values of a field are shown at once; more are folded away, but for those that are chosen."""

_OPTIONS: Final = {"provider": "provider", "topic": "topic", "type": "type", "kind": "kind", "quality": "min_quality"}
"""The fields of which one value can be chosen, and the option that chooses it."""

_FREE: Final = {"provider": None, "topic": None, "type": None, "kind": "all", "min_quality": None}
"""The value of each option with which nothing is chosen."""

_KINDS: Final = {"item": "Items of the archive", "related": "Related articles"}
_HEADINGS: Final = {"provider": "Provider", "topic": "Topic", "type": "Type", "kind": "Kind", "quality": "Quality"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to choose, or, if it is `chosen`, to take back: where `href` leads. `share` is of the most frequent."""

    key: str
    label: str
    count: int
    share: float
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field: those to show at once, and those to fold away."""

    field: str
    heading: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()

    @classmethod
    def of(cls, field: str, heading: str, values: Sequence[Choice]) -> Self:
        """The values of a field, in order. Nothing is folded away to save a line or two."""
        if len(values) <= _SHOWN + 2:
            return cls(field, heading, tuple(values))
        shown = [*values[:_SHOWN], *(value for value in values[_SHOWN:] if value.chosen)]
        return cls(field, heading, tuple(shown), tuple(value for value in values[_SHOWN:] if not value.chosen))


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice in force, and the page without it."""

    label: str
    value: str
    href: str


def choices(index: NewsIndex, request: SearchRequest, result: SearchResult, links: Links) -> list[Facet]:
    """The fields that there is something to choose of."""
    found = []
    values: Sequence[FacetValue]
    for field, option in _OPTIONS.items():
        if getattr(request, option) == _FREE[option]:
            values = result.facets.get(field, ())
        else:
            values = _counted_without(index, request, option, field)
        if field == "quality":
            offered = _quality_floors(values)
        else:
            offered = [(value.value, _label(field, value), value.count) for value in values]
        facet = _facet(request, links, field, option, offered)
        if facet is not None:
            found.append(facet)
    years = _years(request, result, links)
    return found if years is None else [*found, years]


def _counted_without(index: NewsIndex, request: SearchRequest, option: str, field: str) -> Sequence[FacetValue]:
    spec = next(spec for spec in FACETS if spec.partition(":")[0] == field)
    changes: dict[str, Any] = {option: _FREE[option], "limit": 0, "offset": 0, "facets": (spec,), "group": None}
    return index.ask(replace(request, **changes, timeline=None, explain=False)).facets[field]


def _label(field: str, value: FacetValue) -> str:
    return _KINDS.get(value.value, value.value) if field == "kind" else value.name or value.value


def _quality_floors(bands: Sequence[FacetValue]) -> list[tuple[object, str, int]]:
    """Bands of quality as what is that good or better, so that `min_quality` chooses just what is counted."""
    by_band = {value.value: value.count for value in bands}
    counts = [by_band.get(f"{low}+" if high is None else f"{low}-{high}", 0) for low, high in QUALITY_BANDS]
    offered: list[tuple[object, str, int]] = []
    for (low, _), band, total in zip(QUALITY_BANDS, counts, accumulate(counts), strict=True):
        if band:
            offered.append((low, f"{low} or better" if low else "known", total))
    return offered


def _facet(
    request: SearchRequest, links: Links, field: str, option: str, offered: Sequence[tuple[object, str, int]]
) -> Facet | None:
    chosen, nothing = getattr(request, option), _FREE[option]
    most = max((count for _, _, count in offered), default=0)
    listed = []
    for value, label, count in offered:
        is_chosen = _same(chosen, value, label)
        href = links.search(request, **{option: nothing if is_chosen else value})
        listed.append(Choice(f"{field}:{value}", label, count, count / most if most else 0.0, href, is_chosen))
    if len(listed) < 2 and chosen == nothing:
        return None
    return Facet.of(field, _HEADINGS[field], listed) if listed else None


def _same(chosen: object, value: object, label: str) -> bool:
    if not isinstance(chosen, str):
        return chosen == value
    return chosen.strip().casefold() in (str(value).casefold(), label.casefold())


def _years(request: SearchRequest, result: SearchResult, links: Links) -> Facet | None:
    values = result.facets.get("year", ())
    if len(values) < 2:
        return None
    most = max(value.count for value in values)
    listed = [
        Choice(
            f"year:{value.value}",
            value.value,
            value.count,
            value.count / most,
            links.search(request, since=value.value, until=value.value),
            chosen=False,
        )
        for value in values
    ]
    return Facet.of("year", "Year", listed)


def chips(request: SearchRequest, links: Links, names: dict[str, str] | None = None) -> list[Chip]:
    """What narrows a request beside its words; `names` are what values (a provider's domain) are called besides."""
    return list(_chips(request, links, names or {}))


def _chips(request: SearchRequest, links: Links, names: dict[str, str]) -> Iterator[Chip]:
    if request.provider is not None:
        shown = names.get(request.provider, request.provider)
        yield Chip("Provider", shown, links.search(request, provider=None))
    if request.topic is not None:
        yield Chip("Topic", request.topic, links.search(request, topic=None))
    if request.type is not None:
        yield Chip("Type", request.type, links.search(request, type=None))
    if request.kind != "all":
        yield Chip("Kind", _KINDS[request.kind], links.search(request, kind="all"))
    if request.min_quality is not None:
        yield Chip("Quality", f"{request.min_quality} or better", links.search(request, min_quality=None))
    if request.since is not None and request.since == request.until:
        yield Chip("Date", request.since, links.search(request, since=None, until=None))
    else:
        if request.since is not None:
            yield Chip("From", request.since, links.search(request, since=None))
        if request.until is not None:
            yield Chip("To", request.until, links.search(request, until=None))
    if request.as_of is not None:
        yield Chip("As of", request.as_of, links.search(request, as_of=None))
    if request.match != "auto":
        words = {"all": "all of them", "any": "any of them"}[request.match]
        yield Chip("Words", words, links.search(request, match="auto"))
    if request.group is not None:
        yield Chip("Grouped", "by story", links.search(request, group=None))
    if request.max_per_provider is not None:
        each = f"{request.max_per_provider} at most"
        yield Chip("Each provider", each, links.search(request, max_per_provider=None))
    if request.explain:
        yield Chip("Shown", "whole calculations", links.search(request, explain=False))

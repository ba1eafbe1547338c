"""A request put to the index, and what is said beside its answer.

result = asking.answer(request, index, voice)
asking.comment(result, voice, index)

A command that asks for something else than a search checks its request with `check` and takes the index from `opened`.
"""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsearch.cli import streams
from newsearch.cli.advice import fitted
from newsearch.cli.options import configured

if TYPE_CHECKING:
    from newsearch.library import NewsIndex
    from newsearch.model import IndexState, SearchRequest, SearchResult

__all__ = ["RELAXED", "answer", "check", "comment", "nothing_found", "opened"]

RELAXED = "No article has all of these words; shown are those with some of them."

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def check(request: "SearchRequest") -> None:
    """Refuse an option that makes no sense: that is wrong with or without an index, and told before one is looked for.

    Raises QueryError.
    """
    from newsearch.query.filters import check_options

    check_options(request, now=datetime.now(UTC))


def opened(folder: str | None, voice: streams.Voice) -> "NewsIndex":
    """The index that `--index` or the configuration names, open."""
    settings = configured(folder, voice).settings

    from newsearch import library  # the engine, which neither --help nor a wrong option waits for

    return library.open(settings.index, settings=settings.ranking, synonyms=settings.synonyms)


def answer(request: "SearchRequest", folder: str | None, voice: streams.Voice) -> "SearchResult":
    """The answer of the index that `--index` or the configuration names."""
    check(request)
    with opened(folder, voice) as index:
        return index.ask(request)


def comment(result: "SearchResult", voice: streams.Voice, folder: str | None) -> None:
    """What is to be said about a result, after it: where it would be read last."""
    for warning in result.warnings:
        voice.warn(warning)
    if result.relaxed:
        voice.warn(RELAXED)
    if not result.total:
        nothing_found(result.index, voice, folder)
    elif not result.hits and result.request.limit:
        there = (result.total if result.stories is None else result.stories) - result.held_back
        voice.warn(f"There are only {there:,}; --offset {result.request.offset} passes over all of them.")
    if (result.relaxed or not result.total) and _ADDRESS.fullmatch(result.request.text.strip()):
        voice.warn("To find an article by its address, write url: before it, or use: newsearch show ADDRESS")
    if result.suggestion is not None:
        voice.warn(f"Did you mean: {_command(result.suggestion, folder)}?")
    voice.detail(f"Understood as: {result.parsed or '(everything)'}")
    if result.as_of is not None:
        voice.detail(f"As of {result.as_of:%Y-%m-%d %H:%M:%S} UTC.")
    voice.detail(f"{result.total:,} found among {result.index.articles:,} articles in {result.took_ms:.1f} ms.")


def nothing_found(state: "IndexState", voice: streams.Voice, folder: str | None) -> None:
    """Say that nothing was found, or that there is nothing."""
    if state.articles:
        voice.warn("No article matches.")
    else:
        voice.warn(fitted("The index is empty; fill it with: newsearch index PATH", {"index": folder}))


def _command(text: str, folder: str | None) -> str:
    """What to type to search for a text."""
    import shlex  # only for advice

    place = "" if folder is None else f"--index {shlex.quote(folder)} "
    # Double quotes read better, but the shell looks for signs of its own inside them.
    quoted = shlex.quote(text) if re.search(r'["$`\\!]', text) else f'"{text}"'
    return f"newsearch query {place}{quoted}"

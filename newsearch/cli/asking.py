"""A request put to the index, and what is said beside its answer.

result = asking.answer(request, index, voice)
asking.comment(result, voice, index)

A command that asks for something else than a search checks its request with `check` and takes the index from `opened`.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from newsearch import wording
from newsearch.cli import exits, streams
from newsearch.cli.advice import fitted
from newsearch.cli.options import configured
from newsearch.errors import ConfigError

if TYPE_CHECKING:
    from newsearch.findings import TypicalTerms
    from newsearch.library import NewsIndex
    from newsearch.model import SearchRequest, SearchResult

__all__ = ["answer", "check", "comment", "end", "opened", "warn"]

# Where a text begins with one, it was asked and is no part of the request any more.
_NAMES = re.compile(r"(?<![^\s(])@([A-Za-z0-9_-]+)(?![^\s)])")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def check(request: "SearchRequest") -> None:
    """Refuse an option that makes no sense: that is wrong with or without an index, and told before one is looked for.

    Raises QueryError.
    """
    from newsearch.query.filters import check_options

    check_options(request, now=datetime.now(UTC))


def opened(folder: str | None, voice: streams.Voice) -> "NewsIndex":
    """The index that `--index` or the configuration names, open."""
    configuration = configured(folder, voice)
    settings = configuration.settings

    from newsearch import library  # the engine, which neither --help nor a wrong option waits for
    from newsearch.config import DEFAULT
    from newsearch.config.values import place_of

    index = library.open(settings.place, settings=settings.ranking, synonyms=settings.synonyms)
    if settings.language != index.language and configuration.origins["language"] != DEFAULT:
        place = place_of(configuration.origins["language"])
        voice.warn(
            f"The index was made with language {index.language}, and {place} sets {settings.language}, "
            "of which a search takes no notice. "
            + fitted("To build it in that language: newsearch index --rebuild", {"index": folder})
        )
    return index


def answer(request: "SearchRequest", folder: str | None, voice: streams.Voice) -> "SearchResult":
    """The answer of the index that `--index` or the configuration names."""
    check(request)
    with opened(folder, voice) as index:
        return index.ask(request)


def comment(result: "SearchResult", voice: streams.Voice, folder: str | None, *, command: str = "query") -> None:
    """What is to be said about a result, after it: where it would be read last.

    `command` is what would be typed before another text to ask for the same: `facets year`.
    """
    warn(result, voice, folder)
    if result.total and not result.hits and result.request.limit:
        there = (result.total if result.stories is None else result.stories) - result.held_back
        voice.warn(f"There are only {there:,}; --offset {result.request.offset} passes over all of them.")
    if (result.relaxed or not result.total) and _ADDRESS.fullmatch(result.request.text.strip()):
        voice.warn("To find an article by its address, write url: before it, or use: newsearch show ADDRESS")
    if result.suggestion is not None:
        voice.warn(f"Did you mean: {_command(command, result.suggestion, folder)}?")
    for name in _saved_names(result.request.text):
        voice.warn(f"@{name} was searched as text; a saved query is asked where the text begins with its name.")
    voice.detail(f"Understood as: {result.parsed or '(everything)'}")
    if result.as_of is not None:
        voice.detail(f"As of {wording.moment(result.as_of)}.")
    voice.detail(f"{result.total:,} found among {result.index.articles:,} articles in {result.took_ms:.1f} ms.")


def warn(found: "SearchResult | TypicalTerms", voice: streams.Voice, folder: str | None) -> None:
    """What a query has against it: what was not understood, what was let go, that nothing was found or is there."""
    for warning in found.warnings:
        voice.warn(warning)
    if found.relaxed:
        voice.warn("No article has all of these words; shown are those with some of them.")
    if not found.total and found.index.articles:
        voice.warn("No article matches.")
    elif not found.total:
        voice.warn(fitted("The index is empty; fill it with: newsearch index PATH", {"index": folder}))


def end(found: int, *, fail_empty: bool) -> None:
    """End a command that found so many: with --fail-empty, nothing is a failure. To be said after all else."""
    if fail_empty and not found:
        raise typer.Exit(exits.UNSUCCESSFUL)


def _command(command: str, text: str, folder: str | None) -> str:
    """What to type to ask a command for a text."""
    import shlex  # only for advice

    place = "" if folder is None else f"--index {shlex.quote(folder)} "
    # Double quotes read better, but the shell looks for signs of its own inside them.
    quoted = shlex.quote(text) if re.search(r'["$`\\!]', text) else f'"{text}"'
    return f"newsearch {command} {place}{quoted}"


def _saved_names(text: str) -> list[str]:
    """The words of a text, of those with an @, that are names of saved queries; each once."""
    names = dict.fromkeys(_NAMES.findall(text))
    if not names:
        return []
    from newsearch.saved import SavedQueries  # most texts have no such word

    try:
        known = SavedQueries.near(Path.cwd()).all()
    except ConfigError:  # told where it matters: this is only a remark
        return []
    return [name for name in names if name in known]

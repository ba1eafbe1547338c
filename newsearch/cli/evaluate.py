"""`newsearch eval`: what a ranking is worth on judged queries, and whether another is better.

    newsearch eval judged --set ranking.weights.title=3 --against ""

Reads the judged set, has its queries asked and measured, and shows the figures.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsearch import wording
from newsearch.cli import formats, output, streams
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose
from newsearch.cli.trying import Against, Set, described, tried, words
from newsearch.errors import ConfigError

if TYPE_CHECKING:
    from newsearch.config import Settings
    from newsearch.evaluation import Collection, Comparison, JudgedSet, Qrels, Run, Topic

__all__ = ["EXAMPLES", "evaluate"]

EXAMPLES = """\b
Examples:
  newsearch eval judged                         the settings in force
  newsearch eval judged --measure nDCG@5 --measure P@5
  newsearch eval judged --set ranking.weights.title=3 --against ""
  newsearch eval judged --run-out mine.run
  newsearch eval judged --run theirs.run --against ""

\b
JUDGED_DIR has queries.jsonl, qrels.tsv and, unless they are about your own
archive, corpus.jsonl: the layout of BEIR. An article needs any of a
query's words. A line of --format plain has, between tabs: measure and
value; with --against also the other value, the difference, queries won,
lost and tied, and p. With --per-query --format csv there are queries alone.
"""

_CLEAR = 0.05
"""A p above this is not worth believing."""


def evaluate(
    *,
    folder: Annotated[str, typer.Argument(metavar="JUDGED_DIR", help="The folder of judged queries.")],
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            "-m",
            metavar="NAME",
            help="A measure that ir-measures knows; else nDCG@10, AP, R@100 and RR@10. May be repeated.",
        ),
    ] = None,
    settings: Set = None,
    against: Against = None,
    per_query: Annotated[bool, typer.Option("--per-query", help="Show the value of each query too.")] = False,
    run: Annotated[
        str | None, typer.Option("--run", metavar="FILE", help="Measure this TREC run, of any system, not a search.")
    ] = None,
    run_out: Annotated[
        str | None, typer.Option("--run-out", metavar="FILE", help="Write what was found as a TREC run.")
    ] = None,
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Measure the ranking on judged queries.

    A corpus in JUDGED_DIR is indexed for the moment. Without one, or with --index, the queries are asked of your own
    index, and judged by ids or addresses.
    """
    from newsearch.cli.measured import Figures
    from newsearch.evaluation import DEFAULT_MEASURES, JudgedSet, Measures, compare

    chosen = formats.chosen(format, json)
    voice = streams.Voice(verbose, quiet)
    if run is not None and settings:
        raise ConfigError("--run measures a file, which --set does not change; leave one of them out.")
    mine = tried(settings or (), index, voice)
    theirs = None if against is None else tried(words(against), index, voice, by="--against", warn=False)
    measures = Measures(measure or DEFAULT_MEASURES)
    judged = JudgedSet(Path(folder))
    topics, qrels = _asked(judged, voice)
    in_corpus = index is None and judged.corpus is not None
    with _collected(judged, mine, is_own=not in_corpus, voice=voice) as collection:
        if collection.repeated:
            counted = wording.counted(collection.repeated, "document")
            voice.warn(f"Left out of the corpus, for another has the same id: {counted}.")
        qrels, gone = collection.known(qrels)
        if gone:
            counted = wording.counted(len(gone), "article")
            voice.warn(
                f"Not in the {'corpus' if in_corpus else 'index'}, and counted as missed: {counted}, such as {gone[0]}."
            )
        found = _run(collection, topics, mine) if run is None else _read(Path(run), topics, collection, voice)
        other = None if theirs is None else _run(collection, topics, theirs)
    if run_out is not None:
        from newsearch.evaluation.runs import write_run

        write_run(found, Path(run_out))
    measured = measures.of(qrels, found)
    compared, second = None, None
    if other is not None:
        second = measures.of(qrels, other)
        compared = {name: compare(measured.each[name], second.each[name]) for name in measures.names}
    texts = {topic.id: " ".join(topic.text.split()) for topic in topics}
    figures = Figures(measured, second, compared or {}, texts)
    output.write(figures.answer(per_query=per_query, format=chosen.name), chosen, voice)
    if chosen.name in ("json", "jsonl", "csv"):
        return
    label = run if run is not None else described(settings or ())
    asked = wording.counted(len(topics), "query", "queries")
    voice.note(f"{asked}; {label}{'' if against is None else f' against {described(words(against))}'}.")
    if compared is not None:
        voice.note(_verdict(measures.names[0], compared[measures.names[0]]))


def _asked(judged: "JudgedSet", voice: streams.Voice) -> "tuple[list[Topic], Qrels]":
    """The queries that were judged, and the judgements of those that have a text."""
    from newsearch.evaluation.qrels import relevant

    topics, qrels = judged.topics(), judged.qrels()
    kept = {topic.id: qrels[topic.id] for topic in topics}
    if left := len(qrels) - len(kept):
        counted = wording.counted(left, "judged query", "judged queries")
        voice.warn(f"Left out, for they have no text in {judged.queries_file.name}: {counted}.")
    if empty := sum(not relevant(kept, topic.id) for topic in topics):
        counted = wording.counted(empty, "query", "queries")
        voice.warn(f"Nothing was judged relevant for {counted}, which counts as 0 whatever is found.")
    return topics, kept


@contextmanager
def _collected(
    judged: "JudgedSet", settings: "Settings", *, is_own: bool, voice: streams.Voice
) -> "Iterator[Collection]":
    from newsearch.evaluation import Collection

    if is_own:
        with Collection.of_index(settings.place) as collection:
            yield collection
        return
    shown = streams.draws(sys.stderr) and not voice.quiet
    progress = (lambda count: print(f"\r{count:,} documents", end="", file=sys.stderr, flush=True)) if shown else None
    with Collection.of_corpus(judged, language=settings.language, progress=progress) as collection:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        yield collection


def _run(collection: "Collection", topics: "Sequence[Topic]", settings: "Settings") -> "Run":
    return collection.run(topics, settings.ranking, synonyms=settings.synonyms)


def _read(file: Path, topics: "Sequence[Topic]", collection: "Collection", voice: streams.Voice) -> "Run":
    """A run of another system, of the queries that are measured."""
    from newsearch.evaluation.runs import read_run

    run = collection.renamed(read_run(file))
    if missing := sum(topic.id not in run for topic in topics):
        voice.warn(f"{file} has nothing for {missing:,} of {len(topics):,} queries; there it counts as 0.")
    return run


def _verdict(name: str, compared: "Comparison") -> str:
    from newsearch.cli.measured import p_value

    if not compared.wins + compared.losses:
        return f"By {name} the two are the same for every query."
    if compared.p > _CLEAR:
        return f"By {name} the difference may well be chance (p = {p_value(compared.p)})."
    better = "better" if compared.difference > 0 else "worse"
    return f"By {name} the first is {better}, and that is hardly chance (p = {p_value(compared.p)})."

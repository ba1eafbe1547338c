"""`newsearch judge`: judge the hits of one's own queries, without knowing which ranking found them.

    newsearch judge judged "facial recognition ban"

Shows one article after the other and takes a key for each. Judgements are on disk at once, so one can stop at any time.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsearch import wording
from newsearch.cli import asking, keys, streams
from newsearch.cli.options import IndexFolder, Quiet, Verbose, whole_number
from newsearch.cli.terminal import clean
from newsearch.cli.trying import Against, Set, tried, words
from newsearch.errors import JudgedSetError, QueryError

if TYPE_CHECKING:
    from newsearch.evaluation import JudgedSet, Topic
    from newsearch.library import NewsIndex
    from newsearch.model import Article

__all__ = ["EXAMPLES", "judge"]

EXAMPLES = """\b
Examples:
  newsearch judge judged facial recognition ban      one more query
  newsearch judge judged --queries queries.txt       a query on each line
  newsearch judge judged                             go on where you stopped
  newsearch eval judged                              then measure

\b
Keys: y relevant, n not relevant, s skip (asked again next time), b back,
q quit. Without a terminal they are read from stdin.
"""

RELEVANCE_ALONE = "ranking.quality_weight=0 ranking.recency_weight=0"
"""What is pooled with the settings in force unless --against says otherwise."""

_MAX_DEPTH = 100
_EXCERPT = 400
"""Characters of an article's text that are shown."""


def judge(
    *,
    folder: Annotated[str, typer.Argument(metavar="JUDGED_DIR", help="The folder of your judged queries.")],
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT]...", help="A query to add and judge.")] = None,
    queries: Annotated[
        str | None, typer.Option("--queries", metavar="FILE", help="Add the queries of this file, one on each line.")
    ] = None,
    settings: Set = None,
    against: Against = None,
    depth: Annotated[
        int | None,
        typer.Option("--depth", metavar="N", parser=whole_number, help="Hits of each ranking, 1 to 100; else 10."),
    ] = None,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Judge what two rankings find for your queries: shuffled, and without saying which found it.

    The two are the settings in force, or those of --set, and the same without quality and recency, or those of
    --against. What is judged already is not asked again.
    """
    from newsearch.evaluation import Collection, JudgedSet, pooled
    from newsearch.evaluation.qrels import read_qrels

    voice = streams.Voice(verbose, quiet)
    depth = 10 if depth is None else depth
    if not 1 <= depth <= _MAX_DEPTH:
        raise QueryError(f"--depth is {depth}; it must be from 1 to {_MAX_DEPTH}.")
    rankings = [
        tried(settings or (), index, voice),
        tried(words(RELEVANCE_ALONE if against is None else against), index, voice, by="--against", warn=False),
    ]
    with asking.opened(index, streams.Voice(quiet=True)) as archive:
        topics = _topics(Path(folder), " ".join(text or ()), queries)
        judged = JudgedSet(Path(folder))
        if judged.corpus is not None:
            raise JudgedSetError(f"{folder} has a corpus of its own; give your own queries another folder.")
        qrels = read_qrels(judged.qrels_file) if judged.qrels_file.exists() else {}
        with Collection.of_index(rankings[0].place) as collection:
            runs = [collection.run(topics, each.ranking, synonyms=each.synonyms, depth=depth) for each in rankings]
        known, _ = collection.known(qrels)
        pools = {
            topic.id: pooled(
                [run[topic.id] for run in runs], depth=depth, seed=topic.id, judged=known.get(topic.id, ())
            )
            for topic in topics
        }
        asked = [(topic, document) for topic in topics for document in pools[topic.id]]
        session = _Session(archive, judged, asked, voice)
        try:
            with keys.waiting():
                session.judge()
        finally:  # Ctrl-C too: what was judged is kept
            session.tell(folder)


class _Session:
    """One sitting: articles shown, keys taken, judgements written."""

    def __init__(
        self, archive: "NewsIndex", judged: "JudgedSet", asked: "Sequence[tuple[Topic, str]]", voice: streams.Voice
    ) -> None:
        """`asked` are queries and the articles to judge for them, each query's together."""
        self._archive = archive
        self._judged = judged
        self._asked = asked
        self._voice = voice
        self._queries = list(dict.fromkeys(topic.id for topic, _ in asked))
        self._done: set[tuple[str, str]] = set()

    def judge(self) -> None:
        """Ask about one article after the other, until there is none left or whoever judges has had enough."""
        from newsearch.evaluation.qrels import append

        place, told = 0, ""
        while place < len(self._asked):
            topic, document = self._asked[place]
            if topic.id != told:
                self._announce(topic, first=not told)
                told = topic.id
            streams.say("")
            for line in _shown(self._archive.get(document)):
                streams.say(line)
            of_query = [at for at, (each, _) in enumerate(self._asked) if each.id == topic.id]
            number = f"{of_query.index(place) + 1} of {len(of_query)}"
            key = _key(f"{number}  relevant to: {topic.text}?  y n s(kip) b(ack) q(uit) ")
            if key == "q":
                return
            if key == "b":
                place = max(place - 1, 0)
                continue
            if key in "yn":
                append(self._judged.qrels_file, topic.id, document, int(key == "y"))
                self._done.add((topic.id, document))
            place += 1

    def _announce(self, topic: "Topic", *, first: bool) -> None:
        if not first:
            self._voice.note("")
        self._voice.note(f"Query {self._queries.index(topic.id) + 1} of {len(self._queries)}: {topic.text}")

    def tell(self, folder: str) -> None:
        """Say what was done, and what comes next."""
        left = len(self._asked) - len(self._done)
        self._voice.note("")
        self._voice.note(f"{wording.counted(len(self._done), 'article')} judged, {left:,} left.")
        if left:
            self._voice.note(f"Go on with: newsearch judge {folder}")
        else:
            self._voice.note(f"Measure with: newsearch eval {folder}")


def _topics(folder: Path, text: str, queries: str | None) -> "list[Topic]":
    """The queries to judge: those that are given, which are added, or all that the folder has."""
    from newsearch.evaluation import JudgedSet
    from newsearch.evaluation.lines import lines
    from newsearch.evaluation.topics import append_topics

    given = [text] if text.strip() else []
    if queries is not None:
        given += [line.text for line in lines(Path(queries))]
    if given:
        return append_topics(folder / "queries.jsonl", given)
    return JudgedSet(folder).all_topics()


def _shown(article: "Article") -> list[str]:
    """An article as a judge needs it: nothing of its score, and nothing of its quality."""
    facts = (wording.provider_name(article.provider), wording.day(article.date), article.url or article.path or "")
    text = " ".join((article.excerpt or article.body).split())
    cut = text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(" ", 1)[0] + " …"
    return [wording.titled(article.title), "  " + " · ".join(filter(None, facts)), *(["  " + cut] if cut else [])]


def _key(question: str) -> str:
    """The next key that means something; q at the end of the input."""
    while True:
        shows = streams.is_terminal(sys.stdin)
        if shows:
            print(clean(question), end="", file=sys.stderr, flush=True)
        key = keys.typed().lower()
        if shows:
            print(key if key.isprintable() else "", file=sys.stderr)
        if key == keys.END:
            return "q"
        if key in "ynsbq":
            return key

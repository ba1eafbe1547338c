"""Runs: what was found for each query, best first.

    run = Run({"q1": [("doc7", 0.83), ("doc2", 0.41)]})
    write_run(run, Path("mine.run"), tag="newsearch")
    run = read_run(Path("theirs.run"))

The files are TREC's, a line a hit: `query-id Q0 doc-id rank score tag`. Order is what counts: trec_eval and what is
built on it sort by the score and break ties by the document's id, so scores are written, and measured, in such a way
that no two of a query are equal.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from newsearch.errors import JudgedSetError
from newsearch.evaluation.lines import faulty, lines, writing

__all__ = ["Run", "distinct", "read_run", "write_run"]

Run = Mapping[str, Sequence[tuple[str, float]]]
"""By query, the documents found and their scores, best first."""

_STEP = 1e-6
"""How far apart scores are written at least; what trec_eval reads has seven digits."""


def distinct(scores: Sequence[float]) -> list[float]:
    """Scores that fall from one to the next, and are otherwise as near to those given as six decimals allow."""
    found: list[float] = []
    for score in scores:
        rounded = round(score, 6)
        found.append(rounded if not found else min(rounded, round(found[-1] - _STEP, 6)))
    return found


def write_run(run: Run, file: Path, *, tag: str = "newsearch") -> None:
    """Write a run in TREC's format, over what is there. An id with white space is refused with JudgedSetError."""
    with writing(file), file.open("w", encoding="utf-8", newline="\n") as out:
        for query, hits in run.items():
            scores = distinct([score for _, score in hits])
            for rank, ((document, _), score) in enumerate(zip(hits, scores, strict=True), 1):
                line = (query, "Q0", document, str(rank), f"{score:.6f}", tag)
                if any(len(cell.split()) != 1 for cell in line):
                    raise JudgedSetError(f"A TREC run cannot hold the ids {query!r} and {document!r}: no blanks.")
                out.write(" ".join(line) + "\n")


def read_run(file: Path) -> Run:
    """A run of any system, in the order of its scores; ties as trec_eval breaks them, by the greater document id.

    Of a document that is listed twice for a query the best place counts. Raises JudgedSetError.
    """
    found: dict[str, dict[str, float]] = {}
    for number, text in lines(file):
        cells = text.split()
        if len(cells) != 6:
            raise faulty(file, number, "this is no line of a TREC run: query-id Q0 doc-id rank score tag.")
        query, _, document, _, score, _ = cells
        try:
            value = float(score)
        except ValueError:
            raise faulty(file, number, f"the score is {score!r}; it has to be a number.") from None
        if value != value:  # noqa: PLR0124 - NaN, which has no place in an order
            raise faulty(file, number, "the score is NaN; it has to be a number.")
        hits = found.setdefault(query, {})
        hits[document] = max(value, hits.get(document, value))
    return {
        query: sorted(hits.items(), key=lambda hit: (hit[1], hit[0]), reverse=True) for query, hits in found.items()
    }

"""Qrels: which documents were judged relevant to which query.

    qrels = read_qrels(Path("qrels.tsv"))
    qrels["q1"]["doc7"]                 2
    append(Path("qrels.tsv"), "q1", "doc7", 1)

Two layouts are read, each told by its lines: BEIR's, `query-id corpus-id score` between tabs and usually under a head,
and TREC's, `query-id 0 doc-id score` between blanks. 0 means judged and not relevant; what is not in there has not been
judged, and measures take it for not relevant too.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from newsearch.evaluation.lines import faulty, lines, writing

__all__ = ["Qrels", "append", "read_qrels", "relevant"]

Qrels = Mapping[str, Mapping[str, int]]
"""By query and document, the grade: 0 for not relevant, more for more relevant."""

HEAD = "query-id\tcorpus-id\tscore\n"
_HEADS = {"query-id", "query_id", "qid", "query"}


def read_qrels(file: Path) -> Qrels:
    """The judgements of a file; of a pair that is judged twice the last one counts.

    Raises JudgedSetError.
    """
    qrels: dict[str, dict[str, int]] = {}
    for number, text in lines(file):
        cells = text.split("\t")
        if len(cells) != 3:
            cells = text.split()
        if number == 1 and cells[0].lower() in _HEADS:
            continue
        match cells:
            case (query, document, grade) | (query, _, document, grade) if query.strip() and document.strip():
                qrels.setdefault(query, {})[document] = _grade(file, number, grade)
            case _:
                raise faulty(
                    file, number, "this is no judgement; it has to be query-id, corpus-id and score between tabs."
                )
    return qrels


def _grade(file: Path, number: int, text: str) -> int:
    try:
        grade = float(text)
        if grade.is_integer() and abs(grade) <= 1000:
            return int(grade)
    except ValueError:
        pass
    raise faulty(file, number, f"the score is {text!r}; it has to be a whole number, 0 for not relevant.")


def append(file: Path, query: str, document: str, grade: int) -> None:
    """Add a judgement at the end of a file in BEIR's layout, which is made if it is not there.

    It is on disk when this returns: whoever judges can stop at any moment. Raises JudgedSetError.
    """
    line = f"{query}\t{document}\t{grade}\n"
    with writing(file), file.open("a+b") as out:
        end = out.seek(0, os.SEEK_END)
        if not end:
            line = HEAD + line
        else:
            out.seek(end - 1)
            line = line if out.read(1) == b"\n" else "\n" + line
        out.write(line.encode())
        out.flush()
        os.fsync(out.fileno())


def relevant(qrels: Qrels, query: str) -> int:
    """How many documents were judged relevant to a query."""
    return sum(grade > 0 for grade in qrels.get(query, {}).values())

"""Judged sets for tests: the one in tests/data, and small ones written as a test needs them.

folder = judged_set(tmp_path / "set", documents=[{"_id": "d1", "text": "harbour"}], queries={"q": "harbour"}, qrels=...)
"""

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

__all__ = ["EXAMPLE", "judged_set"]

EXAMPLE = Path(__file__).parent.parent / "data" / "judged"
"""Twelve articles of a town that is not there, and five judged queries."""


def judged_set(
    folder: Path,
    *,
    documents: Iterable[Mapping[str, Any]] | None = None,
    queries: Mapping[str, str] | None = None,
    qrels: Mapping[str, Mapping[str, int]] | None = None,
    zipped: bool = False,
) -> Path:
    """A folder in BEIR's layout, with the files that are given."""
    folder.mkdir(parents=True, exist_ok=True)
    if documents is not None:
        text = "".join(json.dumps(document) + "\n" for document in documents)
        if zipped:
            (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(text.encode()))
        else:
            (folder / "corpus.jsonl").write_text(text, encoding="utf-8")
    if queries is not None:
        lines = [json.dumps({"_id": name, "text": text}) + "\n" for name, text in queries.items()]
        (folder / "queries.jsonl").write_text("".join(lines), encoding="utf-8")
    if qrels is not None:
        rows = [f"{query}\t{name}\t{grade}\n" for query, of in qrels.items() for name, grade in of.items()]
        (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(rows), encoding="utf-8")
    return folder

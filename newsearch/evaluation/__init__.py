"""Relevance that is measured: judged queries, what a ranking makes of them, and whether one ranking beats another.

    judged = JudgedSet(Path("judged"))
    with Collection.of_corpus(judged) as collection:
        run = collection.run(judged.topics(), settings)
    measured = Measures(["nDCG@10"]).of(judged.qrels(), run)
    measured.mean["nDCG@10"]

A judged set is a folder in the layout of BEIR: queries, judgements (qrels) and, unless they are about the user's own
archive, a corpus. `Qrels` says which documents are relevant to which query, `Run` which were found and in what order.
The measures themselves are those of ir-measures, which the extra `[eval]` installs. Nothing here prints.
"""

from newsearch.evaluation.collection import Collection
from newsearch.evaluation.comparison import Comparison, compare
from newsearch.evaluation.judged import JudgedSet
from newsearch.evaluation.measures import DEFAULT_MEASURES, Measured, Measures
from newsearch.evaluation.pooling import pooled
from newsearch.evaluation.qrels import Qrels
from newsearch.evaluation.runs import Run
from newsearch.evaluation.topics import Topic, plain_text

__all__ = [
    "DEFAULT_MEASURES",
    "Collection",
    "Comparison",
    "JudgedSet",
    "Measured",
    "Measures",
    "Qrels",
    "Run",
    "Topic",
    "compare",
    "plain_text",
    "pooled",
]

"""The words of many texts at once are those that the analyzer finds in each."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.whoosh.tokens import BatchTokenizer

Values = Sequence[str]
"""The values of a field of one document."""

# Pieces of text that are words or not by what stands beside them.
FRAGMENTS = (
    *("US", "US's", "us", "U.S.", "u.s.", "U.N.", "Ph.D.", "a.b", "C++", "c#", "AT&T", "IBM's", "don’t", "'", "’", "-"),
    *("x", "THE", "the", "kelp", "KELP", "1,000", "1,", "3.5", "2", "東京", "서울", "ไทย", "हि", "é", "ß", "İ", "ı"),
    *("Σ", "ς", "ﬁ", "ŉ", "\u0301", "\u00ad", "\u200b", "🙂", " ", "  ", "\n", "\t", "\u00a0", "\u2028", "\u0085"),
    *("\x00", "\x1f", "\x1c", ", ", ". ", ",", ".", "!", "?", "#", "+", "&", "_", "(", "/", "—", "“", "…", "|", "~"),
    *(
        "US'S",
        "US’S",
        "USʼS",
        "US's'",
        "FOCUS",
        "USA",
        "bUS",
        "\x01",
        "\x02",
        "\x03",
        "K&R",
        "\u212a",
        "kelp's",
        "it's",
    ),
    *("US ’s", "1,,2", "1.2.3", "1,5.", "x’", "’x", "US’ s", "1bn", "C'", "'c++'", "u.'", "'.u.s"),
    *("US-led", "\ud800".encode("utf-8", "replace").decode(), "٣", "½", "²"),
)

_texts = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=7).map("".join), st.text(st.characters(exclude_categories=["Cs"]))
)
_documents = st.lists(st.lists(_texts, max_size=3), min_size=1, max_size=4)


def found(tokenizer: BatchTokenizer, field: int, number: int) -> dict[str, list[int]]:
    """The positions of each term of a document in a field, as `Analyzer.occurrences` gives them."""
    written = tokenizer.written
    terms: dict[str, list[int]] = {}
    for batch in tokenizer.occurrences():
        chosen = (batch.fields == field) & (batch.documents == number)
        for word, position in zip(batch.words[chosen].tolist(), batch.positions[chosen].tolist(), strict=True):
            terms.setdefault(written[word][1], []).append(position)
    return {term: sorted(positions) for term, positions in terms.items()}


def add(tokenizer: BatchTokenizer, field: int, documents: Sequence[Values]) -> None:
    owners = [number for number, values in enumerate(documents) for _ in values]
    tokenizer.add(field, owners, [value for values in documents for value in values])


@settings(max_examples=500)
@given(_documents)
@example([["JOIN US NOW", "US"], ["US's", "a US-led", "THE US"]])
@example([["US'S+ x", "a US’S b", "US'S", "FOCUS's US'Sx"], ["US\x01 \x02 a\x03b", "x US"]])
@example([["kelp's it's us's " + "k" * 70 + " " + "k" * 70 + "'s"]])
@example([["1,000, 2,000. 3.5. U.S., U.N. x"]])
@example([["", " ", "\x00"], ["a\x00b", "\x00"], []])
@example([["kelp", "Kelp's KELP ,kelp. kelp, kelp."], ["don't don’t 'kelp' c++, C# c+++ AT&T AT&TX"]])
def test_terms_and_positions_are_the_analyzers(documents: list[Values]) -> None:
    analyzer, tokenizer = Analyzer("english"), BatchTokenizer(Analyzer("english"))
    add(tokenizer, 2, documents)
    for number, values in enumerate(documents):
        assert found(tokenizer, 2, number) == analyzer.occurrences(values)[0]


@settings(max_examples=40)
@given(st.lists(_documents, min_size=2, max_size=4))
def test_what_was_learnt_of_words_changes_nothing(batches: list[list[Values]]) -> None:
    analyzer, tokenizer = Analyzer("english"), BatchTokenizer(Analyzer("english"))
    for documents in batches:
        tokenizer.clear()
        for field in (0, 4):
            add(tokenizer, field, documents)
        for number, values in enumerate(documents):
            for field in (0, 4):
                assert found(tokenizer, field, number) == analyzer.occurrences(values)[0]


@pytest.mark.parametrize("language", ["german", "russian", "none"])
def test_it_speaks_the_analyzers_language(language: str) -> None:
    tokenizer = BatchTokenizer(Analyzer(language))
    documents = [["Häuser running и дома, die 3.5 US"], ["der Häuser"]]
    add(tokenizer, 0, documents)
    for number, values in enumerate(documents):
        assert found(tokenizer, 0, number) == Analyzer(language).occurrences(values)[0]


def test_each_word_leads_to_its_term() -> None:
    tokenizer = BatchTokenizer(Analyzer("english"))
    add(tokenizer, 0, [["Running runs US us, Zürich's RUNNING"]])
    terms = tokenizer.terms
    assert [terms[number] for number in tokenizer.terms_of_words.tolist()] == [term for _, term in tokenizer.written]
    assert tokenizer.word_count == len(tokenizer.written) == 5


def test_words_are_told_as_written_folded_and_not_stemmed() -> None:
    tokenizer = BatchTokenizer(Analyzer("english"))
    add(tokenizer, 0, [["Running runs, Zürich's RUNNING"]])
    assert tokenizer.written == [("running", "run"), ("runs", "run"), ("zurich", "zurich")]


def test_nothing_gives_nothing() -> None:
    tokenizer = BatchTokenizer(Analyzer("english"))
    tokenizer.add(0, [], [])
    assert not tokenizer.occurrences()
    tokenizer.add(0, [0], ["?! ..."])
    assert found(tokenizer, 0, 0) == {}


def test_one_that_was_cleared_has_no_occurrences_of_before() -> None:
    tokenizer = BatchTokenizer(Analyzer("english"))
    add(tokenizer, 0, [["kelp norb"]])
    tokenizer.clear()
    add(tokenizer, 1, [["norb"]])
    assert found(tokenizer, 0, 0) == {}
    assert found(tokenizer, 1, 0) == {"norb": [0]}

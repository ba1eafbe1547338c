"""Stock Whoosh finds in newsearch's segments what it finds in its own.

The same random documents of the same schema are written by Whoosh's own writer with its own codec and by ours, and both
indexes are opened and searched by Whoosh alone. Scores are compared by weightings that do not look at lengths: ours do
not count stop words, and Whoosh rounds its own.
"""

import random
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pytest
from whoosh import query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex, open_dir
from whoosh.matching import ReadTooFar
from whoosh.qparser import MultifieldParser
from whoosh.query import spans
from whoosh.reading import IndexReader, TermNotFound
from whoosh.scoring import BM25F, TF_IDF, Frequency
from whoosh.searching import Searcher
from whoosh.writing import SegmentWriter

from newsearch.engine.whoosh.schema import KEYWORD_FIELDS, TEXT_FIELDS
from newsearch.engine.whoosh.stockschema import make_schema
from newsearch.engine.whoosh.toc import NewsFileIndex
from newsearch.engine.whoosh.writer import NewsWriter
from newsearch.items.ids import article_id, article_key
from tests.archive import Spec, build, cited, update

WORDS = (
    *("kelp", "norb", "tarn", "vost", "brum", "fenk", "glim", "zorn", "the", "of", "to", "U.S.", "US", "us", "Zürich"),
    *(
        "running",
        "runs",
        "runner",
        "harbour",
        "harbours",
        "harvest",
        "harp",
        "C++",
        "AT&T",
        "1,000",
        "3.5",
        "東京",
        "don't",
    ),
)
TOPICS = ("law", "ai", "computer vision", "zurich")
PROVIDERS: tuple[dict[str, str], ...] = (
    {"provider": "salon", "domain": "salon.example"},
    {"provider": "globe"},
    {"domain": "b.example"},
    {},
)
TYPES = ("article", "video", "parent")
BATCHES = (75, 30, 45, 10)
LAYOUTS = ("one", "several", "deleted", "merged")

Fields = dict[str, Any]


def documents(count: int) -> list[Fields]:
    """Random documents, the same ones every time; each has a `path` of its own."""
    chance = random.Random(7)
    weights = [1 / (place + 1) for place in range(len(WORDS))]

    def text(most: int) -> str:
        return " ".join(chance.choices(WORDS, weights, k=chance.randint(0, most)))

    def document(number: int) -> Fields:
        topics = chance.sample(TOPICS, chance.randint(0, 2))
        cites = [article_id(article_key(str(chance.randint(0, 9)))) for _ in range(chance.randint(0, 2))]
        fields: Fields = {
            "title": text(6) or "kelp",
            "excerpt": text(15),
            "topics": " ".join(topics),
            "body": text(60),
            "related": text(9),
            "id": article_id(article_key(f"path:{number}")),
            "cites": list(dict.fromkeys(cites)),
            "topic": topics,
            "type": chance.choice(TYPES),
            "category": chance.choice(("tech", "")),
            **chance.choice(PROVIDERS),
            "url": f"https://p.example/{number}",
            "path": f"{number}.md",
        }
        return {name: value for name, value in fields.items() if value}

    return [document(number) for number in range(count)]


class StockWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer with Whoosh's codec."""

    def add_document(self, **fields: Any) -> None:
        # A provider is asked for by its domain too.
        providers = [fields[name] for name in ("provider", "domain") if name in fields]
        super().add_document(**{**fields, **({"provider": providers} if providers else {})})


def stock_writer(folder: Path) -> SegmentWriter:
    return StockWriter(open_dir(str(folder)))


def own_writer(folder: Path) -> SegmentWriter:
    return NewsWriter(NewsFileIndex(FileStorage(str(folder))))


def write(folder: Path, layout: str, writer_of: Callable[[Path], SegmentWriter]) -> FileIndex:
    """An index of all documents, in as many segments and with the deletions that a layout says."""
    FileStorage(str(folder)).create_index(make_schema("english"))
    everything = documents(sum(BATCHES))
    start = 0
    for size in (len(everything),) if layout == "one" else BATCHES:
        writer = writer_of(folder)
        for fields in everything[start : start + size]:
            writer.add_document(**fields)
        writer.commit(merge=False)
        start += size
    if layout in ("deleted", "merged"):
        writer = writer_of(folder)
        for document in range(0, len(everything), 7):
            writer.delete_document(document)
        writer.delete_by_term("title", "zorn")
        writer.commit(merge=False)
    if layout == "merged":
        writer_of(folder).commit(optimize=True)
    return open_dir(str(folder))


class Pair:
    """The two indexes of one layout, and searchers of both."""

    def __init__(self, folder: Path, layout: str) -> None:
        (folder / "stock").mkdir()
        (folder / "own").mkdir()
        self.layout = layout
        self.stock = write(folder / "stock", layout, stock_writer)
        self.own = write(folder / "own", layout, own_writer)
        self._readers = self.stock.reader(), self.own.reader()

    def searchers(self, weighting: Any = None) -> tuple[Searcher, Searcher]:
        stock, own = self._readers
        weighting = weighting or Frequency()
        return (
            Searcher(stock, weighting=weighting, fromindex=self.stock),
            Searcher(own, weighting=weighting, fromindex=self.own),
        )

    @property
    def same_numbers(self) -> bool:
        """Whether documents have the same numbers in both; segments are merged in another order."""
        return self.layout != "merged"


@pytest.fixture(scope="module", params=LAYOUTS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(tmp_path_factory.mktemp("differential"), request.param)


def test_a_document_that_was_deleted_can_be_kept_after_all(tmp_path: Path) -> None:
    write(tmp_path, "one", own_writer)
    before = open_dir(str(tmp_path)).doc_count()
    writer = own_writer(tmp_path)
    writer.delete_document(3)
    writer.delete_document(4)
    writer.delete_document(3, delete=False)
    writer.commit(merge=False)
    reader = open_dir(str(tmp_path)).reader()
    assert reader.doc_count() == before - 1
    assert [number for number in range(reader.doc_count_all()) if reader.is_deleted(number)] == [4]


def test_the_layouts_are_what_they_are_called(pair: Pair) -> None:
    segments = {"one": 1, "several": 4, "deleted": 4, "merged": 1}[pair.layout]
    for index in (pair.stock, pair.own):
        reader = index.reader()
        assert len(reader.leaf_readers()) == segments
        assert reader.has_deletions() is (pair.layout == "deleted")
    assert pair.stock.doc_count() == pair.own.doc_count()
    assert pair.stock.doc_count_all() == pair.own.doc_count_all()


class TestReaders:
    """What Whoosh's reader gives, document numbers aside where segments were merged."""

    def test_terms_are_the_same(self, pair: Pair) -> None:
        stock, own = pair.stock.reader(), pair.own.reader()
        assert list(own.all_terms()) == list(stock.all_terms())
        for field in (*TEXT_FIELDS, *KEYWORD_FIELDS):
            assert list(own.lexicon(field)) == list(stock.lexicon(field))
            assert list(own.field_terms(field)) == list(stock.field_terms(field))
        assert sorted(own.indexed_field_names()) == sorted(stock.indexed_field_names())

    @pytest.mark.parametrize("prefix", ["", "h", "har", "z", "東", "q", "\U0010ffff"])
    def test_terms_from_one_on_are_the_same(self, pair: Pair, prefix: str) -> None:
        stock, own = pair.stock.reader(), pair.own.reader()
        for field in ("title", "body", "topic", "type"):
            encoded = prefix.encode()
            assert list(own.terms_from(field, encoded)) == list(stock.terms_from(field, encoded))
            assert list(own.expand_prefix(field, encoded)) == list(stock.expand_prefix(field, encoded))
            first, second = (
                [(term, found.doc_frequency()) for term, found in reader.iter_from(field, encoded)]
                for reader in (own, stock)
            )
            assert first == second

    def test_frequencies_and_term_infos_are_the_same(self, pair: Pair) -> None:
        stock, own = pair.stock.reader(), pair.own.reader()
        for field, term in stock.all_terms():
            assert (field, term) in own
            assert own.doc_frequency(field, term) == stock.doc_frequency(field, term)
            assert own.frequency(field, term) == stock.frequency(field, term)
            first, second = own.term_info(field, term), stock.term_info(field, term)
            assert (first.weight(), first.doc_frequency()) == (second.weight(), second.doc_frequency())
            assert first.max_weight() == second.max_weight()
            if pair.same_numbers:
                assert (first.min_id(), first.max_id()) == (second.min_id(), second.max_id())

    def test_term_infos_do_not_add_up_when_asked_for_again(self, pair: Pair) -> None:
        own = pair.own.reader()
        assert len({own.term_info("title", b"kelp").weight() for _ in range(3)}) == 1

    def test_an_absent_term_is_absent(self, pair: Pair) -> None:
        for reader in (pair.stock.reader(), pair.own.reader()):
            assert ("title", b"nothing") not in reader
            assert (reader.doc_frequency("title", b"nothing"), reader.frequency("title", b"nothing")) == (0, 0)
            assert list(reader.expand_prefix("title", b"nothing")) == []

    def test_postings_and_positions_are_the_same(self, pair: Pair) -> None:
        first, second = postings(pair.own), postings(pair.stock)
        assert first.keys() == second.keys()
        for term, found in first.items():
            assert found == second[term], term

    def test_skipping_through_postings_is_the_same(self, pair: Pair) -> None:
        stock, own = pair.stock.reader(), pair.own.reader()
        if not pair.same_numbers:
            return
        for step in (1, 2, 3, 17, 64):
            found = [skips(reader.postings("body", "kelp"), step) for reader in (own, stock)]
            assert found[0] == found[1]

    def test_all_terms_come_with_what_is_known_of_them(self, pair: Pair) -> None:
        first, second = ([(term, found.weight()) for term, found in index.reader()] for index in (pair.own, pair.stock))
        assert first == second

    def test_lengths_of_fields_are_those_of_their_documents(self, pair: Pair) -> None:
        own = pair.own.reader()
        for field in TEXT_FIELDS:
            lengths = [own.doc_field_length(document, field) for document in range(own.doc_count_all())]
            found = own.field_length(field), own.min_field_length(field), own.max_field_length(field)
            assert found == (sum(lengths), min(lengths), max(lengths))

    def test_a_posting_says_the_same_in_each_form_that_it_is_asked_for(self, pair: Pair) -> None:
        own, stock = pair.own.reader(), pair.stock.reader()
        for field, term in (("body", "kelp"), ("topic", "computer vision")):
            forms = [form for form in ("frequency", "weight", "positions") if own.postings(field, term).supports(form)]
            assert len(forms) > 1
            for form in forms:
                first, second = (list(reader.postings(field, term).items_as(form)) for reader in (own, stock))
                if pair.same_numbers:
                    assert first == second, form
                assert sorted(str(value) for _, value in first) == sorted(str(value) for _, value in second)

    def test_a_copy_walks_for_itself_and_postings_can_be_read_again(self, pair: Pair) -> None:
        matcher = pair.own.reader().leaf_readers()[0][0].postings("body", "kelp")
        everywhere = list(matcher.all_ids())
        assert skips(matcher.copy(), 1) == everywhere
        assert skips(matcher, 1) == everywhere
        for on in (matcher.next, partial(matcher.skip_to, 1)):
            with pytest.raises(ReadTooFar):
                on()
        matcher.reset()
        assert skips(matcher, 1) == everywhere

    def test_a_term_that_is_absent_has_no_postings_and_nothing_known_of_it(self, pair: Pair) -> None:
        for reader in (pair.stock.reader(), pair.own.reader()):
            for field in ("title", "nowhere"):
                with pytest.raises(TermNotFound):
                    reader.postings(field, "nothing")
            with pytest.raises(TermNotFound):
                reader.term_info("title", b"nothing")

    def test_terms_are_walked_one_by_one(self, pair: Pair) -> None:
        found = []
        for index in (pair.own, pair.stock):
            cursor = index.reader().leaf_readers()[0][0].cursor("body")
            walked = [(cursor.first(), cursor.term_info().weight())]
            while (term := cursor.next()) is not None:
                walked.append((term, cursor.term_info().weight()))
            found.append((walked, cursor.find("n")))
        if pair.same_numbers:
            assert found[0] == found[1]
        terms = pair.own.reader().leaf_readers()[0][0].lexicon("body")
        assert [term.encode() for term, _ in found[0][0]] == list(terms)

    def test_stored_fields_are_the_same(self, pair: Pair) -> None:
        stock, own = pair.stock.reader(), pair.own.reader()
        by_path = [{fields["path"]: fields for fields in reader.all_stored_fields()} for reader in (own, stock)]
        assert by_path[0] == by_path[1]
        if pair.same_numbers:
            assert list(own.all_doc_ids()) == list(stock.all_doc_ids())

    def test_words_to_correct_with_are_the_same(self, pair: Pair) -> None:
        stock, own = pair.stock.reader(), pair.own.reader()
        for word in ("kelpp", "noorb", "harbor", "zuric", "vst"):
            for distance in (1, 2):
                assert sorted(own.terms_within("body", word, distance)) == sorted(
                    stock.terms_within("body", word, distance)
                )
            first, second = (reader.corrector("body").suggest(word, limit=3) for reader in (own, stock))
            assert sorted(first) == sorted(second)

    def test_frequent_and_telling_terms_are_the_same(self, pair: Pair) -> None:
        stock, own = pair.stock.reader(), pair.own.reader()
        assert own.most_frequent_terms("body", 9) == stock.most_frequent_terms("body", 9)
        (own_scores, own_terms), (stock_scores, stock_terms) = (
            zip(*reader.most_distinctive_terms("body", 9), strict=True) for reader in (own, stock)
        )
        assert own_terms == stock_terms
        assert own_scores == pytest.approx(stock_scores)


def postings(index: FileIndex) -> dict[tuple[str, bytes], dict[str, tuple[object, ...]]]:
    """For each term and live document, by path, the weight and the positions."""
    reader = index.reader()
    paths = paths_of(reader)
    found: dict[tuple[str, bytes], dict[str, tuple[object, ...]]] = {}
    for field, term in reader.all_terms():
        matcher = reader.postings(field, term)
        of_term = found[field, term] = {}
        while matcher.is_active():
            assert type(matcher.id()) is int
            positions = tuple(matcher.value_as("positions")) if field in TEXT_FIELDS else ()
            of_term[paths[matcher.id()]] = (matcher.weight(), positions)
            matcher.next()
    return found


def skips(matcher: Any, step: int) -> list[int]:
    found = []
    while matcher.is_active():
        found.append(matcher.id())
        matcher.skip_to(matcher.id() + step)
    return found


T = query.Term
KELP, NORB, TARN, THE, RARE, ABSENT = (T("body", word) for word in ("kelp", "norb", "tarn", "the", "3.5", "nothing"))

QUERIES: dict[str, query.Query] = {
    "term": KELP,
    "stop word": THE,
    "keyword": T("topic", "computer vision"),
    "key": T("cites", article_id(article_key("3"))),
    "absent": ABSENT,
    "and": query.And([KELP, NORB, T("title", "tarn")]),
    "and absent": query.And([KELP, ABSENT]),
    "or": query.Or([RARE, NORB, T("title", "kelp")]),
    "or many": query.Or([T(field, word) for field in TEXT_FIELDS for word in ("kelp", "norb", "tarn", "harp", "c++")]),
    "or absent": query.Or([ABSENT, RARE]),
    "or at least two": query.Or([RARE, NORB, TARN], minmatch=2),
    "not": query.Not(KELP),
    "and not": query.AndNot(KELP, NORB),
    "and not rare": query.AndNot(KELP, RARE),
    "rare and not": query.AndNot(RARE, KELP),
    "and maybe": query.AndMaybe(NORB, RARE),
    "rare and maybe": query.AndMaybe(RARE, NORB),
    "require": query.Require(KELP, T("type", "video")),
    "otherwise": query.Otherwise(ABSENT, KELP),
    "phrase": query.Phrase("body", ["kelp", "norb"]),
    "phrase of three": query.Phrase("body", ["kelp", "the", "norb"]),
    "phrase of a word twice": query.Phrase("body", ["kelp", "kelp"]),
    "loose phrase": query.Phrase("body", ["kelp", "norb"], slop=2),
    "looser phrase": query.Phrase("body", ["norb", "kelp", "tarn"], slop=3),
    "phrase with an absent word": query.Phrase("body", ["kelp", "nothing"]),
    "prefix": query.Prefix("body", "har"),
    "prefix of none": query.Prefix("body", "qq"),
    "empty prefix": query.Prefix("title", ""),
    "wildcard": query.Wildcard("body", "?o*b"),
    "wildcard in front": query.Wildcard("body", "*r?"),
    "regex": query.Regex("body", "[kn].*[pb]"),
    "fuzzy": query.FuzzyTerm("body", "harbor"),
    "fuzzier": query.FuzzyTerm("body", "nort", maxdist=2, prefixlength=1),
    "fuzzy without scores": query.FuzzyTerm("body", "kelm", constantscore=False),
    "variations": query.Variations("body", "run"),
    "range": query.TermRange("body", "fenk", "norb"),
    "half-open range": query.TermRange("body", "fenk", "norb", startexcl=True, endexcl=True),
    "range without an end": query.TermRange("body", "tarn", None),
    "everything": query.Every(),
    "everything with a field": query.Every("category"),
    "everything with a text": query.Every("excerpt"),
    "nothing": query.NullQuery,
    "constant": query.ConstantScoreQuery(query.Or([KELP, RARE]), 3.0),
    "boosted": query.And([T("body", "kelp", boost=2.5), NORB]),
    "near": spans.SpanNear(KELP, NORB, slop=3),
    "near in any order": spans.SpanNear(KELP, NORB, slop=2, ordered=False),
    "near, several": spans.SpanNear2([KELP, NORB, TARN], slop=9, ordered=False),
    "first": spans.SpanFirst(KELP),
    "among the first": spans.SpanFirst(query.Or([NORB, TARN]), limit=4),
    "span or": spans.SpanOr([KELP, RARE, T("title", "norb")]),
    "span not": spans.SpanNot(KELP, spans.SpanNear(KELP, NORB)),
    "span containing": spans.SpanContains(spans.SpanNear(KELP, TARN, slop=5), NORB),
    "span before": spans.SpanBefore(KELP, NORB),
    "span condition": spans.SpanCondition(spans.SpanNear(KELP, NORB), RARE),
    "tree": query.And(
        [
            query.Or([query.Phrase("body", ["kelp", "norb"]), query.Prefix("title", "har"), RARE]),
            query.Not(T("type", "video")),
            query.AndMaybe(query.Every(), query.And([THE, T("topics", "law")])),
        ]
    ),
}

FAULTY = ("span not",)
"""Whoosh asks a matcher for its id when it has none any more, and over its own segments that is an IndexError."""

FAULTY_WITH_A_LIMIT = ("rare and not", "among the first", "tree")
"""Whoosh skips documents here that it should not, over its own segments as well."""


def found(searcher: Searcher, asked: query.Query, **options: Any) -> dict[str, float]:
    """The score of each document found, by path."""
    results = searcher.search(asked, limit=None, **options)
    paths = paths_of(searcher.reader())
    return {paths[number]: score for score, number in results.top_n}


@lru_cache(maxsize=2 * len(LAYOUTS))
def paths_of(reader: IndexReader) -> dict[int, str]:
    """The path of each live document of a reader."""
    return {number: fields["path"] for number, fields in reader.iter_docs()}


@pytest.mark.parametrize("name", [name for name in QUERIES if name not in FAULTY])
def test_a_query_finds_the_same_documents_with_the_same_scores(pair: Pair, name: str) -> None:
    for weighting in (Frequency(), TF_IDF()):
        stock, own = pair.searchers(weighting)
        assert found(own, QUERIES[name]) == pytest.approx(found(stock, QUERIES[name]))
    # By a weighting that looks at lengths the scores differ, and the documents do not.
    stock, own = pair.searchers(BM25F())
    assert found(own, QUERIES[name]).keys() == found(stock, QUERIES[name]).keys()


@pytest.mark.parametrize("name", FAULTY)
def test_where_whoosh_asks_an_exhausted_matcher_ours_answers(pair: Pair, name: str) -> None:
    _, own = pair.searchers()
    assert found(own, QUERIES[name]).keys() <= found(own, KELP).keys()


@pytest.mark.parametrize("name", [name for name in QUERIES if name not in FAULTY_WITH_A_LIMIT])
def test_the_first_ten_are_as_good_as_those_of_all(pair: Pair, name: str) -> None:
    # With a limit, Whoosh skips blocks of postings by their quality.
    _, own = pair.searchers(BM25F())
    best = sorted(found(own, QUERIES[name]).values(), reverse=True)[:10]
    assert [hit.score for hit in own.search(QUERIES[name], limit=10)] == pytest.approx(best)


def random_queries(count: int) -> Iterator[query.Query]:
    """Random trees, the same ones every time."""
    chance = random.Random(11)
    words = ("kelp", "norb", "tarn", "vost", "the", "u.s", "run", "harbour", "c++", "東", "nothing")

    def leaf() -> query.Query:
        field, word = chance.choice(TEXT_FIELDS), chance.choice(words)
        match chance.randrange(9):
            case 0:
                return query.Phrase(field, chance.choices(words[:7], k=chance.randint(1, 3)), slop=chance.randint(1, 3))
            case 1:
                return query.Prefix(field, word[: chance.randint(1, 2)])
            case 2:
                return query.Wildcard(field, chance.choice(("*r*", "k?l*", "n*", "??")))
            case 3:
                return query.FuzzyTerm(field, chance.choice(("kelm", "harbor", "trn", "vots")))
            case 4:
                return T("topic", chance.choice(TOPICS))
            case _:
                return T(field, word)

    def tree(depth: int) -> query.Query:
        if not depth or chance.random() < 0.2:
            return leaf()
        match chance.randrange(7):
            case 0 | 1:
                return query.And([tree(depth - 1) for _ in range(chance.randint(2, 3))])
            case 2 | 3:
                return query.Or([tree(depth - 1) for _ in range(chance.randint(2, 4))])
            case 4:
                return query.AndNot(tree(depth - 1), leaf())
            case 5:
                return query.AndMaybe(tree(depth - 1), tree(depth - 1))
            case _:
                return query.Require(tree(depth - 1), leaf())

    return (tree(chance.randint(1, 3)) for _ in range(count))


def test_random_queries_find_the_same_documents_with_the_same_scores(pair: Pair) -> None:
    stock, own = pair.searchers(TF_IDF())
    for asked in random_queries(80):
        assert found(own, asked) == pytest.approx(found(stock, asked)), asked


def test_nested_documents_are_the_same(pair: Pair) -> None:
    if not pair.same_numbers:
        return  # parents and children stand by each other's numbers
    stock, own = pair.searchers()
    parents = T("type", "parent")
    for asked in (query.NestedParent(parents, KELP), query.NestedChildren(parents, query.And([parents, NORB]))):
        assert found(own, asked) == pytest.approx(found(stock, asked))


@pytest.mark.parametrize(
    "text",
    ["kelp norb", "kelp OR tarn", '"kelp norb"~2', "har* NOT kelp", "title:kelp^2 tarn", "zür*", "[fenk TO norb]"],
)
def test_a_query_parsed_by_whoosh_finds_the_same(pair: Pair, text: str) -> None:
    stock, own = pair.searchers(TF_IDF())
    asked = [MultifieldParser(["title", "body"], index.schema).parse(text) for index in (pair.stock, pair.own)]
    assert asked[0] == asked[1]
    assert found(own, asked[1]) == pytest.approx(found(stock, asked[0]))


def test_filters_and_masks_select_the_same(pair: Pair) -> None:
    stock, own = pair.searchers()
    for options in ({"filter": T("type", "video")}, {"mask": query.Prefix("body", "har")}):
        assert found(own, KELP, **options) == found(stock, KELP, **options)


def test_highlights_are_the_same(pair: Pair) -> None:
    stock, own = pair.searchers()
    asked = query.Or([T("title", "kelp"), T("title", "norb")])
    shown = [
        {hit["path"]: hit.highlights("title") for hit in searcher.search(asked, limit=None)}
        for searcher in (own, stock)
    ]
    assert shown[0] == shown[1]


def test_matched_terms_are_the_same(pair: Pair) -> None:
    stock, own = pair.searchers()
    asked = query.Or([KELP, NORB, RARE])
    matched = [
        {hit["path"]: sorted(hit.matched_terms()) for hit in searcher.search(asked, limit=None, terms=True)}
        for searcher in (own, stock)
    ]
    assert matched[0] == matched[1]


def test_numbers_are_columns_to_sort_and_select_by(tmp_path: Path) -> None:
    qualities = {"a.md": 43, "b.md": 80, "c.md": 7, "d.md": 11}
    engine = build(tmp_path, [{"path": path, "title": "kelp", "quality": one} for path, one in qualities.items()])
    update(engine, [{"path": "e.md", "title": "kelp", "quality": 60}])
    with open_dir(str(tmp_path)).searcher() as searcher:
        asked = T("title", "kelp")
        assert [hit["path"][0] for hit in searcher.search(asked, sortedby="quality")] == [*"cdaeb"]
        assert [hit["path"][0] for hit in searcher.search(asked, sortedby="quality", reverse=True)] == [*"beadc"]
        selected = searcher.search(asked, filter=query.ColumnQuery("quality", lambda value: value > 42))
        assert {hit["path"][0] for hit in selected} == {*"abe"}


def test_an_index_that_was_synced_is_searched_by_whoosh(tmp_path: Path) -> None:
    files: list[Spec] = [
        {
            "path": "a.md",
            "title": "kelp norb",
            "topics": ["Law", "AI ethics"],
            "related": [cited("tarn", "https://p/1")],
        },
        {"path": "b.md", "title": "norb", "body": "kelp " * 300 + "tarn"},
    ]
    engine = build(tmp_path, files)
    update(engine, [{"path": "c.md", "title": "tarn kelp"}], removed=["b.md"])
    with open_dir(str(tmp_path)).searcher() as searcher:
        assert {hit["title"] for hit in searcher.search(T("title", "tarn"))} == {"tarn", "tarn kelp"}
        assert [hit["path"] for hit in searcher.search(T("topic", "ai ethics"))] == ["a.md"]
        assert len(searcher.search(query.Phrase("body", ["kelp", "tarn"]))) == 0
        assert [hit["path"] for hit in searcher.search(T("related", "tarn"))] == ["a.md"]

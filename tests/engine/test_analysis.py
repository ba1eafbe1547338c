"""What counts as a word, and which words are the same word."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.engine.rules.analysis import LANGUAGES, POSITION_GAP, STOP_WORDS, Analyzer, fold
from newsearch.errors import ConfigError

ENGLISH = Analyzer("english")
PIECES = st.text("aUS'’.,-+#&1é東🎉Z\u0301\x1c\x85\u2028 \n") | st.sampled_from(
    ("US", "U.S.", "us", "AT&T", "runs", "東京a")
)


def test_a_word_as_large_as_a_file_is_not_kept() -> None:
    analyzer = Analyzer("english")
    assert analyzer.terms("x" * 100_000 + " kelp") == ["x" * 60, "kelp"]
    assert list(analyzer._cache) == ["kelp"]


@given(st.lists(PIECES, max_size=12).map("".join), st.data())
def test_words_are_located_where_the_tokens_of_a_text_stand(text: str, data: st.DataObject) -> None:
    tokens = list(ENGLISH.tokens(text))
    wanted = data.draw(st.sets(st.sampled_from([token.term for token in tokens]))) if tokens else {"kelp"}
    expected = [(token.start, token.end, token.term) for token in tokens if token.term in wanted]
    assert ENGLISH.located(text, wanted) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IBM's", ["ibm"]),
        ("IBM’s", ["ibm"]),
        ("don't", ["dont"]),
        ("O'Brien's", ["obrien"]),
        ("U.S.", ["u.s"]),
        ("U.S.A.", ["usa"]),
        ("the US economy", ["the", "u.s", "economi"]),
        ("us", ["us"]),
        ("U.N.", ["un"]),
        ("UN", ["un"]),
        ("I.T.", ["i.t"]),
        ("covid-19", ["covid", "19"]),
        ("C++", ["c++"]),
        ("C#", ["c#"]),
        ("c", ["c"]),
        ("AT&T", ["at&t"]),
        ("Zürich", ["zurich"]),
        ("ZÜRICH", ["zurich"]),
        ("Zu\u0308rich", ["zurich"]),
        ("Straße", ["strass"]),
        ("Łódź", ["lodz"]),
        ("東京", ["東", "京"]),
        ("東京tower", ["東", "京", "tower"]),
        ("서울", ["서", "울"]),
        ("1,000", ["1000"]),
        ("1000", ["1000"]),
        ("1,000,000", ["1000000"]),
        ("3.5", ["3.5"]),
        ("2020-09-13", ["2020", "09", "13"]),
        ("running runs ran", ["run", "run", "ran"]),
        ("bans banned banning ban", ["ban"] * 4),
        ("news new", ["news", "new"]),
        ("recognition", ["recognit"]),
        ("state-of-the-art", ["state", "of", "the", "art"]),
        ("snake_case", ["snake", "case"]),
        ("e-mail, (e-mail)!", ["e", "mail", "e", "mail"]),
        ("", []),
        ("... -- !? & 🙂", []),
    ],
)
def test_a_text_gives_these_terms(text: str, expected: list[str]) -> None:
    assert ENGLISH.terms(text) == expected


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Zürich", "zurich"),
        ("IBM's", "ibm"),
        ("U.N.", "un"),
        ("U.S. economy", "US economy"),
        ("1,000", "1000"),
        ("C++", "c++"),
        ("ＩＢＭ", "ibm"),
        ("Cafés", "cafe"),
    ],
)
def test_what_a_person_types_is_what_was_written(written: str, typed: str) -> None:
    assert ENGLISH.terms(written) == ENGLISH.terms(typed)


def test_us_in_capitals_is_a_pronoun_where_all_is_in_capitals() -> None:
    assert ENGLISH.terms("JOIN US NOW")[1] == "us"


def test_a_query_for_us_in_small_letters_means_the_country_too() -> None:
    assert ENGLISH.alternatives("us") == ("us", "u.s")
    assert ENGLISH.alternatives("kelp") == ("kelp",)


def test_tokens_give_the_characters_that_each_word_was_written_in() -> None:
    text = "Zürich's C++, U.S. 東京"
    assert [(token.term, text[token.start : token.end]) for token in ENGLISH.tokens(text)] == [
        ("zurich", "Zürich's"),
        ("c++", "C++"),
        ("u.s", "U.S."),
        ("東", "東"),
        ("京", "京"),
    ]


_PIECES = (
    *("US", " ", "u.s.", "U.S", "'s", ".", ",", "1", "2.5", "oil", "OIL", "日", "本語", "é", "\u00a0", "\x1f", "-"),
    *("++", "C", "#", "AT&T", "&", "\u200b", "ﬁ", "The "),
)


@given(
    st.lists(st.sampled_from(_PIECES)).map("".join),
    st.sets(st.sampled_from(["us", "u.s", "oil", "日", "2.5", "c++", "the", "fi"])),
)
def test_words_are_located_where_the_tokens_are(text: str, terms: set[str]) -> None:
    expected = [(token.start, token.end, token.term) for token in ENGLISH.tokens(text) if token.term in terms]
    assert ENGLISH.located(text, terms) == expected


def test_tokens_and_terms_agree_and_positions_count_every_word() -> None:
    text = "The state of the art: IBM's U.S. labs"
    tokens = list(ENGLISH.tokens(text))
    assert [token.term for token in tokens] == ENGLISH.terms(text)
    assert [token.position for token in tokens] == list(range(len(tokens)))
    assert [token.term for token in tokens if token.stop] == ["the", "of", "the"]


def test_lengths_leave_stop_words_out_and_positions_do_not() -> None:
    positions, length = ENGLISH.occurrences(["the kelp of the norb"])
    assert positions == {"the": [0, 3], "kelp": [1], "of": [2], "norb": [4]}
    assert length == 2


def test_a_gap_lies_between_the_values_of_a_field() -> None:
    positions, length = ENGLISH.occurrences(["kelp norb", "tarn"])
    assert positions == {"kelp": [0], "norb": [1], "tarn": [1 + POSITION_GAP]}
    assert length == 3


def test_a_stem_is_never_a_stop_word() -> None:
    assert not STOP_WORDS & set(ENGLISH.terms("ins ands ifs thes bying ised"))


def test_there_are_the_33_stop_words_of_lucene() -> None:
    assert len(STOP_WORDS) == 33


def test_without_a_language_words_are_as_they_stand() -> None:
    assert Analyzer("none").terms("running Zürich") == ["running", "zurich"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_that_is_offered_works(language: str) -> None:
    assert Analyzer(language).terms("Zürich 2020")


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"'klingon'.*english"):
        Analyzer("klingon")


def test_an_analyzer_survives_pickling_without_its_cache() -> None:
    analyzer = Analyzer("german")
    analyzer.terms("Hafen")
    copy = pickle.loads(pickle.dumps(analyzer))
    assert copy == analyzer
    assert copy.terms("Häfen") == analyzer.terms("Häfen")


@pytest.mark.parametrize(
    ("text", "expected"), [("ZURICH", "zurich"), ("Zürich", "zurich"), ("Ærø", "aero"), ("Łódź", "lodz"), ("ﬁn", "fin")]
)
def test_folding_drops_case_and_accents(text: str, expected: str) -> None:
    assert fold(text) == expected

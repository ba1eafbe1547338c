"""What a query means, row by row of the language, and what is said of the parts that mean nothing."""

from datetime import UTC, datetime

import pytest

from newsearch.query import parse
from newsearch.query.ast import (
    And,
    Boosted,
    DateRange,
    Everything,
    Flag,
    Fuzzy,
    Keyword,
    Node,
    Not,
    NumberRange,
    Or,
    Phrase,
    Prefix,
    Sequence,
    Wildcard,
    Word,
)
from newsearch.query.fields import KEYWORD_FIELDS, TEXT_FIELDS

TODAY = datetime(2020, 10, 1, 12, tzinfo=UTC)
DAY = 86_400
A, B, C, D = (Word(letter) for letter in "abcd")


def tree(text: str) -> Node:
    """The tree of a text that must give no warning."""
    parsed = parse(text, today=TODAY)
    assert parsed.warnings == ()
    return parsed.tree


def warned(text: str) -> tuple[Node, str]:
    """The tree of a text that must give one warning, and that warning."""
    parsed = parse(text, today=TODAY)
    assert len(parsed.warnings) == 1, parsed.warnings
    return parsed.tree, parsed.warnings[0]


def second(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type]


class TestWords:
    def test_words_side_by_side_are_a_sequence(self) -> None:
        assert tree("facial recognition") == Sequence((Word("facial"), Word("recognition")))

    def test_one_word_is_itself(self) -> None:
        assert tree("  ban ") == Word("ban")

    @pytest.mark.parametrize("text", ["", "   ", "\x00\t\n", "\u3000"])
    def test_blank_text_is_everything(self, text: str) -> None:
        assert tree(text) == Everything()

    def test_repeated_words_stay(self) -> None:
        assert tree("a a") == Sequence((A, A))

    @pytest.mark.parametrize(
        "text", ["covid-19", "U.S.", "C++", "IBM's", "AT&T", "Zürich", "顔認識", "🎉", "50%", "#ai"]
    )
    def test_punctuation_inside_a_word_is_the_analysers(self, text: str) -> None:
        assert tree(text) == Word(text)

    @pytest.mark.parametrize(
        "text", ["http://x.example/a", "12:30", "std::string", "C:\\temp", "--limit", "-", "x:", ":", "a-b:c"]
    )
    def test_colons_and_hyphens_of_ordinary_text_stay_in_the_word(self, text: str) -> None:
        assert tree(text) == Word(text)

    def test_a_colon_before_a_space_is_text(self) -> None:
        assert tree("Re: a title:") == Sequence((Word("Re:"), A, Word("title:")))

    def test_a_hyphen_between_spaces_is_text(self) -> None:
        assert tree("a - b") == Sequence((A, Word("-"), B))

    def test_operators_in_small_letters_are_words(self) -> None:
        assert tree("a and b or not") == Sequence((A, Word("and"), B, Word("or"), Word("not")))

    def test_control_characters_and_lone_surrogates_are_spaces(self) -> None:
        assert tree("a\x00b\ud800c\x85d") == Sequence((A, B, C, D))

    def test_words_with_capital_operators_inside_are_words(self) -> None:
        assert tree("ANDROID FOR NOTE") == Sequence((Word("ANDROID"), Word("FOR"), Word("NOTE")))


class TestPhrases:
    def test_quotes_make_a_phrase(self) -> None:
        assert tree('"facial recognition"') == Phrase("facial recognition")

    @pytest.mark.parametrize("text", ["“a b”", "„a b“", "”a b”", "«a b»", "»a b«", '“a b"', '«a b"'])
    def test_typographic_quotes_make_a_phrase(self, text: str) -> None:
        assert tree(text) == Phrase("a b")

    def test_a_typographic_phrase_may_hold_straight_quotes(self) -> None:
        assert tree('“a "b" c”') == Phrase('a "b" c')

    def test_backslash_keeps_a_quote_in_the_phrase(self) -> None:
        assert tree(r'"say \"no\" \\ C:\temp"') == Phrase(r'say "no" \ C:\temp')

    def test_a_quote_inside_a_word_starts_a_phrase(self) -> None:
        assert tree('a"b c"d') == Sequence((A, Phrase("b c"), D))

    def test_operators_inside_a_phrase_are_words(self) -> None:
        assert tree('"a AND (b -c"') == Phrase("a AND (b -c")

    def test_a_line_break_inside_a_phrase_is_a_space(self) -> None:
        assert tree('"a\nb"') == Phrase("a b")

    @pytest.mark.parametrize("mark", ['"', "“", "”", "„", "«", "»"])
    def test_a_lone_quote_is_dropped_with_a_warning(self, mark: str) -> None:
        found, warning = warned(f"a {mark}b c")
        assert found == Sequence((A, B, C))
        assert warning.endswith("at character 3: the quotation mark has no partner and was ignored.")

    def test_an_escaped_quote_closes_nothing(self) -> None:
        parsed = parse(r'"a \"', today=TODAY)
        assert parsed.tree == Sequence((A, Word("\\")))
        assert len(parsed.warnings) == 2

    @pytest.mark.parametrize("text", ['a ""', 'a "  "', 'a title:""', 'a topic:" "', "a “”"])
    def test_an_empty_phrase_is_dropped_with_a_warning(self, text: str) -> None:
        found, warning = warned(text)
        assert found == A
        assert "nothing between the quotation marks" in warning


class TestOperators:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a OR b", Or((A, B))),
            ("a AND b", And((A, B))),
            ("NOT a", Not(A)),
            ("-a", Not(A)),
            ("-(a b)", Not(Sequence((A, B)))),
            ('-"a b"', Not(Phrase("a b"))),
            ("(a)", A),
            ("((a b))", Sequence((A, B))),
            ("a OR b OR c", Or((A, B, C))),
            ("amazon OR microsoft  -china", Sequence((Or((Word("amazon"), Word("microsoft"))), Not(Word("china"))))),
        ],
    )
    def test_an_operator_makes_its_node(self, text: str, expected: Node) -> None:
        assert tree(text) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a OR b c", Sequence((Or((A, B)), C))),
            ("a b OR c", Sequence((A, Or((B, C))))),
            ("a AND b c", Sequence((And((A, B)), C))),
            ("a OR b AND c", Or((A, And((B, C))))),
            ("a AND b OR c", Or((And((A, B)), C))),
            ("a AND NOT b", And((A, Not(B)))),
            ("NOT a AND b", And((Not(A), B))),
            ("NOT a OR -b", Or((Not(A), Not(B)))),
            ("-a b", Sequence((Not(A), B))),
            ("NOT a b", Sequence((Not(A), B))),
            ("a AND (b OR c)", And((A, Or((B, C))))),
            ("a OR (b c)", Or((A, Sequence((B, C))))),
            ("a(b)c", Sequence((A, B, C))),
        ],
    )
    def test_not_binds_tightest_then_and_then_or_then_side_by_side(self, text: str, expected: Node) -> None:
        assert tree(text) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("(a b) c", Sequence((A, B, C))),
            ("a AND (b AND c)", And((A, B, C))),
            ("(a OR b) OR c", Or((A, B, C))),
            ("(a AND b) c", Sequence((And((A, B)), C))),
        ],
    )
    def test_parentheses_around_the_same_combination_change_nothing(self, text: str, expected: Node) -> None:
        assert tree(text) == expected

    def test_two_negations_select_what_none_would(self) -> None:
        assert tree("NOT NOT a") == tree("NOT -a") == tree("-(-a)") == Not(Not(A))

    def test_of_many_negations_one_or_two_are_left(self) -> None:
        assert tree("NOT " * 401 + "a") == Not(A)
        assert tree("NOT " * 400 + "a") == Not(Not(A))
        assert tree("-(-(-a))") == Not(A)

    @pytest.mark.parametrize(
        ("text", "expected", "character"),
        [
            ("a AND", A, 3),
            ("OR a", A, 1),
            ("a NOT", A, 3),
            ("a OR OR b", Or((A, B)), 3),
            ("a AND OR b", Or((A, B)), 3),
            ("(a AND) b", Sequence((A, B)), 4),
            ("(OR a)", A, 2),
        ],
    )
    def test_a_stray_operator_is_ignored_and_named(self, text: str, expected: Node, character: int) -> None:
        found, warning = warned(text)
        assert found == expected
        assert f"at character {character}: the operator has nothing to work on" in warning

    @pytest.mark.parametrize(
        ("text", "expected", "said"),
        [
            ("(a b", Sequence((A, B)), '"(" at character 1: the parenthesis is not closed'),
            ("a b)", Sequence((A, B)), '")" at character 4: the parenthesis closes nothing'),
            ("a ()", A, '"()" at character 3: there is nothing in the parentheses'),
            ("title:(a b", Sequence((Word("a", "title"), B)), '"(" at character 7: the parenthesis is not closed'),
        ],
    )
    def test_odd_parentheses_are_ignored_and_named(self, text: str, expected: Node, said: str) -> None:
        found, warning = warned(text)
        assert found == expected
        assert warning.startswith(said)


class TestFields:
    @pytest.mark.parametrize("field", TEXT_FIELDS)
    def test_a_text_field_takes_a_word_a_phrase_or_a_group(self, field: str) -> None:
        assert tree(f"{field}:ban") == Word("ban", field)
        assert tree(f'{field}:"city ban"') == Phrase("city ban", field)
        assert tree(f"{field}:(a OR b)") == Or((Word("a", field), Word("b", field)))

    @pytest.mark.parametrize("field", [field for field in KEYWORD_FIELDS if field != "kind"])
    def test_a_keyword_field_takes_a_value_quoted_or_not_or_a_group(self, field: str) -> None:
        assert tree(f"{field}:a") == Keyword(field, "a")
        assert tree(f'{field}:"a b"') == Keyword(field, "a b")
        assert tree(f'{field}:(a OR "b c")') == Or((Keyword(field, "a"), Keyword(field, "b c")))

    def test_topic_is_the_exact_topic_and_topics_its_words(self) -> None:
        assert tree("topic:ai topics:ai") == Sequence((Keyword("topic", "ai"), Word("ai", "topics")))

    def test_the_row_of_fields_reads_as_written(self) -> None:
        assert tree('title:ban topic:"computer vision" provider:salon.com') == Sequence(
            (Word("ban", "title"), Keyword("topic", "computer vision"), Keyword("provider", "salon.com"))
        )

    def test_a_field_inside_a_group_overrides_the_groups(self) -> None:
        assert tree("title:(a provider:b -c) d") == Sequence(
            (Word("a", "title"), Keyword("provider", "b"), Not(Word("c", "title")), D)
        )

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("-title:a", Not(Word("a", "title"))),
            ("-provider:b", Not(Keyword("provider", "b"))),
            ("-is:published", Not(Flag("published"))),
            ("-date:2020", Not(DateRange(second(2020, 1, 1), second(2021, 1, 1) - 1))),
            ("NOT quality:>=60", Not(NumberRange("quality", 60, None))),
        ],
    )
    def test_a_field_can_be_negated(self, text: str, expected: Node) -> None:
        assert tree(text) == expected

    @pytest.mark.parametrize(
        "address", ["https://x.example/a?b=c&d:e", "https://x.example/Mercury_(planet)/x", "x.example/~a^2*"]
    )
    def test_an_address_is_taken_whole(self, address: str) -> None:
        assert tree(f"(url:{address})") == Keyword("url", address)

    def test_the_names_of_fields_may_have_capitals(self) -> None:
        assert tree("Title:Ban IS:Item") == Sequence((Word("Ban", "title"), Keyword("kind", "item")))

    def test_an_unknown_field_is_searched_as_words_and_the_nearest_is_named(self) -> None:
        found, warning = warned("provdier:x")
        assert found == Sequence((Word("provdier"), Word("x")))
        assert warning.startswith('"provdier:x" at character 1: there is no field "provdier"')
        assert "the nearest is provider" in warning

    def test_an_unknown_field_like_none_gets_the_list_of_fields(self) -> None:
        assert "the fields are title, excerpt, " in warned("xyz:x")[1]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("-foo:a AND b", And((Not(Sequence((Word("foo"), A))), B))),
            ('foo:"a b"', Sequence((Word("foo"), Phrase("a b")))),
            ("foo:(a OR b)", Sequence((Word("foo"), Or((A, B))))),
            ("foo:a:title:b", Sequence((Word("foo"), A, Word("title"), B))),
            ("foo:-x", Sequence((Word("foo"), Phrase("-x")))),
            ("foo:AND", Sequence((Word("foo"), Phrase("AND")))),
            ("title:(foo:a)", Sequence((Word("foo"), Word("a", "title")))),
        ],
    )
    def test_the_value_of_an_unknown_field_stays_one_part_of_the_query(self, text: str, expected: Node) -> None:
        assert warned(text)[0] == expected


class TestConstraints:
    @pytest.mark.parametrize(
        ("text", "low", "high"),
        [
            ("quality:>=60", 60, None),
            ("quality:>60", 61, None),
            ("quality:<40", None, 39),
            ("quality:<=40", None, 40),
            ("quality:=43", 43, 43),
            ("quality:43", 43, 43),
            ("quality:40..80", 40, 80),
            ("quality:40..", 40, None),
            ("quality:..80", None, 80),
            ('quality:"40..80"', 40, 80),
            ("quality:>99999999999999", 10**9, None),
        ],
    )
    def test_numbers_are_compared_or_in_a_range(self, text: str, low: int | None, high: int | None) -> None:
        assert tree(text) == NumberRange("quality", low, high)

    def test_heat_may_be_below_zero(self) -> None:
        assert tree("heat:>0 heat:-1 heat:-5..-2") == Sequence(
            (NumberRange("heat", 1, None), NumberRange("heat", -1, -1), NumberRange("heat", -5, -2))
        )

    @pytest.mark.parametrize(
        ("text", "low", "high"),
        [
            ("date:2020-09", second(2020, 9, 1), second(2020, 10, 1) - 1),
            ("date:2020-08..2020-09", second(2020, 8, 1), second(2020, 10, 1) - 1),
            ("date:>=2020", second(2020, 1, 1), None),
            ("date:>2020", second(2021, 1, 1), None),
            ("date:<2020", None, second(2020, 1, 1) - 1),
            ("date:<=2020", None, second(2021, 1, 1) - 1),
            ("date:2020..", second(2020, 1, 1), None),
            ('date:"2020-09-01 10:00"', second(2020, 9, 1, 10), second(2020, 9, 1, 10)),
            ("date:2020-09-01T00:00:00Z..", second(2020, 9, 1), None),
        ],
    )
    def test_dates_are_whole_spans(self, text: str, low: int | None, high: int | None) -> None:
        assert tree(text) == DateRange(low, high)

    def test_an_age_counts_back_from_today_and_is_told(self) -> None:
        parsed = parse("date:7d ban date:2020", today=TODAY)
        assert parsed.ages == ("7d",)
        assert isinstance(parsed.tree, Sequence)
        assert parsed.tree.children[0] == DateRange(second(2020, 10, 1, 12) - 7 * DAY, None)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("is:item", Keyword("kind", "item")),
            ("is:related", Keyword("kind", "related")),
            ("kind:related", Keyword("kind", "related")),
            ("is:published", Flag("published")),
            ("has:image", Flag("image")),
            ("is:(item OR published)", Or((Keyword("kind", "item"), Flag("published")))),
        ],
    )
    def test_is_and_has_are_flags(self, text: str, expected: Node) -> None:
        assert tree(text) == expected

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("quality:high", "quality:>=60, quality:<40, quality:40..80 or quality:43"),
            ("quality:..", "whole numbers"),
            ("quality:1.5", "whole numbers"),
            ("heat:" + "9" * 1900, "whole numbers"),
            ("quality:80..40", "write quality:40..80"),
            ("date:foo", "date:2020-08..2020-09"),
            ("date:2020-13", "no month 13"),
            ("date:2021..2020", "turned round it is 2020..2021"),
            ("date:>2020..2021", "not with a span"),
            ("is:foo", "is takes item or related or published"),
            ("is:publishd", "the nearest is is:published"),
            ("has:pictures", "has takes image"),
            ("kind:all", "kind takes item or related"),
        ],
    )
    def test_a_wrong_value_is_searched_as_text_and_the_right_form_is_told(self, text: str, said: str) -> None:
        name, _, value = text.partition(":")
        found, warning = warned(text)
        assert found == Sequence((Word(name), Word(value)))
        assert said in warning
        assert warning.endswith("it was searched as text.")

    def test_a_wrong_value_keeps_its_place_in_the_query(self) -> None:
        assert warned("a OR -quality:high")[0] == Or((A, Not(Sequence((Word("quality"), Word("high"))))))

    def test_a_wrong_quoted_value_is_a_phrase(self) -> None:
        assert warned('date:"last week"')[0] == Sequence((Word("date"), Phrase("last week")))


class TestSigns:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("recogni*", Prefix("recogni")),
            ("recogni***", Prefix("recogni")),
            ("recogni*,", Prefix("recogni")),
            ("C++*", Prefix("C++")),
            ("title:recogni*", Prefix("recogni", "title")),
            ("re*on", Wildcard("re*on")),
            ("wom?n", Wildcard("wom?n")),
            ("*nition", Wildcard("*nition")),
            ("wom?*", Wildcard("wom?*")),
            ("**bold**", Wildcard("*bold*")),
            ("re*on?", Wildcard("re*on")),
            ("-body:*x", Not(Wildcard("*x", "body"))),
        ],
    )
    def test_stars_and_question_marks_in_a_word_are_a_pattern(self, text: str, expected: Node) -> None:
        assert tree(text) == expected

    @pytest.mark.parametrize("text", ["won?", "won?!", "?", "?!", "http://x.example/watch?v=abc", "a-b?c", "東京？"])
    def test_a_question_mark_that_asks_or_stands_in_an_address_is_text(self, text: str) -> None:
        assert tree(text) == Word(text)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("covid-1*", "this is more than one"),
            ("a/b*", "this is more than one"),
            ("*", "no letter or digit beside the *"),
            ("-*", "no letter or digit beside the *"),
            ("🎉*", "no letter or digit beside the *"),
        ],
    )
    def test_a_star_in_no_single_word_is_text_with_a_warning(self, text: str, said: str) -> None:
        found, warning = warned(text)
        assert found in (Word(text), Not(Word(text[1:])))
        assert said in warning

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("recogniton~1", Fuzzy("recogniton", 1)),
            ("recogniton~", Fuzzy("recogniton", 2)),
            ("tramm~", Fuzzy("tramm", 1)),
            ("bans~0", Fuzzy("bans", 0)),
            ("title:bna~2", Fuzzy("bna", 2, "title")),
            ("AND~1", Fuzzy("AND", 1)),
        ],
    )
    def test_a_tilde_after_a_word_allows_edits(self, text: str, expected: Node) -> None:
        assert tree(text) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('"police facial"~3', Phrase("police facial", None, 3)),
            ('"police facial"~0', Phrase("police facial")),
            ('title:"a b"~20', Phrase("a b", "title", 20)),
            ("“a b”~2.", Sequence((Phrase("a b", None, 2), Word(".")))),
        ],
    )
    def test_a_tilde_after_a_phrase_allows_words_between(self, text: str, expected: Node) -> None:
        assert tree(text) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("ban^2", Boosted(Word("ban"), 2)),
            ("ban^1.5", Boosted(Word("ban"), 1.5)),
            ("ban^.5", Boosted(Word("ban"), 0.5)),
            ("ban^1", Word("ban")),
            ("C++^2", Boosted(Word("C++"), 2)),
            ("title:ban^3", Boosted(Word("ban", "title"), 3)),
            ('"a b"^1.5', Boosted(Phrase("a b"), 1.5)),
            ('"a b"~3^2', Boosted(Phrase("a b", None, 3), 2)),
            ("ban~1^2.5", Boosted(Fuzzy("ban", 1), 2.5)),
            ("ban^2.5~1", Boosted(Fuzzy("ban", 1), 2.5)),
            ("recogni*^2", Boosted(Prefix("recogni"), 2)),
            ("(a OR b)^2", Boosted(Or((A, B)), 2)),
            ("(a^3 b)^2 c", Sequence((Boosted(Sequence((Boosted(A, 3), B)), 2), C))),
            ("title:(a b)^2", Boosted(Sequence((Word("a", "title"), Word("b", "title"))), 2)),
            ("AND^2", Boosted(Phrase("AND"), 2)),
        ],
    )
    def test_a_caret_is_a_weight(self, text: str, expected: Node) -> None:
        assert tree(text) == expected

    @pytest.mark.parametrize(
        ("text", "expected", "said"),
        [
            ("ban~5", Fuzzy("ban", 2), "2 at most"),
            ("ban~0.8", Fuzzy("ban", 1), "0, 1 or 2"),
            ("self-driv~1", Word("self-driv"), "a single word"),
            ("ban*~1", Prefix("ban"), "has no distance"),
            ('"a b"~21', Phrase("a b", None, 20), "20 at most"),
            ('"a b"~' + "9" * 1900, Phrase("a b", None, 20), "20 at most"),
            ('"a b"~', Phrase("a b"), "a number of words"),
            ("(a b)~3", Sequence((A, B)), "for a word or a phrase"),
            ("ban^0", Word("ban"), "above 0"),
            ("ban^0.00001", Word("ban"), "above 0"),
            ("ban^101", Boosted(Word("ban"), 100), "100 at most"),
            ("ban^" + "9" * 1900, Boosted(Word("ban"), 100), "100 at most"),
            ("ban~1~2", Fuzzy("ban", 1), "the first of each"),
            ("-ban^2", Not(Word("ban")), "has no weight"),
            ("-(a OR b^2)", Not(Or((A, B))), "has no weight"),
            ("provider:salon^2", Keyword("provider", "salon"), "no weight"),
            ('topic:"a b"~2^2', Keyword("topic", "a b"), "no distance"),
            ("quality:>60^2", NumberRange("quality", 61), "no weight"),
            ("(is:item -a)^2", Sequence((Keyword("kind", "item"), Not(A))), "has no weight"),
        ],
    )
    def test_a_number_out_of_range_or_out_of_place_is_told(self, text: str, expected: Node, said: str) -> None:
        found, warning = warned(text)
        assert found == expected
        assert said in warning

    @pytest.mark.parametrize("text", ["~5", "a~b", "x^y", "^2", "~", "~~", "2^10x", "^~1", "a~1b"])
    def test_a_sign_that_ends_no_word_is_plain_text(self, text: str) -> None:
        assert tree(text) == Word(text)

    def test_signs_between_quotation_marks_are_text(self) -> None:
        assert tree('"recogni* ban~1 c^2"') == Phrase("recogni* ban~1 c^2")


class TestHints:
    @pytest.mark.parametrize(
        ("text", "form"),
        [
            ("since:2020", "date:>=2020"),
            ("before:2020-09", "date:<=2020-09"),
            ("site:salon.com", "domain:salon.com"),
            ("source:salon", "provider:salon"),
            ("tag:ai", "topic:ai"),
            ("intitle:ban", "title:ban"),
            ("min_quality:60", "quality:>=60"),
        ],
    )
    def test_what_others_call_a_filter_is_told_as_it_is_written_here(self, text: str, form: str) -> None:
        name, _, value = text.partition(":")
        found, warning = warned(text)
        assert found == Sequence((Word(name), Word(value)))
        assert warning.endswith(f"to filter, write {form}.")

    @pytest.mark.parametrize(
        ("text", "form"), [("quality>60", "quality:>60"), ("heat<=3", "heat:<=3"), ("Date>2020", "date:>2020")]
    )
    def test_a_comparison_without_a_colon_is_text_and_the_right_form_is_told(self, text: str, form: str) -> None:
        found, warning = warned(text)
        assert found == Word(text)
        assert warning.endswith(f"to filter, write {form}.")


class TestSpans:
    def test_a_node_knows_where_it_was_read(self) -> None:
        parsed = parse('ban  -title:"a b" (quality:>=60 OR x)', today=TODAY)
        assert isinstance(parsed.tree, Sequence)
        ban, negated, either = parsed.tree.children
        assert [node.span for node in (ban, negated, either)] == [(0, 3), (5, 17), (19, 36)]
        assert parsed.tree.span == (0, 36)

    def test_the_signs_belong_to_the_node_they_stand_on(self) -> None:
        parsed = parse('(a OR b~1)^2 "c d"~3', today=TODAY)
        assert isinstance(parsed.tree, Sequence)
        boosted, phrase = parsed.tree.children
        assert isinstance(boosted, Boosted)
        assert isinstance(boosted.child, Or)
        assert [node.span for node in (boosted, phrase, *boosted.child.children)] == [(0, 12), (13, 20), (1, 2), (6, 9)]

    def test_the_text_is_kept_as_typed(self) -> None:
        assert parse(" a\x00 ", today=TODAY).text == " a\x00 "


class TestSignsOfOtherPrograms:
    @pytest.mark.parametrize(
        ("text", "start", "hint"),
        [
            ("tram || bus", 6, "write OR"),
            ("tram && bus", 6, "write AND"),
            ("tram !bus", 6, "-word"),
            ("tram [a TO b]", 6, "a range is of a field"),
            ("title: tram", 1, "write title:tram without a space"),
            ('Provider: "Salon"', 1, 'write provider:"Salon" without a space'),
            ("tram^ bus", 1, "word^2"),
        ],
    )
    def test_one_hint_says_how_it_is_written_here_and_the_text_is_searched(
        self, text: str, start: int, hint: str
    ) -> None:
        found, warning = warned(text)
        assert f"at character {start}: it was searched as text; " in warning
        assert hint in warning
        texts = [word.text for word in found.children if isinstance(word, Word | Phrase)]  # type: ignore[union-attr]
        assert len(texts) == len(text.split())

    @pytest.mark.parametrize("text", ["a | b", "AT&T", "R&D", "wow!", "! a", "[sic] a", "to [b]", "title:", '"a || b"'])
    def test_what_is_common_in_plain_text_gives_none(self, text: str) -> None:
        tree(text)

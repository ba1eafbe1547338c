"""Where front matter is and what it says."""

import pytest

from newsearch.errors import ItemError
from newsearch.items import frontmatter
from newsearch.items.frontmatter import Content, FrontMatter, Node, Wanted, parse, split

WANTED: Wanted = {
    "title": {},
    "excerpt": {},
    "topics": {},
    "provider": {"name": {}, "domain": {}},
    "related": {"title": {}, "provider": {"name": {}}},
}
BLOB = "5lA8Cw3WLRna/uTZ6r651qeohoYMpYue"


def read(text: str, *, first_line: int = 2) -> FrontMatter:
    return parse(text, WANTED, path="x.md", first_line=first_line)


def plain(node: "Node | Content") -> object:
    """The content of a node without offsets."""
    content = node[0] if isinstance(node, tuple) else node
    if isinstance(content, list):
        return [plain(entry) for entry in content]
    if isinstance(content, dict):
        return {key: plain(entry) for key, entry in content.items()}
    return content


def contents(text: str) -> dict[str, object]:
    return {key: plain(node) for key, node in read(text).root.items()}


def refusal(text: str) -> ItemError:
    with pytest.raises(ItemError) as caught:
        read(text)
    return caught.value


# -- fences ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A\n---\nBody\n",
        "\ufeff---\ntitle: A\n---\nBody\n",
        "---  \ntitle: A\n---\t\nBody\n",
        "---\r\ntitle: A\r\n---\r\nBody\r\n",
        "---\rtitle: A\r---\rBody\r",
        "---\ntitle: A\n...\nBody\n",
    ],
)
def test_fences_are_lines_whatever_ends_the_lines(text: str) -> None:
    parts = split(text, path="x.md")
    assert (parts.yaml, parts.first_line, parts.body) == ("title: A\n", 2, "Body\n")


def test_dashes_within_a_line_are_no_fence() -> None:
    parts = split("---\ntitle: A --- B\nexcerpt: '--- x'\n----\n ---\n---\nBody --- text\n---\nmore", path="x.md")
    assert parts.yaml == "title: A --- B\nexcerpt: '--- x'\n----\n ---\n"
    assert parts.body == "Body --- text\n---\nmore"


def test_a_file_may_end_with_its_fence() -> None:
    assert split("---\ntitle: A\n---", path="x.md").body == ""


def test_front_matter_may_be_empty() -> None:
    assert split("---\n---\nBody", path="x.md").yaml == ""


@pytest.mark.parametrize("text", ["", "title: A\n", "\n---\ntitle: A\n---\n", "# Heading\n", "--- \x0b\n---\n"])
def test_a_file_whose_first_line_is_no_fence_has_no_front_matter(text: str) -> None:
    with pytest.raises(ItemError, match=r"x\.md:1: has no front matter"):
        split(text, path="x.md")


@pytest.mark.parametrize("text", ["---", "---\n", "---\ntitle: A\n", "---\ntitle: A\n ---\n"])
def test_front_matter_must_be_closed(text: str) -> None:
    with pytest.raises(ItemError, match="is not closed"):
        split(text, path="x.md")


# -- scalars -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["NO", "0x10", "1_000", "2020-09-13", "2020-09-13T12:08:00Z", "true", "1.0", "=", "12:30:45"]
)
def test_a_scalar_stays_as_it_was_written(written: str) -> None:
    assert contents(f"title: {written}") == {"title": written}


@pytest.mark.parametrize("written", ["", " ~", " null", " Null", " NULL"])
def test_a_plain_null_is_none(written: str) -> None:
    assert contents(f"title:{written}\nexcerpt: B") == {"title": None, "excerpt": "B"}


@pytest.mark.parametrize("written", ["'null'", '"~"', "!!str null"])
def test_a_null_in_quotes_is_text(written: str) -> None:
    assert contents(f"title: {written}")["title"] in ("null", "~")


def test_only_wanted_keys_are_built_at_every_depth() -> None:
    text = "a: {b: [c]}\ntitle: T\nprovider: {name: N, logo: {url: u}}\nrelated:\n  - title: R\n    x: [1]\n  - S\n"
    assert contents(text) == {"title": "T", "provider": {"name": "N"}, "related": [{"title": "R"}, "S"]}


def test_every_value_knows_its_line() -> None:
    matter = read("title: 😀\n\nprovider:\n  name: N\n  domain: é\nexcerpt: >\n  long\n  text\ntopics:\n  - A\n  - B\n")
    provider, topics = matter.root["provider"][0], matter.root["topics"][0]
    assert isinstance(provider, dict)
    assert isinstance(topics, list)
    offsets = [matter.root["title"][1], provider["name"][1], provider["domain"][1], topics[0][1], topics[1][1]]
    assert [matter.line(offset) for offset in offsets] == [2, 5, 6, 11, 12]


def test_lines_count_as_editors_count_them() -> None:
    matter = read('title: "A\u2028\x85B"\nexcerpt: C\n')
    assert matter.line(matter.root["excerpt"][1]) == 3


def test_of_a_key_given_twice_the_last_counts_with_a_remark() -> None:
    matter = read("title: A\ntitle: B\n")
    assert matter.root["title"][0] == "B"
    assert [str(remark) for remark in matter.remarks] == [
        "x.md:3: the key 'title' is given more than once; the last one counts."
    ]


def test_an_unknown_key_given_twice_is_not_quoted() -> None:
    assert read("private: A\nprivate: B\ntitle: C\n").remarks == ()


def test_remarks_are_bounded() -> None:
    assert len(read("title: A\n" * 1000).remarks) == frontmatter.MAX_REMARKS


def test_keys_that_are_no_text_are_skipped() -> None:
    assert contents("? [a, b]\n: c\n? {d: e}\n: [f]\ntitle: T\n") == {"title": "T"}


# -- aliases -----------------------------------------------------------------------------------------------------------


def test_an_alias_shares_what_its_anchor_names() -> None:
    text = "house: &p {name: Salon, domain: salon.com}\nprovider: *p\ntitle: &t T\nexcerpt: *t\n"
    assert contents(text) == {"provider": {"name": "Salon", "domain": "salon.com"}, "title": "T", "excerpt": "T"}


def test_an_alias_can_be_a_key() -> None:
    assert contents("x: &k title\n*k : T\n") == {"title": "T"}


@pytest.mark.parametrize("text", ["title: *t\n", "topics: &t [*t]\n", "title: *t\nexcerpt: &t T\n"])
def test_an_alias_without_an_anchor_before_it_is_refused(text: str) -> None:
    assert "names no anchor" in refusal(text).reason


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 100)]
    assert "more than 100 aliases" in refusal("\n".join(lines) + "\ntopics: *a99\n").reason


def test_a_small_alias_bomb_costs_no_more_than_its_text() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 45)]
    assert isinstance(read("\n".join(lines) + "\ntopics: *a44\n").root["topics"][0], list)


# -- bounds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "topics: " + "[" * 10_000,
        "unknown: " + "[" * 10_000 + "]" * 10_000,
        "topics:\n" + "- " * 10_000,
        "secured: " + "{a: " * 10_000,
        "? " * 10_000,
        "\n".join(" " * depth + "a:" for depth in range(1000)),
    ],
)
def test_deep_nesting_is_refused(text: str) -> None:
    assert "nested deeper than 20" in refusal(text).reason


def test_nesting_within_the_bound_is_read() -> None:
    assert contents("title: T\nx: " + "[" * 19 + "]" * 19) == {"title": "T"}


@pytest.mark.parametrize("key", ["topics", "unknown", "secured"])
def test_too_many_parts_are_refused(key: str) -> None:
    assert "more than 100,000 parts" in refusal(f"{key}: [{'a,' * 100_001}]").reason


@pytest.mark.parametrize("key", ["title", "unknown", "secured"])
def test_a_value_beyond_a_mebibyte_is_refused(key: str) -> None:
    fault = refusal(f"excerpt: A\n{key}: {'a' * (frontmatter.MAX_SCALAR + 1)}\n")
    assert (fault.reason, fault.line) == ("a value is longer than 1,048,576 characters.", 3)


def test_a_value_of_a_mebibyte_is_read() -> None:
    text = "a" * frontmatter.MAX_SCALAR
    assert contents(f"title: {text}\n") == {"title": text}


# -- faults ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "phrase"),
    [
        ("title: A: B\n", 2, "put the value in quotes"),
        ("title: A\nexcerpt: B: C\n", 3, "put the value in quotes"),
        ('title: A\nexcerpt: "B\ntopics: [C]\n', 3, "close the quotes"),
        ("title: A\nB\nexcerpt: C\n", 3, "could not find expected ':'"),
        ("title: A\ntopics: [B, C\n", 4, "close the bracket"),
        ('title: "A \\q"\n', 2, "unknown escape"),
        ("title: @A\n", 2, "quote a value that starts with @"),
        ("title: A\n\texcerpt: B\n", 3, "indent with spaces"),
        ('title: "A" and "B"\n', 2, "put the value in quotes if it holds quotes"),
        ("title: A\nexcerpt: \x07\n", 3, "control character"),
        ("title: !x!y A\n", 2, "undefined tag handle"),
    ],
)
def test_broken_yaml_is_reported_at_its_line_in_plain_words(text: str, line: int, phrase: str) -> None:
    fault = refusal(text)
    assert phrase in fault.reason
    assert (fault.path, fault.line) == ("x.md", line)


@pytest.mark.parametrize("text", ["", "\n", "# nothing but a comment\n"])
def test_empty_front_matter_is_a_fault(text: str) -> None:
    assert refusal(text).reason == "the front matter is empty."


@pytest.mark.parametrize("text", ["- A\n- B\n", "just text\n", "~\n"])
def test_front_matter_must_be_a_mapping(text: str) -> None:
    assert "not a list of 'key: value' lines" in refusal(text).reason


def test_front_matter_is_one_document() -> None:
    fault = refusal("title: A\n--- \ntitle: B\n")
    assert "more than one YAML document" in fault.reason
    assert fault.line == 3


# -- the sealed key ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"title: A\nsecured: {BLOB}\n",
        f'title: A\n"sec\\u0075red": {BLOB}\n',
        f"secured: &s {BLOB}\ntitle: A\nexcerpt: *s\n",
        f"secured: [&s {BLOB}]\ntitle: A\ntopics: [*s, B]\n",
        f"x: &x {{secured: &s {BLOB}, name: N}}\ntitle: A\nprovider: *x\nexcerpt: *s\n",
        f"x: &k secured\ntitle: A\n*k : &s {BLOB}\nexcerpt: *s\n",
        f"title: A\ntopics: [secured: {BLOB}]\n",
        f"title: A\nrelated: [{{title: B, secured: {{a: [{BLOB}]}}}}]\n",
        f"title: A\n? {{secured: {BLOB}}}\n: B\n",
        f"title: A\nsecured: {BLOB}\nsecured: {BLOB}\n",
    ],
)
def test_the_sealed_text_is_never_built(text: str) -> None:
    matter = read(text)
    assert matter.root["title"][0] == "A"
    assert BLOB not in str(matter.root)
    assert BLOB not in str(matter.remarks)


@pytest.mark.parametrize(
    "text",
    [
        f'title: A\nsecured: "{BLOB}\n',
        f'title: A\nsecured: "{BLOB}" {BLOB}\n',
        f"title: A\nsecured: {BLOB}: {BLOB}\n",
        f"title: A\nsecured: *{BLOB[:5]}\nexcerpt: *{BLOB[:6]}\n",
        f"title: A\nsecured: !{BLOB[:5]}!x y\n",
        f"secured: {BLOB}\n{BLOB}\n",
    ],
)
def test_no_fault_quotes_the_sealed_text(text: str) -> None:
    fault = refusal(text)
    assert BLOB[:5] not in str(fault)
    assert BLOB[:5] not in repr(fault)


@pytest.mark.parametrize(
    "text",
    [
        f"title: 'A\nsecured: \"{BLOB}\"\nexcerpt: B'\n",
        f"title: \"A\n'secured' : {BLOB}\nexcerpt: B\"\n",
    ],
)
def test_a_value_that_swallows_the_sealed_key_is_a_fault(text: str) -> None:
    fault = refusal(text)
    assert "runs on over the key 'secured'" in fault.reason
    assert fault.line == 3


def test_the_word_secured_in_a_title_is_just_a_word() -> None:
    assert contents(f"title: 'Harbour secured: what next'\nsecured: {BLOB}\n") == {
        "title": "Harbour secured: what next"
    }

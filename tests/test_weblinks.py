"""Which addresses of an archive become links, and how they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.weblinks import link_target, web_link

# --- as written into a terminal or a document ---


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://x.example",
        "//x.example",
        "https://",
        "",
        None,
    ],
)
def test_only_web_addresses_are_linked_to(url: str | None) -> None:
    assert link_target(url) is None


def test_an_address_is_linked_to_as_it_is() -> None:
    url = "HTTPS://x.example:8080/a%20b/c;d?e=f&g=[h]#i"
    assert link_target(url) == url


def test_what_could_end_a_link_is_encoded() -> None:
    assert link_target("https://x.example/\x1b]8;;\x07 ü\u202e") == "https://x.example/%1B]8;;%07%20%C3%BC%E2%80%AE"


@given(st.text(st.characters(exclude_categories=())))
def test_a_link_is_printable_ascii_without_spaces(text: str) -> None:
    target = link_target("https://x.example/" + text)
    assert target is not None
    assert target.isascii()
    assert target.isprintable()
    assert " " not in target


def test_what_would_end_a_link_of_a_document_is_encoded_too() -> None:
    assert link_target("https://x.example/a_(b)", without="()") == "https://x.example/a_%28b%29"


# --- as handed to a browser or a feed reader ---


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
        "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//b.example/x", "/x", "x", "", None,
        "https://", "https:///x", "http://[x", "https://a b.example", "https://a.example/\u202ex",
        "https://a.example/\x00", "https://a.example/" + "x" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_web_address_becomes_no_link(address: str | None) -> None:
    assert web_link(address) is None


@pytest.mark.parametrize("address", ["https://a.example", "http://a.example/x?y=1#z", "HTTPS://A.example/ü"])
def test_web_addresses_become_links(address: str) -> None:
    assert web_link(address) == address

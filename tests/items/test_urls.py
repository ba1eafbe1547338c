"""Which URLs name one article."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsearch.items.urls import MAX_URL, TRACKING_PARAMETERS, address_of, canonical_address, clean_url, path_address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.salon.com/2020/09/13/ban/", "salon.com/2020/09/13/ban"),
        ("http://Salon.COM/2020/09/13/Ban", "salon.com/2020/09/13/Ban"),
        ("HTTPS://salon.com", "salon.com"),
        ("https://salon.com/", "salon.com"),
        ("https://salon.com./x", "salon.com/x"),
        ("https://salon.com:443/x", "salon.com/x"),
        ("http://salon.com:80/x", "salon.com/x"),
        ("http://salon.com:8080/x", "salon.com:8080/x"),
        ("http://salon.com:/x", "salon.com/x"),
        ("https://salon.com/x#part", "salon.com/x"),
        ("https://salon.com/x?#part", "salon.com/x"),
        ("https://reader:secret@salon.com/x", "salon.com/x"),
        ("https://salon.com/x?utm_source=a&id=7&fbclid=b&page=2", "salon.com/x?id=7&page=2"),
        ("https://salon.com/x/?UTM_Medium=mail&GCLID=1", "salon.com/x"),
        ("https://salon.com/x/?b=2&a=1", "salon.com/x?b=2&a=1"),
        ("https://salon.com?id=7", "salon.com?id=7"),
        ("https://salon.com/x?next=https://b.example/", "salon.com/x?next=https://b.example/"),
        ("//cdn.example/x", "cdn.example/x"),
        ("  https://salon.com/x \n", "salon.com/x"),
        ("https://salon.com/a b?c=d e", "salon.com/a%20b?c=d%20e"),
        ("https://salon.com/a\n  ", "salon.com/a"),
        ("https://www.com/x", "www.com/x"),
        ("https://www.www.salon.com/x", "salon.com/x"),
        ("http://intranet/x", "intranet/x"),
        ("http://[2001:DB8::1]:443/x", "[2001:db8::1]/x"),
        ("https://Zürich.example/ü", "xn--zrich-kva.example/ü"),
        ("https://xn--zrich-kva.example/ü", "xn--zrich-kva.example/ü"),
        ("https://www.例え。example/", "xn--r8jz45g.example"),
        ("https://salon.com\\x", "salon.com/x"),
    ],
)
def test_a_url_has_one_canonical_address(url: str, address: str) -> None:
    assert canonical_address(url) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "salon.com/x",
        "ftp://salon.com/x",
        "mailto:desk@salon.com",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://.",
        "https://a..b/",
        "https://salon.com:port/",
        "https://salon.com:99999/",
        "https://sa lon.com/",
        "https://sa%6con.com/",
        "https://<b>/",
        "https://[::1/",
        "https://salon.com/\x1b[31m",
        "https://salon.com/\x00x",
        "https://good.example\uff0fevil.example/",
        "https://" + "a" * 300 + "/",
        "https://salon.com/" + "x" * MAX_URL,
        "2020-09-13",
    ],
)
def test_text_that_is_no_web_address_has_none(text: str) -> None:
    assert canonical_address(text) is None


def test_every_tracking_parameter_is_removed() -> None:
    query = "&".join(f"{name}=1" for name in sorted(TRACKING_PARAMETERS))
    assert canonical_address(f"https://a.example/x?{query}&q=1") == "a.example/x?q=1"


hosts = st.one_of(
    st.from_regex(r"(www\.){0,3}[a-z0-9-]{1,8}(\.[a-zA-Z]{2,5}){0,2}\.?", fullmatch=True),
    st.text(min_size=1, max_size=12),
)
urls = st.builds(
    lambda scheme, user, host, port, rest: f"{scheme}//{user}{host}{port}{rest}",
    st.sampled_from(["http:", "https:", "HTTPS:", ""]),
    st.sampled_from(["", "a:b@"]),
    hosts,
    st.sampled_from(["", ":", ":80", ":443", ":0443", ":8443"]),
    st.one_of(st.text(max_size=30), st.from_regex(r"[/?#&=a-z\\ ]{0,30}", fullmatch=True)),
)


@settings(max_examples=1000, deadline=None)
@given(st.one_of(st.text(), urls))
@example("https://x.example/a \\")
@example("https://İ.example/")
@example("https://x.example/a/\u3000")
def test_a_canonical_address_is_its_own_canonical_address(url: str) -> None:
    address = canonical_address(url)
    if address is not None:
        assert canonical_address("https://" + address) == address


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"https?://(www\.)?[a-z0-9-]{1,8}(\.[a-z0-9-]{1,5}){1,2}(/[!-~]{0,20})?", fullmatch=True))
def test_the_short_way_and_the_long_way_agree(url: str) -> None:
    # A fragment sends a URL the long way without changing its address.
    if "#" not in url:
        assert canonical_address(url) == canonical_address(url + "#")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("www.salon.com/x/", "salon.com/x"),
        ("https://www.salon.com/x", "salon.com/x"),
        ("salon.com:8080/x", "salon.com:8080/x"),
        (" path:2020/harbour.md ", "path:2020/harbour.md"),
        ("k3v9q2", None),
        ("desk@salon.com", None),
        ("ftp://salon.com/x", None),
        ("", None),
    ],
)
def test_a_user_may_leave_out_the_scheme(text: str, address: str | None) -> None:
    assert address_of(text) == address


def test_a_path_address_names_the_file() -> None:
    assert path_address("2020/harbour.md") == "path:2020/harbour.md"


def test_a_clean_url_can_be_opened() -> None:
    assert clean_url(" //a.example/x\ny ") == "https://a.example/xy"

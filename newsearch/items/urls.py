"""Canonical web addresses: which URLs name the same article.

    canonical_address("http://www.Salon.com/2020/09/ban/?utm_source=x#top")   # "salon.com/2020/09/ban"
    address_of("www.salon.com/2020/09/ban/")                                  # the same, from what a user types
    path_address("2020/harbour.md")                                           # "path:2020/harbour.md"

An address is a key, not a link: it has no scheme. `https://` and a canonical address make a URL whose canonical
address is that address again. Percent-encoding, the order of parameters and `.` segments are left as written: nothing
is requested, and nothing guessed about what a server takes for the same page.
"""

import re
import unicodedata

__all__ = ["MAX_URL", "TRACKING_PARAMETERS", "address_of", "canonical_address", "clean_url", "path_address"]

MAX_URL = 8192
"""The longest URL that is looked at, in characters."""

TRACKING_PARAMETERS = frozenset(
    {
        "_hsenc",  # HubSpot mail
        "_hsmi",
        "cmpid",  # campaign ids of newsrooms
        "dclid",  # Google Display
        "fbclid",  # Facebook
        "gbraid",  # Google Ads without cookies
        "gclid",  # Google Ads
        "gclsrc",
        "igshid",  # Instagram
        "mc_cid",  # Mailchimp
        "mc_eid",
        "mkt_tok",  # Marketo
        "msclkid",  # Microsoft Ads
        "oly_anon_id",  # Omeda
        "oly_enc_id",
        "s_cid",  # Adobe
        "ttclid",  # TikTok
        "twclid",  # Twitter
        "vero_id",  # Vero
        "wbraid",
        "wickedid",
        "yclid",  # Yandex
    }
)
"""Query parameters that say how a reader came to a page, not which page it is; so does every name with `utm_`."""

_TRACKING_PREFIX = "utm_"

# Nearly every URL of a news archive is of this shape, and then one match is all there is to do. Whatever has a query, a
# port, capitals in the host or anything unusual takes the long way.
_PLAIN = re.compile(
    r"https?://(?:www\.(?=[^/]*\.))?((?!www\.)[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+)(/[!-\"$->@-\[\]-~]*)?\Z"
)
_URL = re.compile(r"(?:https?:)?//([^/?#\\]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?\Z", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\Z")
_BRACKETED_HOST = re.compile(r"(\[[0-9a-f:.]*:[0-9a-f:.]*\])(?::([0-9]*))?\Z", re.IGNORECASE)
_PORT = re.compile(r"[0-9]{0,8}\Z")
_REFUSED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_REFUSED_IN_HOST = re.compile(r"[\x00-\x20\x7f-\xa0\s%/?#@:<>\[\]\\^|]")
_REMOVED = str.maketrans("", "", "\t\r\n")
_TRIMMED = "".join(map(chr, range(0x21)))
_MAX_HOST = 253
_DEFAULT_PORTS = (80, 443)


def canonical_address(url: str) -> str | None:
    """The canonical address of an http or https URL, or None for any other text; never raises.

    Host in lower case and, where it is not ASCII, in its `xn--` form; scheme, user, `www.`, port 80 or 443, fragment,
    tracking parameters and slashes at the end of the path removed; the other parameters in their order. Spaces become
    `%20`. `//host/path` counts as a URL. Of text with other control characters or a malformed host nothing is made.
    """
    if len(url) > MAX_URL:
        return None
    plain = _PLAIN.match(url)
    if plain is not None and len(plain[1]) <= _MAX_HOST:
        host, path = plain.groups("")
        return host + path.rstrip("/")
    # As browsers do: tabs and line ends inside a URL are not part of it.
    url = url.translate(_REMOVED).strip(_TRIMMED)
    parts = _URL.match(url)
    if parts is None or _REFUSED.search(url):
        return None
    authority, path, query = parts.groups("")
    place = _canonical_authority(authority.rpartition("@")[2])
    if place is None:
        return None
    address = place + path.replace("\\", "/").rstrip("/")
    kept = [parameter for parameter in query.split("&") if parameter and not _is_tracking(parameter)]
    if kept:
        address += "?" + "&".join(kept)
    return address.replace(" ", "%20")


def address_of(text: str) -> str | None:
    """The address a user means by `text`: a URL, one without its scheme (`www.salon.com/x`), or `path:` and a path.

    Without a scheme the host needs a dot, so that an article's id is not taken for a host. None if it is no address.
    """
    text = text.strip()
    if text.startswith("path:") and len(text) > len("path:"):
        return text
    address = canonical_address(text)
    if address is not None:
        return address
    authority = re.split(r"[/?#\\]", text, maxsplit=1)[0]
    if "." not in authority.strip(".") or "@" in authority:
        return None
    return canonical_address("https://" + text)


def clean_url(url: str) -> str:
    """A URL as it can be opened: trimmed, without line ends in it, and with https where it starts with `//`."""
    if not url.isprintable():
        url = url.translate(_REMOVED)
    url = url.strip(_TRIMMED)
    return "https:" + url if url.startswith("//") else url


def path_address(path: str) -> str:
    """The address of an item that has no web address; `path` is relative to the archive, with `/`."""
    return "path:" + path


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in TRACKING_PARAMETERS or name.startswith(_TRACKING_PREFIX)


def _canonical_authority(authority: str) -> str | None:
    """Host and port in canonical form; None if either is malformed."""
    bracketed = _BRACKETED_HOST.match(authority)
    host: str | None
    if bracketed is not None:
        host, port = bracketed[1].lower(), bracketed[2] or ""
    else:
        name, _, port = authority.partition(":")
        host = _canonical_host(name)
    if host is None or not _PORT.match(port):
        return None
    if not port:
        return host
    number = int(port)
    if number > 65535:
        return None
    # The scheme is no part of an address, so the default of either scheme is left out.
    return host if number in _DEFAULT_PORTS else f"{host}:{number}"


def _canonical_host(name: str) -> str | None:
    if not name or len(name) > 4 * _MAX_HOST:
        return None
    host = name.lower() if name.isascii() else _ascii_host(name)
    if host is None:
        return None
    if host.endswith("."):  # The DNS root, which hardly anyone writes.
        host = host[:-1]
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    if len(host) > _MAX_HOST or (host.isascii() and not _HOST.match(host)):
        return None
    return host


def _ascii_host(name: str) -> str | None:
    """The `xn--` form of an international host; the folded name where IDNA has no form for it; None if malformed."""
    folded = name.replace("\u3002", ".").replace("\uff61", ".")
    for _ in range(4):
        previous, folded = folded, unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())
        if folded == previous:
            break
    else:
        return None
    # Folding turns look-alikes such as a full-width slash into the real character: that would be another host.
    if _REFUSED_IN_HOST.search(folded) or "" in folded.removesuffix(".").split("."):
        return None
    try:
        return folded.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return folded

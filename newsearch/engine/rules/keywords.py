"""What the value of a keyword field can be asked for by, and which two providers are the same one.

    asked_terms("www.Salon.com")                    # {"www.salon.com", "salon.com"}
    listed = join_provider(Provider("Salon", "salon.com"))
    provider_terms(listed), publisher(listed)       # ("salon", "salon.com"), Publisher("\\x1fsalon.com", "Salon")

Lists have a provider as one string (`join_provider`), so that it is counted, compared and stored as a whole. Which
articles have a value is the engines'.
"""

from collections.abc import Callable
from typing import NamedTuple

from newsearch.engine.rules.analysis import fold
from newsearch.model import Provider

__all__ = [
    "KEYWORDS_BY_TERM",
    "KEYWORD_SOURCES",
    "Publisher",
    "asked_terms",
    "domain_term",
    "domain_terms",
    "is_told_apart",
    "join_provider",
    "provider_parts",
    "provider_terms",
    "publisher",
    "split_provider",
]

_SEPARATOR = "\x1f"
"""Stands between a provider's name and domain."""


class Publisher(NamedTuple):
    """What makes a provider the same as another, and what it is called."""

    identity: str
    name: str


def join_provider(provider: Provider | None) -> str | None:
    """A provider as a list has it."""
    return None if provider is None else f"{provider.name or ''}{_SEPARATOR}{provider.domain or ''}"


def split_provider(listed: str | None) -> Provider | None:
    """The provider that `join_provider` was given, but for empty parts, which are None now."""
    if listed is None:
        return None
    name, domain = provider_parts(listed)
    return Provider(name or None, domain or None)


def provider_parts(listed: str) -> tuple[str, str]:
    """The name and the domain of a provider, as a list has it; empty where there is none."""
    name, _, domain = listed.partition(_SEPARATOR)
    return name, domain


def is_told_apart(provider: Provider | None) -> bool:
    """Whether a provider comes back from a list as it was: neither part is empty, and the name ends where it should."""
    return provider is None or not (
        provider.name == "" or provider.domain == "" or (provider.name is not None and _SEPARATOR in provider.name)
    )


def domain_term(domain: str) -> str:
    """A domain as it is compared: folded, without `www.`."""
    return fold(domain).removeprefix("www.")


def asked_terms(value: str) -> frozenset[str]:
    """The terms that a value of a constraint stands for: it folded, and without a `www.` it may begin with."""
    folded = fold(value.strip())
    return frozenset((folded, folded.removeprefix("www.")))


def provider_terms(listed: str) -> tuple[str, ...]:
    """What a provider, as a list has it, can be asked for by: its name and its domain."""
    name, domain = provider_parts(listed)
    return tuple(dict.fromkeys(term for term in (fold(name), domain_term(domain)) if term))


def publisher(listed: str) -> Publisher | None:
    """Who a provider is: two of one domain are the same, without domains two of one name; None where it has neither."""
    name, domain = provider_parts(listed)
    term = domain_term(domain)
    identity = f"{_SEPARATOR}{term}" if term else fold(name)
    return Publisher(identity, name or domain) if identity else None


def domain_terms(listed: str) -> tuple[str, ...]:
    """What a provider, as a list has it, can be asked for by its domain alone."""
    domain = provider_parts(listed)[1]
    return (domain_term(domain),) if domain else ()


def _folded(value: str) -> tuple[str, ...]:
    return (fold(value),)


KEYWORD_SOURCES: dict[str, tuple[str, Callable[[str], tuple[str, ...]]]] = {
    "provider": ("provider", provider_terms),
    "domain": ("provider", domain_terms),
    "topic": ("topic", _folded),
    "type": ("type", _folded),
    "category": ("category", _folded),
}
"""For each keyword field of strings, the list it is made from and what a value of that can be asked for by."""

KEYWORDS_BY_TERM = tuple(KEYWORD_SOURCES)
"""The constraint fields whose values are compared folded."""

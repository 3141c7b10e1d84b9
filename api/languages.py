"""Which language an answer is written in: `lang` in the URL, then the cookie, then the browser's wish."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from taxonomies.models import Lang

COOKIE = "bole_lang"

#: Spoken first where nobody says otherwise.
DEFAULT: Lang = "zh"

_ENTRIES_AT_MOST = 20


def language_of(request: HTTPConnection) -> Lang:
    """Return the language of the answer to a request."""
    stated = as_language(request.query_params.get("lang")) or as_language(
        request.cookies.get(COOKIE)
    )
    return stated or negotiate(request.headers.get("accept-language", ""))


def as_language(value: str | None) -> Lang | None:
    """Return the language that a code names, or None."""
    match value:
        case "zh":
            return "zh"
        case "en":
            return "en"
        case _:
            return None


def negotiate(accept: str) -> Lang:
    """Return the better liked of the two languages of an `Accept-Language` header.

    Examples:
        >>> negotiate("de, en;q=0.8, zh;q=0.5")
        'en'
        >>> negotiate("fr")
        'zh'
    """
    best: tuple[float, Lang] = (0.0, DEFAULT)
    for entry in accept.split(",")[:_ENTRIES_AT_MOST]:
        tag, _, parameter = entry.strip().partition(";")
        lang = as_language(tag.strip().lower().split("-")[0])
        weight = _weight(parameter)
        if lang and weight > best[0]:
            best = (weight, lang)
    return best[1]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0

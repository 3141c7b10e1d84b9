"""Templates: always escaped, in one language, with fragments of the other marked as such."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.languages import COOKIE, as_language, language_of
from api.notices import Bilingual
from api.problems import request_id
from api.web.access import HOME
from api.web.static_files import static_url
from api.wording import Wording, wording
from search.accounts.principal import ANONYMOUS
from taxonomies.catalogue import load_catalogue
from taxonomies.models import Lang

_TEMPLATES = Path(__file__).parent / "templates"
_TAGS: dict[Lang, str] = {"zh": "zh-CN", "en": "en"}
_YEAR_S = 365 * 24 * 3600


def render(request: Request, template: str, /, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page in the language of the request.

    Args:
        request: what is answered.
        template: file name.
        status: HTTP status.
        context: values for the template.
    """
    lang = language_of(request)
    words = wording(lang)
    who = getattr(request.state, "principal", ANONYMOUS)
    html = (
        _environment()
        .get_template(template)
        .render(
            t=words,
            lang=lang,
            tag=_TAGS[lang],
            fragments=Fragments(lang),
            path=request.url.path,
            switch_url=_switched(request, lang),
            other_tag=_TAGS["en" if lang == "zh" else "zh"],
            catalogue=load_catalogue(),
            request_id=request_id(request),
            who=who,
            home=HOME[who.role] if who.role else "/",
            notice=_notice(request, words),
            **context,
        )
    )
    headers = {"Content-Language": _TAGS[lang], "Vary": "Accept-Language, Cookie"}
    response = HTMLResponse(html, status, headers)
    if as_language(request.query_params.get("lang")):
        response.set_cookie(COOKIE, lang, max_age=_YEAR_S, samesite="lax", httponly=True)
    return response


class Fragments:
    """Pieces of text on a page of one language.

    Args:
        lang: the page's.
    """

    def __init__(self, lang: Lang) -> None:
        self._lang = lang

    def said(self, text: Bilingual) -> str:
        """Return a text in the page's language."""
        return text.zh if self._lang == "zh" else text.en

    def other(self, text: Bilingual) -> Markup:
        """Return a text in the other language, marked as such; empty when it is the same."""
        wanted = text.en if self._lang == "zh" else text.zh
        return self.quoted(wanted) if text.zh != text.en else Markup()

    def quoted(self, text: str) -> Markup:
        """Return words of a document, marked when they are in the other language."""
        lang = text_lang(text)
        if lang == self._lang:
            return escape(text)
        return Markup('<span lang="{}">{}</span>').format(_TAGS[lang], text)

    def tag(self, text: str) -> str:
        """Return the language tag of words of a document."""
        return _TAGS[text_lang(text)]


def text_lang(text: str) -> Lang:
    """Return the language of a short text: Chinese as soon as it holds a Chinese character."""
    return "zh" if any("\u3400" <= letter <= "\u9fff" for letter in text) else "en"


def done(address: str, what: str) -> str:
    """Return the address of a page that begins by saying what was just done: `done.WHAT` of the locales."""
    path, mark, rest = address.partition("?")
    pairs = f"done={what}"
    return f"{path}?{pairs}&{rest}" if mark else f"{path}?{pairs}"


def _notice(request: Request, words: Wording) -> str:
    """Return what was just done, "" where the address names nothing that we say."""
    key = f"done.{request.query_params.get('done', '')}"
    return words(key) if key in words else ""


def _switched(request: Request, lang: Lang) -> str:
    """Return the address of the same page in the other language."""
    pairs = [
        (key, value)
        for key, value in request.query_params.multi_items()
        if key not in {"lang", "done"}
    ]
    query = urlencode([*pairs, ("lang", "en" if lang == "zh" else "zh")], errors="replace")
    # Relative, so that no page is ever fetched from another host.
    return f"?{query}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static_url"] = static_url
    environment.globals["iso_date"] = date.fromisoformat
    return environment

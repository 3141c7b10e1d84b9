"""What routes ask for: who is asking, the assembled Bole, and the language of the answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request

from api.access import Access
from api.assembly import Bole
from api.languages import language_of
from api.letting_in import access_of
from api.problems import Phrase, Problem
from api.v1.schema_base import LangCode
from taxonomies.models import Lang


def _bole(request: Request) -> Bole:
    bole: Bole = request.app.state.bole
    return bole


def _access(request: Request) -> Access:
    access = access_of(request)
    if access.who.must_change:
        # A session whose password somebody else chose opens one page, and nothing here.
        raise Problem("forbidden", detail=Phrase("password.must"))
    return access


def _lang(
    request: Request,
    lang: Annotated[LangCode | None, Query(description="language of messages")] = None,
) -> Lang:
    return lang or language_of(request)


#: For what asks nothing of anybody's: whether the installation is well.
AnyBole = Annotated[Bole, Depends(_bole)]
AnyAccess = Annotated[Access, Depends(_access)]
AnswerLang = Annotated[Lang, Depends(_lang)]

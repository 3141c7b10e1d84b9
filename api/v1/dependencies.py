"""What routes ask for: the assembled Bole, and the language of the answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request

from api.assembly import Bole
from api.languages import language_of
from api.v1.schema_base import LangCode
from taxonomies.models import Lang


def _bole(request: Request) -> Bole:
    bole: Bole = request.app.state.bole
    return bole


def _lang(
    request: Request,
    lang: Annotated[LangCode | None, Query(description="language of messages")] = None,
) -> Lang:
    return lang or language_of(request)


AnyBole = Annotated[Bole, Depends(_bole)]
AnswerLang = Annotated[Lang, Depends(_lang)]

"""`bole search`: one search, answered as a person or as a program reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from search.models import Target

if TYPE_CHECKING:
    from api.v1.schemas import SearchAnswer, SearchHit


#: Lines of measures shown for a hit.
_MEASURES = 3


def search(
    text: Annotated[str, typer.Argument(help="A title, skills, a sentence or a whole posting.")],
    target: Annotated[Target, typer.Option(help="What to look for.")] = Target.ROLES,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many answers.")] = 5,
    lang: Annotated[str, typer.Option(help="Language of the answer: zh or en.")] = "",
    region: Annotated[list[str] | None, typer.Option(help="Region code; may be repeated.")] = None,
    field: Annotated[list[str] | None, typer.Option(help="Field code; may be repeated.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Date whose rules apply, YYYY-MM-DD.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write what POST /v1/search answers.")
    ] = False,
) -> None:
    """Search the catalogue (or --target candidates, vacancies) in Chinese or English."""
    import gc

    # The process ends with the answer: collecting garbage on the way costs a fifth of the time.
    gc.disable()
    from pydantic import ValidationError

    from api.access import Access
    from api.commands.opening import open_for_reading
    from api.commands.output import write_json
    from api.search_answers import answer
    from api.v1.schemas import SearchBody
    from search.accounts.principal import OPERATOR
    from search.text.normalise import detect_language

    sent: dict[str, Any] = {"text": text, "target": target.value, "limit": limit}
    sent["filters"] = {"region": region or [], "field": field or []}
    if as_of:
        sent["as_of"] = as_of
    try:
        body = SearchBody.model_validate(sent)
    except ValidationError as error:
        raise ValueError(_said(error)) from None
    with open_for_reading() as bole:
        found = answer(Access(bole, OPERATOR), body)
    if as_json:
        write_json(found.model_dump(mode="json"))
    else:
        chosen = lang or ("en" if detect_language(text) == "en" else "zh")
        _print(found, "en" if chosen == "en" else "zh")


def _print(found: SearchAnswer, lang: str) -> None:
    from api.commands.output import write_line

    for condition in found.query.conditions:
        write_line(
            f"  [{condition.strength}] {getattr(condition.label, lang)} <- {condition.quote!r}"
        )
    if found.no_match:
        write_line(getattr(found.no_match.message, lang))
        return
    for hit in found.hits:
        _print_hit(hit, lang)


def _print_hit(hit: SearchHit, lang: str) -> None:
    from api.commands.output import write_line

    write_line(f"{hit.rank:>3}. {hit.score:5.1f}  {hit.id:<10} {getattr(hit.title, lang)}")
    for item in hit.evidence:
        mark = {"found": "+", "missing": "-"}.get(item.state, "?")
        quote = f": {item.quote}" if item.quote else ""
        write_line(f"         {mark} {getattr(item.label, lang)}{quote}")
    # Measures that stand alike (all ended, say) share a line; --json and the role's page have all.
    alike: dict[str, list[str]] = {}
    for notice in hit.benefits:
        alike.setdefault(getattr(notice.text, lang), []).append(getattr(notice.name, lang))
    for text, names in list(alike.items())[:_MEASURES]:
        shown = "、".join(names[:3]) if lang == "zh" else ", ".join(names[:3])
        more = f" (+{len(names) - 3})" if len(names) > 3 else ""
        write_line(f"         * {shown}{more}: {text}")
    if len(alike) > _MEASURES:
        write_line(f"         * … (+{sum(map(len, list(alike.values())[_MEASURES:]))})")


def _said(error: Exception) -> str:
    problems: list[dict[str, Any]] = getattr(error, "errors", list)()
    return "; ".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems) or str(error)

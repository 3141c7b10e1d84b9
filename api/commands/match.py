"""`bole match`: who fits a vacancy, or where a candidate fits; stored records or lines of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.v1.match_schemas import MatchAnswer, MatchHit

_MARKS = {"met": "+", "missing": "-", "unknown": "?"}


def match(
    vacancy: Annotated[str | None, typer.Option(help="Id of a stored vacancy.")] = None,
    candidate: Annotated[str | None, typer.Option(help="Id of a stored candidate.")] = None,
    vacancies: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Vacancies in JSON Lines, as for load."),
    ] = None,
    candidates: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Candidates in JSON Lines, as for load."),
    ] = None,
    target: Annotated[str, typer.Option(help="For a candidate: vacancies or roles.")] = "vacancies",
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many matches each.")] = 5,
    lang: Annotated[str, typer.Option(help="Language of the answer: zh or en.")] = "zh",
    as_of: Annotated[str | None, typer.Option(help="Date whose rules apply, YYYY-MM-DD.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write what POST /v1/match answers, one line each.")
    ] = False,
) -> None:
    """Match vacancies with the stored candidates, or candidates with stored vacancies or roles."""
    import json

    from pydantic import ValidationError

    from api.access import Access
    from api.commands.opening import open_for_reading
    from api.commands.output import write_line
    from api.match_answers import answer
    from api.v1.match_schemas import MatchBody
    from search.accounts.principal import OPERATOR

    given = [value for value in (vacancy, candidate, vacancies, candidates) if value is not None]
    if len(given) != 1:
        raise typer.BadParameter("give one of --vacancy, --candidate, --vacancies, --candidates")
    more: dict[str, Any] = {"limit": limit} | ({"as_of": as_of} if as_of else {})
    if vacancy is None and vacancies is None:
        more["target"] = target
    chosen: Literal["zh", "en"] = "en" if lang == "en" else "zh"
    with open_for_reading() as bole:
        for name, side in _sides(vacancy, candidate, vacancies, candidates):
            try:
                body = MatchBody.model_validate(side | more)
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                field = ".".join(str(part) for part in first["loc"])
                raise ValueError(f"{name}: {field}: {first['msg']}") from None
            found = answer(Access(bole, OPERATOR), body)
            if as_json:
                write_line(json.dumps(found.model_dump(mode="json"), ensure_ascii=False))
            else:
                _print(name, found, chosen)


def _sides(
    vacancy: str | None, candidate: str | None, vacancies: Path | None, candidates: Path | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what each match is called and who asks."""
    import json

    if vacancy is not None:
        yield vacancy, {"vacancy_id": vacancy}
    if candidate is not None:
        yield candidate, {"candidate_id": candidate}
    for path, member in ((vacancies, "vacancy"), (candidates, "candidate")):
        if path is None:
            continue
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                name = f"{path.name}, line {number}"
                try:
                    yield name, {member: json.loads(line)}
                except ValueError as error:
                    raise ValueError(
                        f"{name}: no JSON ({error}); write one object a line"
                    ) from None


def _print(name: str, found: MatchAnswer, lang: Literal["zh", "en"]) -> None:
    from api.commands.output import write_line

    write_line(f"{name}: {found.qualified} qualify, {found.excluded} do not")
    for requirement in found.requirements:
        label = getattr(requirement.label, lang)
        write_line(
            f"  [{requirement.strength}] {label} <- {requirement.quote or requirement.source}"
        )
    for without in found.counterfactuals:
        if without.more:
            write_line(f"  (without {getattr(without.label, lang)}: {without.more} more)")
    for hit in found.hits:
        _print_hit(hit, lang)


def _print_hit(hit: MatchHit, lang: Literal["zh", "en"]) -> None:
    from api.commands.output import write_line

    scores = hit.scores
    wishes = "    -" if scores.meets_wishes is None else f"{scores.meets_wishes:5.1f}"
    write_line(
        f"{hit.rank:>3}. {scores.both:5.1f} ({scores.meets_vacancy:5.1f}, {wishes})  {hit.id}  "
        f"{getattr(hit.title, lang)}"
    )
    for state, mark in _MARKS.items():
        for item in getattr(hit, state):
            quote = f": {item.quote}" if item.quote else ""
            write_line(f"         {mark} {getattr(item.label, lang)}{quote}")
    if hit.next_action is not None:
        action = hit.next_action
        write_line(f"         > {action.kind} {getattr(action.label, lang)} (+{action.gain})")

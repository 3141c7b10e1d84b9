"""`bole benefits`: public measures, and a check of facts against all of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.v1.benefit_schemas import BenefitCheck

app = typer.Typer(no_args_is_help=True, help="Public measures: which may apply, and why.")

AsOf = Annotated[str | None, typer.Option(help="Date whose rules apply, YYYY-MM-DD; today.")]
AsJson = Annotated[bool, typer.Option("--output-json", help="Write what the API answers.")]
Lang = Annotated[str, typer.Option(help="Language of the answer: zh or en.")]


@app.command("check")
def check(
    facts: Annotated[
        str,
        typer.Option(
            "--json", help="Facts as JSON, a file that holds them, or - for standard input."
        ),
    ],
    for_: Annotated[
        list[str] | None,
        typer.Option("--for", help="Only measures for these: person, employer, team, …"),
    ] = None,
    as_of: AsOf = None,
    lang: Lang = "zh",
    all_: Annotated[
        bool, typer.Option("--all", help="Show those that do not apply as well.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Most measures shown.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Say of every measure whether it applies to these facts, by which clause, and what is open."""
    import json

    from api.benefit_answers import checked
    from api.commands.output import write_json
    from api.settings import Settings
    from api.v1.benefit_schemas import BenefitCheckBody
    from search.benefits.book import open_book
    from search.benefits.reading import read_facts
    from search.benefits.standing import Standing

    given = _given(facts)
    day = as_of or given.pop("as_of", None)
    inner = given.pop("facts", None)
    settings = Settings()
    body = BenefitCheckBody.model_validate(
        {
            "facts": inner if isinstance(inner, dict) else given,
            "limit": limit,
            "beneficiary": for_ or [],
        }
        | ({"as_of": day} if day else {})
        | (
            {}
            if all_
            else {"standing": [one for one in Standing if one != Standing.DOES_NOT_APPLY]}
        )
    )
    book = open_book(settings.taxonomies_dir)
    found = checked(book, read_facts(body.facts), body, body.as_of or settings.today())
    if as_json:
        write_json(json.loads(found.model_dump_json()))
    else:
        _print(found, "en" if lang == "en" else "zh")


@app.command("list")
def list_(
    q: Annotated[str, typer.Argument(help="Words in name, clause or headings.")] = "",
    as_of: AsOf = None,
    lang: Lang = "zh",
) -> None:
    """List the measures, granted ones first."""
    from api.benefit_answers import BenefitFilter, benefit_list
    from api.commands.output import write_line
    from api.notices import Measures
    from api.settings import Settings
    from search.benefits.book import open_book

    settings = Settings()
    book = open_book(settings.taxonomies_dir)
    measures = Measures(book, _day(as_of) if as_of else settings.today())
    for item in benefit_list(measures, BenefitFilter(q=q), len(book.versions), None).items:
        write_line(f"{item.standing:<16} {item.id:<56} {getattr(item.name, lang)}")


@app.command("facts")
def facts_(lang: Lang = "zh") -> None:
    """List what can be said of a person, employer, role, place and so on, with the values that count."""
    from api.benefit_answers import fact_list
    from api.commands.output import write_line
    from api.settings import Settings
    from search.benefits.book import open_book

    settings = Settings()
    for item in fact_list(open_book(settings.taxonomies_dir), settings.today()).items:
        write_line(f"{item.name:<44} {item.kind:<8} {getattr(item.question, lang)}")
        for option in item.options:
            write_line(f"    {option.value}  {getattr(option.label, lang)}")


def _given(text: str) -> dict[str, object]:
    import json
    import sys

    if text == "-":
        text = sys.stdin.read()
    elif not text.lstrip().startswith("{"):
        text = Path(text).read_text("utf-8-sig")
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ValueError(
            f"--json is no JSON ({error}); give an object, or a file that holds one"
        ) from None
    if not isinstance(found, dict):
        raise ValueError('--json holds no object; write {"place": "Jiaxing", "person": {...}}')
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"--as-of was {text!r}; write YYYY-MM-DD") from error


def _print(found: BenefitCheck, lang: str) -> None:
    from api.commands.output import write_line
    from api.wording import wording

    say = wording("en" if lang == "en" else "zh")
    write_line(f"{found.as_of}: " + ", ".join(f"{n} {name}" for name, n in found.counts.items()))
    for item in found.results:
        write_line()
        write_line(f"[{say(f'standing.{item.standing}')}] {getattr(item.name, lang)} ({item.id})")
        write_line(f"  {getattr(item.text, lang)}")
        write_line(f"  {getattr(item.amount, lang)}")
        for mark, parts in (
            ("+", item.met_conditions),
            ("-", item.failed_conditions),
            ("?", item.open_conditions),
        ):
            for part in parts:
                known = "; ".join(getattr(value, lang) for value in part.known.values())
                write_line(
                    f"  {mark} {getattr(part.label, lang)}{f' [{known}]' if known else ''}"
                    f"  “{' / '.join(part.clauses)}”"
                )
        where = " > ".join(item.heading_path)
        write_line(f"  {item.document.title or item.document.file}: {where}")
        write_line(f"  “{item.clause}”")
    if found.questions:
        write_line()
        write_line(say("benefits.questions"))
        for question in found.questions:
            write_line(
                f"  {question.settles:>3}  {getattr(question.question, lang)} ({question.fact})"
            )

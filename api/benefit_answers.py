"""Public measures as answers show them: a list, one, all facts, and a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from api import cursors
from api.notices import Measures, benefit_condition, benefit_detail, benefit_notice, said, words
from api.problems import Fault, Phrase, Problem
from api.v1.benefit_schemas import (
    BenefitCheck,
    BenefitCheckBody,
    BenefitDetail,
    BenefitList,
    BenefitMiss,
    BenefitQuestion,
    FactItem,
    FactList,
    FactOption,
)
from search.benefits.book import Book
from search.benefits.facts import FactError, Facts, OneOf
from search.benefits.options import options
from search.benefits.questions import nearest_misses, questions
from search.benefits.reading import read_facts
from search.benefits.screening import Screened
from search.text.lexicon import label_key
from taxonomies.benefits import Benefit, leaves, named_values
from taxonomies.facts import load_facts

#: Questions in an answer at most.
QUESTIONS = 12


@dataclass(frozen=True)
class BenefitFilter:
    """Which measures a list shows; an empty filter passes everything."""

    q: str = ""
    status: Sequence[str] = ()
    standing: Sequence[str] = ()
    form: Sequence[str] = ()
    beneficiary: Sequence[str] = ()
    document: Sequence[str] = ()
    region: Sequence[str] = ()
    industry: Sequence[str] = ()

    def facts(self) -> Facts:
        """Return what the filter says of the place: measures of other places drop out."""
        return {"place.region": OneOf(frozenset(self.region))} if self.region else {}

    def passes(self, one: Screened) -> bool:
        """Say whether a measure is shown."""
        benefit = one.benefit
        chosen: list[tuple[Sequence[str], Iterable[str]]] = [
            (self.status, (benefit.status.value.value,)),
            (self.standing, (one.standing.value,)),
            (self.form, (benefit.form.value,)),
            (self.beneficiary, benefit.beneficiaries),
            (self.document, (benefit.document.file, benefit.document.file[:3])),
            (self.industry, named_values(benefit.conditions, "employer.industry")),
        ]
        if any(wanted and not set(wanted) & set(held) for wanted, held in chosen):
            return False
        if self.region and one.standing.value == "does_not_apply":
            return False
        wanted_words = [label_key(word) for word in self.q.split()]
        if not wanted_words:
            return True
        text = _text(benefit)
        return all(word in text for word in wanted_words)


def benefit_list(
    measures: Measures, wanted: BenefitFilter, limit: int, cursor: str | None
) -> BenefitList:
    """Return a page of the measures that a filter passes."""
    found = [
        one for one in measures.book.screen(wanted.facts(), measures.as_of) if wanted.passes(one)
    ]
    page, following = cursors.page(found, f"benefits {wanted} {measures.as_of}", cursor, limit)
    return BenefitList(
        items=[benefit_notice(one) for one in page],
        total=len(found),
        counts=dict(Counter(one.standing.value for one in found)),
        next=following,
        as_of=measures.as_of,
    )


def one_benefit(measures: Measures, benefit_id: str) -> BenefitDetail:
    """Return a measure with all that is known of it.

    Raises:
        Problem: there is none of this id.
    """
    if benefit_id not in measures.book.versions:
        raise Problem("not-found")
    return benefit_detail(measures.book.one(benefit_id, measures.as_of))


def fact_list(book: Book, as_of: date) -> FactList:
    """Return everything that conditions ask for."""
    asked = Counter(
        name
        for benefit in book.benefits(as_of)
        for name in {leaf.fact for leaf in leaves(benefit.conditions)}
    )
    return FactList(
        items=[
            FactItem(
                name=name,
                kind=fact.kind.value,
                question=words(fact.question),
                options=[
                    FactOption(value=option.value, label=words(option.label))
                    for option in options(name)
                    if fact.kind.value in {"members", "code"}
                ],
                measures=asked[name],
            )
            for name, fact in load_facts().items()
        ]
    )


def check(book: Book, body: BenefitCheckBody, today: Callable[[], date]) -> BenefitCheck:
    """Return every measure under the facts that were sent.

    Raises:
        Problem: a fact has an unknown name or a value that does not fit it, or a measure is unknown.
    """
    if unknown := set(body.benefit) - set(book.versions):
        place = next(at for at, key in enumerate(body.benefit) if key in unknown)
        advice = Phrase("fault.unknown_benefit")
        raise Problem("invalid-input", [Fault("body", f"benefit[{place}]", advice)])
    try:
        facts = read_facts(body.facts)
    except FactError as error:
        raise Problem("invalid-input", [fact_fault(error)]) from error
    return checked(book, facts, body, body.as_of or today())


def checked(book: Book, facts: Facts, body: BenefitCheckBody, as_of: date) -> BenefitCheck:
    """Return every measure under what is known."""
    return check_answer(book.known(facts, as_of), asked_for(book, facts, body, as_of), body, as_of)


def asked_for(book: Book, facts: Facts, body: BenefitCheckBody, as_of: date) -> list[Screened]:
    """Return the measures that a check is about, the most useful first."""
    ids, parties = frozenset(body.benefit), frozenset(body.beneficiary)
    return [
        one
        for one in book.screen(facts, as_of)
        if (not ids or one.benefit.id in ids)
        and (not parties or parties.intersection(one.benefit.beneficiaries))
    ]


def check_answer(
    known: Facts, screened: Sequence[Screened], body: BenefitCheckBody, as_of: date
) -> BenefitCheck:
    """Return measures as the answer to a check.

    Args:
        known: what is known, with what follows from it.
        screened: what `asked_for` returned.
        body: what was asked; its facts are not looked at.
        as_of: the day whose standing is asked for.
    """
    shown = [one for one in screened if not body.standing or one.standing.value in body.standing]
    return BenefitCheck(
        as_of=as_of,
        known={name: said(name, value) for name, value in known.items() if value is not None},
        counts=dict(Counter(one.standing.value for one in screened)),
        verdicts=dict(Counter(one.verdict.value for one in screened)),
        total=len(shown),
        results=[benefit_detail(one) for one in shown[: body.limit]],
        questions=[
            BenefitQuestion(
                fact=one.fact,
                question=words(one.text),
                settles=one.settles,
                alone=one.alone,
                benefits=list(one.benefits),
            )
            for one in questions(screened, known)[:QUESTIONS]
        ],
        nearest_misses=[
            BenefitMiss(
                id=miss.benefit.id,
                name=words(miss.benefit.name),
                failed=[benefit_condition(found) for found in miss.failed_conditions],
            )
            for miss in nearest_misses(screened)
        ],
    )


def fact_fault(error: FactError) -> Fault:
    """Return the fault of a fact that cannot be used; what was sent is not repeated."""
    name = f"facts.{error.fact}" if error.fact else "facts"
    return Fault(
        "body", name, Phrase(f"fault.fact.{error.fault}", {"known": ", ".join(error.known)})
    )


def _text(benefit: Benefit) -> str:
    """Return what a text search looks through, as it is compared."""
    parts = (benefit.id, benefit.name.zh, benefit.name.en, benefit.quote, *benefit.heading_path)
    return label_key(" ".join(parts))

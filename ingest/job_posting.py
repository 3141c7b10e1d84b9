"""schema.org JobPosting (JSON-LD, alone or in a page) as vacancies.

Source: schema.org, type JobPosting; properties title, description, responsibilities, qualifications,
skills, experienceRequirements, educationRequirements, employmentType, baseSalary, jobLocation,
datePosted, validThrough, hiringOrganization, identifier, totalJobOpenings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest import posting_properties as properties
from ingest.json_documents import DocumentError, checked, shown
from ingest.linked_data import nodes_of_type, plain_text
from ingest.tables.rows import Remark
from search.matching.refusals import refusals_of
from search.records.models import Vacancy

#: Most postings of one file.
MOST_POSTINGS = 1_000


@dataclass(frozen=True, slots=True)
class PostingFault:
    """A posting that cannot be taken.

    Attributes:
        posting: which of the file's, from 1.
        field: where, in our terms; "" for the posting as a whole.
        value: what stands there, cut short.
        reason: `table.reason.<code>` of the locale files.
        fix: `table.fix.<code>`.
    """

    posting: int
    field: str
    value: str
    reason: Remark
    fix: Remark


def read_job_postings(data: bytes) -> list[Vacancy | PostingFault]:
    """Return the postings of a file, each as a vacancy or as the first thing that is wrong with it.

    What can be left open is left open where it is not understood (a place outside the list, pay by the
    hour, another currency); a posting without a title, or one that asks for what it may not, is a fault.

    Args:
        data: JSON-LD, or an HTML page with scripts of `application/ld+json`.

    Raises:
        DocumentError: `too_large`, `not_json`, `too_deep`, `no_posting` or `too_many_postings`.
    """
    nodes = nodes_of_type(data, "JobPosting")
    if not nodes:
        raise DocumentError("no_posting")
    if len(nodes) > MOST_POSTINGS:
        raise DocumentError("too_many_postings", most=MOST_POSTINGS)
    return [_posting(number, node) for number, node in enumerate(nodes, start=1)]


def _posting(number: int, node: Mapping[str, Any]) -> Vacancy | PostingFault:
    title = plain_text(
        properties.first_text(node.get("title")) or properties.first_text(node.get("name"))
    )
    if not title:
        return PostingFault(number, "title", "", Remark("missing"), Remark("fill_in"))
    low, high = properties.monthly_pay(node.get("baseSalary"))
    parts = {
        "key": properties.key(node.get("identifier")),
        "title": title,
        "text": properties.description(node),
        "employer": properties.name(node.get("hiringOrganization")) or None,
        "headcount": properties.whole(node.get("totalJobOpenings")),
        "skills": [{"name": name} for name in properties.skills(node.get("skills"))],
        "years_at_least": properties.years(node.get("experienceRequirements")),
        "education_at_least": properties.education(node.get("educationRequirements")),
        "region": properties.region(node.get("jobLocation")),
        "pay_monthly_yuan_from": low,
        "pay_monthly_yuan_to": high,
        "employment": properties.employment(node.get("employmentType")),
        "posted": properties.day(node.get("datePosted")),
        "valid_through": properties.day(node.get("validThrough")),
    }
    try:
        vacancy = checked(Vacancy, parts)
    except DocumentError as error:
        field, found = str(error.params["field"]), str(error.params["found"])
        return PostingFault(number, field, found, Remark("not_allowed"), Remark("write_other"))
    for field, refusal in refusals_of(vacancy):
        reason = Remark("refused_posting", {"quote": refusal.quote, "reason": refusal.reason})
        fix = Remark("refused_posting", {"advice": refusal.advice})
        return PostingFault(number, field, shown(refusal.quote), reason, fix)
    return vacancy

"""Files that bring records: taken in, looked through, imported, and what was wrong given back as a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.access import Access
from api.problems import Fault, Phrase, Problem
from api.turns import Turns
from api.wording import wording
from ingest.exports.words import fix_words, reason_words
from ingest.tables.checking import check
from ingest.tables.columns import plan_columns
from ingest.tables.corrected import write_corrected
from ingest.tables.model import TableError
from ingest.tables.opening import read_table
from ingest.tables.rows import Remark
from ingest.tables.template import write_template
from search.accounts.principal import Role, Scope
from search.records.errors import ImportJobMissingError
from search.records.import_jobs import ImportJob
from search.records.stored import Kind
from taxonomies.models import Lang, Text

#: Writing one holds a whole workbook in memory.
CORRECTING = Turns(1)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def take(
    access: Access, kind: Kind, file_name: str, content: bytes, mapping: Mapping[str, str]
) -> ImportJob:
    """Take a file in; it is looked through in the background, and nothing is saved yet.

    Raises:
        Problem: 401 or 403 for who cannot import records of this kind; 422 for an empty file.
    """
    _require(access, kind)
    if not content:
        fault = Fault("body", "file", Phrase("table.refused.empty"))
        raise Problem("invalid-input", [fault])
    job = access.bole.import_jobs.add(
        access.who.owner, access.who.account_id, kind, file_name, content, mapping
    )
    access.bole.importing.wake()
    return job


def jobs(access: Access) -> tuple[ImportJob, ...]:
    """Return the imports of the caller or their organisation, newest first.

    Raises:
        Problem: 401 or 403 for who can have none.
    """
    access.require(Scope.READ)
    if not access.who.owner:
        raise access.refusal()
    return access.bole.import_jobs.of(access.who.owner)


def read(access: Access, job_id: str) -> ImportJob:
    """Return an import of the caller or their organisation.

    Raises:
        Problem: 401, 403, 404.
    """
    access.require(Scope.READ)
    if not access.who.owner:
        raise access.refusal()
    try:
        return access.bole.import_jobs.get(job_id, access.who.owner)
    except ImportJobMissingError:
        raise Problem("not-found") from None


def run(access: Access, job_id: str) -> ImportJob:
    """Import the rows of a file that was looked through; those at fault are left out.

    Raises:
        Problem: 401, 403, 404; 409 when it was not looked through, or was imported already.
    """
    return _move(access, job_id, ("checked",), "importing")


def cancel(access: Access, job_id: str) -> ImportJob:
    """Call an import off; rows that are in already stay, and their number is shown.

    Raises:
        Problem: 401, 403, 404; 409 when it ended already.
    """
    return _move(access, job_id, ("checking", "checked", "importing"), "cancelled")


def corrected(access: Access, job_id: str, lang: Lang) -> bytes:
    """Return the rows at fault as an XLSX file with what is wrong and what to do beside each.

    Raises:
        Problem: 401, 403, 404 also when the file is not kept any more; 503, another sheet is being
            written and no turn came in time.
    """
    job = read(access, job_id)
    content = access.bole.import_jobs.content(job.id)
    if content is None or job.state in {"refused", "failed"}:
        raise Problem("not-found", detail=Phrase("import.not_kept"))
    try:
        with CORRECTING.one():
            table = read_table(content)
            plan = plan_columns(table, job.kind, job.mapping)
            results = check(table, job.kind, job.mapping)
            faults = (fault for result in results for fault in result.faults)
            return write_corrected(table, plan, faults, wording(lang))
    except TableError as error:
        raise Problem(
            "conflict", detail=Phrase(f"table.refused.{error.code}", error.params)
        ) from None


def template(kind: Kind, lang: Lang) -> bytes:
    """Return an XLSX file to fill in."""
    return write_template(kind, wording(lang))


def refused(job: ImportJob) -> Phrase | None:
    """Return why a file was refused as a whole."""
    if job.state != "refused":
        return None
    return Phrase(f"table.refused.{job.problem['code']}", job.problem["params"])


def said(fault: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    """Return why a cell that was at fault is not taken, and what to do."""
    words = wording(lang)
    return reason_words(words, _remark(fault["reason"])), fix_words(words, _remark(fault["fix"]))


def _remark(kept: Mapping[str, Any]) -> Remark:
    params = {
        name: Text(**value) if isinstance(value, dict) else value
        for name, value in kept["params"].items()
    }
    return Remark(kept["code"], params)


def _require(access: Access, kind: Kind) -> None:
    access.require_add(kind)
    # A job seeker has a profile, not a table of them.
    if access.who.role is Role.CANDIDATE:
        raise access.refusal()


def _move(access: Access, job_id: str, allowed: tuple[str, ...], to: str) -> ImportJob:
    access.require(Scope.WRITE)
    job = read(access, job_id)
    moved = job.state in allowed and access.bole.import_jobs.move(job, to)  # type: ignore[arg-type]
    if not moved:
        raise Problem("conflict", detail=Phrase("import.wrong_state"))
    access.bole.importing.wake()
    return read(access, job_id)

"""A talent office's audit: dashboard, roles, snapshots, targets, reports."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.access import Access
from api.audit import entering, snapshots
from api.audit.allowed import require_officer
from api.audit.labels import both, place_label, role_label
from api.audit.planning import progress
from api.audit.question import AuditQuestion, asked_by, line_region
from api.audit.report import FORMATS, MEDIA_TYPES, methods, report_file, report_words
from api.audit.report_planning import targets_table
from api.languages import language_of
from api.problems import Fault, Phrase, Problem, body
from api.reports.views import map_view, table_view
from api.web.access import AnyAccess, see_other, signed_in
from api.web.audit_role_view import role_view
from api.web.audit_views import changes_table, dashboard, faults_of_rows
from api.web.forms import AnyForm
from api.web.templating import render
from api.wording import wording
from search.accounts.principal import Role
from search.audit.named_rows import labels_of
from search.audit.targets.actual_rows import ActualRows
from taxonomies.catalogue import load_catalogue
from taxonomies.models import Lang
from taxonomies.regions import load_regions
from taxonomies.targets import load_indicators

pages = APIRouter(include_in_schema=False, prefix="/audit")


def officer(access: Access, request: Request) -> Access:
    """Let in officers, and whoever uses an installation without accounts.

    Raises:
        SendElsewhere: nobody is signed in.
        Problem: 403.
    """
    if not access.who.is_open:
        signed_in(access, request, Role.OFFICE)
    require_officer(access)
    return access


@pages.get("")
def audit_page(request: Request, access: AnyAccess) -> Response:
    """Show the map, the ranking, causes, unmet demand and drift of a day."""
    officer(access, request)
    asked = asked_by(access, request.query_params)
    lang = language_of(request)
    found = dashboard(access, asked, query_of(asked))
    words = report_words(lang)
    return render(
        request,
        "audit.html",
        asked=asked,
        query=query_of(asked),
        counts=found.counts,
        map=map_view(found.map, words),
        figures=[table_view(table, words) for table in found.tables],
        figures_made=found.figures,
        methods=methods(),
        formats=FORMATS,
        **choices(lang),
    )


@pages.get("/roles")
def audit_roles_page(request: Request, access: AnyAccess) -> Response:
    """Lead to the role that was chosen."""
    officer(access, request)
    number = request.query_params.get("number", "")
    is_number = number.isascii() and number.isdigit() and len(number) <= 4
    return see_other(f"/audit/roles/{int(number)}" if is_number else "/audit")


@pages.get("/roles/{number}")
def audit_role_page(request: Request, access: AnyAccess, number: str) -> Response:
    """Show one role: every measure with its formula, causes, forecast, and the records behind a figure."""
    officer(access, request)
    is_number = number.isascii() and number.isdigit() and len(number) <= 4
    if not is_number or load_catalogue().role(int(number)) is None:
        raise Problem("not-found")
    params = {**request.query_params, "role": number}
    asked = asked_by(access, params)
    lang = language_of(request)
    words = report_words(lang)
    found = role_view(access, asked, params)
    return render(
        request,
        "audit_role.html",
        asked=asked,
        query=query_of(asked),
        title=role_label(asked.role),
        place=place_label(asked.region),
        view=found,
        forecast=None if found.forecast is None else table_view(found.forecast, words),
        places=table_view(found.places, words),
        causes=table_view(found.causes, words),
        published=None if found.published is None else table_view(found.published, words),
        **choices(lang),
    )


@pages.get("/snapshots")
def snapshots_page(request: Request, access: AnyAccess) -> Response:
    """List the snapshots; check one, or compare two, where the address says which."""
    officer(access, request)
    params = request.query_params
    checked = snapshots.verified(access, params["verify"]) if params.get("verify") else None
    context: dict[str, Any] = {"comparison": None, "changes": None}
    if params.get("before") and params.get("after"):
        region = line_region(params.get("region", ""))
        before, after, found = snapshots.compared(access, params["before"], params["after"])
        context["comparison"] = found
        context["compared"] = (before, after)
        words = report_words(language_of(request))
        context["changes"] = table_view(changes_table(found, region), words)
    return render(
        request,
        "audit_snapshots.html",
        asked=asked_by(access, {}),
        kept=snapshots.snapshots(access),
        checked=checked,
        **context,
    )


@pages.post("/snapshots")
def freeze(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Freeze the audit of a day."""
    officer(access, request)
    asked = asked_by(access, {name: form(name) for name in ("as_of", "start")})
    return see_other(f"/audit/snapshots#snapshot-{snapshots.make(access, asked).id}")


@pages.get("/targets")
def targets_page(request: Request, access: AnyAccess) -> Response:
    """Show the plans' targets beside the figures entered, and the form to enter one."""
    officer(access, request)
    return _targets(request, access)


@pages.post("/targets")
def enter_target(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Keep one actual figure."""
    officer(access, request)
    fields = {name: form(name) for name in ("indicator", "value", "unit", "on", "note")}
    if not fields["unit"]:
        units = {one.id: one.unit.zh for one in load_indicators()}
        fields["unit"] = units.get(fields["indicator"], "")
    found = entering.enter(access, **fields)
    if found.faults:
        return _targets(request, access, found, fields, is_file=False)
    return see_other("/audit/targets")


@pages.post("/targets/file")
def enter_targets(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Keep the sound rows of a file, and show what is wrong with the others."""
    officer(access, request)
    upload = form.files.get("file")
    content = b"" if upload is None else upload.content
    found = entering.enter_file(access, content)
    return _targets(request, access, found) if found.faults else see_other("/audit/targets")


@pages.get("/report.{form}")
def report_page(request: Request, access: AnyAccess, form: str) -> Response:
    """Give the report of a day as a file; with `public=1` what may leave the office."""
    officer(access, request)
    format = next((name for name in FORMATS if name == form), None)
    if format is None:
        raise Problem("not-found")
    params = request.query_params
    asked, is_public = asked_by(access, params), params.get("public") == "1"
    content = report_file(
        access,
        asked,
        format,
        language_of(request),
        snapshot_id=params.get("snapshot", ""),
        is_public=is_public,
        table=params.get("table", ""),
    )
    name = f"bole-{'public' if is_public else 'audit'}-{asked.as_of}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA_TYPES[format], headers=headers)


def query_of(asked: AuditQuestion) -> str:
    """Return what follows the address of another page about the same day, period, field and place."""
    pairs = [("as_of", asked.as_of.isoformat()), ("start", asked.period.start.isoformat())]
    pairs += [("field", asked.field)] if asked.field else []
    pairs += [("region", asked.region)] if asked.region else []
    return f"?{urlencode(pairs)}"


def choices(lang: Lang) -> dict[str, Any]:
    """Return what can be chosen: fields, places and roles, named in one language."""
    cities = [code for code, region in load_regions().items() if region.level == "city"]
    places = [(code, place_label(code).within(lang)) for code in (*cities, "unknown", "outside")]
    return {
        "field_options": [(one.code, one.name.within(lang)) for one in load_catalogue().fields],
        "place_options": [("", both("audit.place.whole").within(lang)), *places],
        "role_options": [
            (str(one.number), f"{one.number} {one.title.within(lang)}")
            for one in load_catalogue().roles
        ],
    }


def _targets(
    request: Request,
    access: Access,
    entered: ActualRows | None = None,
    fields: dict[str, str] | None = None,
    *,
    is_file: bool = True,
) -> Response:
    lang = language_of(request)
    context: dict[str, Any] = {}
    if entered is not None and not is_file:
        faults = [
            Fault(
                "body",
                one.column or "indicator",
                Phrase(f"row_fault.reason.{one.reason}", {"expected": one.expected}),
            )
            for one in entered.faults
        ]
        context["problem"] = body(request, Problem("invalid-input", faults), wording(lang))
    found = progress(access, access.today())
    return render(
        request,
        "audit_targets.html",
        422 if entered is not None else 200,
        table=table_view(targets_table(found), report_words(lang)),
        progress=found,
        entered=len(entered.actuals) if entered is not None and is_file else None,
        row_faults=faults_of_rows(entered.faults, lang, labels_of("search.audit.targets"))
        if entered is not None and is_file
        else [],
        fields=fields or {},
        indicators=[
            (
                one.indicator.id,
                f"{one.indicator.subject.within(lang)} ({one.indicator.unit.within(lang)})",
            )
            for one in found
        ],
        **context,
    )

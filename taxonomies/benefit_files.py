"""Read benefit files: YAML with the line of every node, so that a fault is named by file, line and fix.

The format stands at the head of `taxonomies/benefits.py`.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError

from taxonomies.benefits import (
    AllOf,
    Amount,
    AnyOf,
    Benefit,
    CatalogueTie,
    Discretion,
    Document,
    Duration,
    Horizon,
    Leaf,
    NamedIndustry,
    Period,
    SourceError,
    Status,
)
from taxonomies.facts import Label
from taxonomies.yaml_text import LOADER

_Path = tuple[str | int, ...]


class BenefitFileError(ValueError):
    """A benefit file cannot be used: the message gives file, line and the fix.

    Attributes:
        file: the file as it was named to the reader.
        line: 1-based line of the fault.
        problem: what is wrong.
        fix: what to write instead.
    """

    def __init__(self, file: str, line: int, problem: str, fix: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}. Fix: {fix}")
        self.file = file
        self.line = line
        self.problem = problem
        self.fix = fix


#: All shipped measures in one file, as `python -m taxonomies.seal` writes it: reading a thousand YAML
#: files takes most of a second, and a command should answer within one.
COMPILED = "all.json"


class Compiled(BaseModel):
    """The shipped measures, and what their files looked like when they were put together."""

    files: str
    benefits: tuple[Benefit, ...]


@cache
def load_benefits() -> tuple[Benefit, ...]:
    """Return the measures shipped with Bole, ordered by id.

    Raises:
        BenefitFileError: a file is wrong; the message gives file, line and the fix.
    """
    root = files("taxonomies") / "data" / "benefits"
    compiled = root / COMPILED
    if compiled.is_file():
        found = Compiled.model_validate_json(compiled.read_bytes())
        if found.files == state_of(root):
            return found.benefits
    return read_folders(root)


def compile_benefits(root: Path) -> bytes:
    """Return what `COMPILED` should hold for the files below a folder.

    Raises:
        BenefitFileError: a file is wrong.
    """
    compiled = Compiled(files=state_of(root), benefits=read_folders(root))
    return compiled.model_dump_json(by_alias=True).encode()


def state_of(root: Traversable) -> str:
    """Return a hash over names and sizes of the files: it changes with nearly every edit, at once."""
    lines = sorted(
        f"{folder.name}/{entry.name} {Path(str(entry)).stat().st_size}"
        for folder in root.iterdir()
        if folder.is_dir()
        for entry in folder.iterdir()
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_folders(root: Traversable) -> tuple[Benefit, ...]:
    """Read every `<jurisdiction slug>/<id>.yaml` below a folder, ordered by id.

    Raises:
        BenefitFileError: a file is wrong, an id stands twice, or a folder mixes jurisdictions.
    """
    found: dict[str, tuple[str, Benefit]] = {}
    for folder in sorted(
        (entry for entry in root.iterdir() if entry.is_dir()), key=lambda entry: entry.name
    ):
        jurisdiction: str | None = None
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if not entry.name.endswith(".yaml"):
                continue
            name = f"{folder.name}/{entry.name}"
            content = entry.read_bytes()
            benefit = read_benefit(content, name)
            jurisdiction = jurisdiction or benefit.jurisdiction
            if benefit.jurisdiction != jurisdiction:
                raise _fault(
                    content,
                    name,
                    "jurisdiction",
                    f"jurisdiction {benefit.jurisdiction} stands among files of {jurisdiction}",
                    "correct the code or move the file to the folder of its jurisdiction",
                )
            if benefit.id in found:
                raise _fault(
                    content,
                    name,
                    "id",
                    f"id {benefit.id!r} is already that of {found[benefit.id][0]}",
                    "choose another id and rename the file to match",
                )
            found[benefit.id] = (name, benefit)
    return tuple(found[key][1] for key in sorted(found))


def read_benefit(content: bytes | str, file: str) -> Benefit:
    """Read one measure.

    Args:
        content: the YAML text.
        file: its path; the last part without `.yaml` is the id.

    Raises:
        BenefitFileError: the text is no YAML, a field is missing, unknown or wrong, or the id
            differs from the file name.
    """
    document = _parse(content, file)
    try:
        benefit = Benefit.model_validate(document.data)
    except ValidationError as error:
        raise _explain(error, document, file) from error
    stem = file.rsplit("/", 1)[-1].removesuffix(".yaml")
    if benefit.id != stem:
        raise BenefitFileError(
            file,
            document.line(("id",)),
            f"the id is {benefit.id!r}, the file is called {stem!r}",
            f"write id: {stem}, or rename the file to {benefit.id}.yaml",
        )
    return benefit


def line_of(content: bytes | str, file: str, field: str) -> int:
    """Return the line of a field, given with dots, or of the deepest part of it that is there."""
    return _parse(content, file).line(tuple(field.split(".")))


# --- Reading YAML with the line of every node. ---

_MAX_DEPTH = 32


@dataclass(frozen=True)
class _Parsed:
    """The data of a YAML text with the line of every value."""

    data: object
    lines: Mapping[_Path, int]

    def line(self, location: Sequence[str | int]) -> int:
        """Return the line of the deepest part of a location that stands in the file.

        Parts that name no node (the tags of a union) are passed over.
        """
        path: _Path = ()
        for part in location:
            if (*path, part) in self.lines:
                path = (*path, part)
        return self.lines[path]


def _parse(content: bytes | str, file: str) -> _Parsed:
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BenefitFileError(file, line, "the file is not UTF-8", "save it as UTF-8") from error
    try:
        root = yaml.compose(text, Loader=LOADER)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = (
            getattr(error, "problem", None) or getattr(error, "reason", None) or "nested too deeply"
        )
        raise BenefitFileError(
            file,
            mark.line + 1 if mark else 1,
            f"the file is no YAML: {problem}",
            "correct indentation, quotes and brackets there",
        ) from error
    if root is None:
        raise BenefitFileError(
            file,
            1,
            "the file is empty",
            "start from the format at the head of taxonomies/benefits.py",
        )
    lines: dict[_Path, int] = {}
    return _Parsed(_build(root, (), lines, set(), file), lines)


def _build(
    node: yaml.Node, path: _Path, lines: dict[_Path, int], seen: set[int], file: str
) -> object:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    # An alias yields the very node of its anchor. Refusing it rules out bombs and endless loops.
    if id(node) in seen:
        raise BenefitFileError(
            file, line, "an alias repeats a value", "write the value out; aliases are not read"
        )
    seen.add(id(node))
    if len(path) > _MAX_DEPTH:
        raise BenefitFileError(
            file, line, "values are nested too deeply", "flatten the condition tree"
        )
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            key_line = key_node.start_mark.line + 1
            if key is None:
                raise BenefitFileError(file, key_line, "a key is not a word", "write `name: value`")
            if key in mapping:
                raise BenefitFileError(
                    file, key_line, f"{key!r} is given twice", "keep one of the two"
                )
            lines[(*path, key)] = key_line
            mapping[key] = _build(value_node, (*path, key), lines, seen, file)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [
            _build(part, (*path, number), lines, seen, file)
            for number, part in enumerate(node.value)
        ]
    return _scalar(node)


def _scalar(node: yaml.Node) -> object:
    """Read true, false, null and numbers as such; all else, dates and `no` included, is text."""
    kind = str(node.tag).rpartition(":")[2]
    text = str(node.value)
    if kind == "null":
        return None
    if kind == "bool" and text in ("true", "false"):
        return text == "true"
    if kind == "int" and re.fullmatch(r"-?(0|[1-9]\d{0,17})", text):
        return int(text)
    if kind == "float" and re.fullmatch(r"-?\d{1,17}\.\d{1,17}", text):
        return float(text)
    return text


def _explain(error: ValidationError, document: _Parsed, file: str) -> BenefitFileError:
    faults = sorted(error.errors(include_url=False), key=lambda fault: document.line(fault["loc"]))
    fault = faults[0]
    location = [part for part in fault["loc"] if part not in ("leaf", "stated", "silent")]
    where = ".".join(str(part) for part in location) or "the file"
    match fault["type"]:
        case "missing":
            problem, fix = f"{where} is missing", f"add `{location[-1]}:`"
        case "extra_forbidden":
            near = difflib.get_close_matches(str(location[-1]), _field_names(), n=1)
            hint = f"write `{near[0]}:`, or remove it" if near else "remove it"
            problem, fix = f"{where} is no field of the format", hint
        case "value_error":
            cause = fault["ctx"]["error"]
            problem = str(cause)
            fix = getattr(cause, "fix", "see the format at the head of taxonomies/benefits.py")
        case "string_type":
            problem, fix = f"{where} is {fault['input']!r}", "write text, a number in quotes"
        case _:
            found = repr(fault["input"])
            found = found if len(found) <= 60 else found[:59] + "…"
            problem = f"{where} is {found}"
            fix = fault["msg"][:1].lower() + fault["msg"][1:]
    at = getattr(fault.get("ctx", {}).get("error"), "at", ())
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return BenefitFileError(file, document.line((*fault["loc"], *at)), problem + more, fix)


def _fault(content: bytes, file: str, field: str, problem: str, fix: str) -> BenefitFileError:
    return BenefitFileError(file, _parse(content, file).line((field,)), problem, fix)


@cache
def _field_names() -> tuple[str, ...]:
    models = (
        Benefit,
        Label,
        Document,
        Status,
        Discretion,
        Amount,
        Duration,
        Period,
        Horizon,
        CatalogueTie,
        NamedIndustry,
        SourceError,
        Leaf,
        AllOf,
        AnyOf,
    )
    return tuple(sorted({name for model in models for name in model.model_fields} | {"not"}))

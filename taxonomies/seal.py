"""Write the hashes of all data files into their `datapackage.json`, and the measures into one file.

    python -m taxonomies.seal

Run after an intended edit. The provenance fields (source, document, retrieved, licence) are kept as they are.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from taxonomies.benefit_files import COMPILED, compile_benefits
from taxonomies.releases import DATA


def seal(folder: Path) -> int:
    """Rewrite the resources of one release and return how many files it lists."""
    manifest = folder / "datapackage.json"
    package = json.loads(manifest.read_text(encoding="utf-8"))
    described = {entry["path"]: entry for entry in package.get("resources", [])}
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != manifest)
    package["resources"] = [_resource(path, folder, described) for path in files]
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    manifest.write_text(text, encoding="utf-8")
    return len(files)


def _resource(
    path: Path, folder: Path, described: dict[str, dict[str, object]]
) -> dict[str, object]:
    name = path.relative_to(folder).as_posix()
    content = path.read_bytes()
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    return described.get(name, {}) | {"path": name, "bytes": len(content), "hash": digest}


def main() -> None:
    """Seal every release under the data folder."""
    for manifest in sorted(DATA.rglob("datapackage.json")):
        count = seal(manifest.parent)
        sys.stdout.write(f"{manifest.parent.relative_to(DATA)}: {count} files\n")
    folder = DATA / "benefits"
    (folder / COMPILED).write_bytes(compile_benefits(folder))
    sys.stdout.write(f"benefits: {COMPILED}\n")


if __name__ == "__main__":
    main()

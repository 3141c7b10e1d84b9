"""Backups are the records at one moment, whatever is written meanwhile; and they come back as they were."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import stat
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import inspect, select, text

from search.records.backups import postgresql_dump
from search.records.backups.errors import BackupError, DamagedBackupError, InUseError
from search.records.backups.making import make_backup
from search.records.backups.manifest import MANIFEST, SEAL, read_manifest
from search.records.backups.register import backups_holding, list_backups
from search.records.backups.restoring import restore_backup, verify_backup
from search.records.database import Database, open_database
from search.records.in_use import use
from search.records.migrations import HEAD, known_revisions
from search.records.models import Candidate
from search.records.store import RecordStore
from search.records.tables import METADATA

BACKUPS = 10
#: Begun anew by a restore: they say what indexes have seen.
ABOUT_INDEXES = {"outbox", "consumer", "pruned"}


def nothing(store):
    return 0


def content(connection):
    """Return a hash of every row of every table that a restore must bring back."""
    digest = hashlib.sha256()
    for table in METADATA.sorted_tables:
        if table.name in ABOUT_INDEXES:
            continue
        rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
        digest.update(repr((table.name, [tuple(row) for row in rows])).encode())
    return digest.hexdigest()


def content_of(database):
    with database.reading() as connection:
        return content(connection)


class Writer(threading.Thread):
    """Changes records without a pause, and knows what they were after each change."""

    def __init__(self, url):
        super().__init__()
        self.url, self.stop, self.states = url, threading.Event(), {}
        self.failure = None

    def run(self):
        try:
            database = open_database(self.url)
            store = RecordStore(database)
            note = lambda: self.states.update({store.last_sequence(): content_of(database)})  # noqa: E731
            note()
            for number in count():
                if self.stop.is_set():
                    break
                # Two at a time: a state with one of them alone never was.
                store.put_many([person(number % 40), person(40 + number % 40, number)], "writer")
                note()
                if number % 7 == 3:
                    store.delete(next(iter(store.sequences())))
                    note()
            database.close()
        except BaseException as error:
            self.failure = error


def person(key, number=0):
    return Candidate(key=str(key), headline=f"engineer {key} {number}", summary="文" * (key + 1))


@contextmanager
def opened(address):
    database = open_database(address.render_as_string(hide_password=False))
    yield database
    database.close()


def again(database):
    """Return the same database, not yet opened: a restore closes its own."""
    return Database(database.address.render_as_string(hide_password=False))


@pytest.fixture
def home(tmp_path):
    """A data folder with what offices loaded, and with what no backup must hold."""
    home = tmp_path / "home"
    for name, words in {
        "uploads/2026/cv.pdf": "%PDF", "uploads/empty": "", "taxonomies/benefits/own.json": "{}",
        "index/CURRENT": "x", "models/vectors.npy": "x", "secret.key": "hush", ".env": "hush",
    }.items():  # fmt: skip
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(words)
    (home / "uploads" / "link").symlink_to(home / "secret.key")
    return home


@pytest.fixture
def backup(store, database, home, tmp_path):
    """A backup of some records."""
    store.put_many([person(number) for number in range(30)], "owner")
    folder = tmp_path / "backup"
    make_backup(database, home, folder, "1.2.3")
    return folder


@pytest.fixture
def target(kind, tmp_path, request):
    """Makes empty places to restore into: a database and a data folder."""
    numbers, made = count(), []

    def make():
        folder = tmp_path / f"target {next(numbers)}"
        if kind == "sqlite":
            return Database(f"sqlite:///{folder / 'bole.db'}"), folder
        made.append(request.getfixturevalue("postgresql").create_database())
        return Database(made[-1]), folder

    yield make
    for url in made:
        request.getfixturevalue("postgresql").drop_database(url)


def test_backups_beside_a_writer_are_states_that_were(url, home, tmp_path, target):
    database = open_database(url)
    writer = Writer(url)
    writer.start()
    try:
        for number in range(BACKUPS):
            make_backup(database, home, tmp_path / str(number), "1.2.3")
    finally:
        writer.stop.set()
        writer.join()
        database.close()
    assert writer.failure is None
    taken = [read_manifest(tmp_path / str(number)) for number in range(BACKUPS)]
    # It went on writing: not ten times the same.
    assert len({manifest.last_sequence for manifest in taken}) > BACKUPS // 2
    for number, manifest in enumerate(taken):
        place, folder = target()
        restore_backup(tmp_path / str(number), place, folder, replace=False, reapply=nothing)
        with opened(place.address) as again:
            # Row by row what it was at the one moment that the backup names.
            assert content_of(again) == writer.states[manifest.last_sequence]
            with again.reading() as connection:
                restored = connection.execute(text("SELECT count(*) FROM record")).scalar_one()
        assert restored == manifest.counts["record"]


def test_a_backup_says_what_it_holds(backup, home, kind, database):
    manifest = verify_backup(backup)
    assert (manifest.kind, manifest.revision, manifest.bole) == (kind, HEAD, "1.2.3")
    assert manifest.counts["record"] == 30
    assert manifest.last_sequence == 30
    with database.reading() as connection:
        assert set(manifest.counts) == set(inspect(connection).get_table_names())
    names = {file.name for file in manifest.files}
    assert names == {
        "records.db" if kind == "sqlite" else "records.dump", "uploads/2026/cv.pdf", "uploads/empty",
        "taxonomies/benefits/own.json",
    }  # fmt: skip
    there = {path.relative_to(backup).as_posix() for path in backup.rglob("*") if path.is_file()}
    assert there == names | {MANIFEST, SEAL}
    for path in (backup, *backup.rglob("*")):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) or path.is_dir(), path
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert not any(b"hush" in path.read_bytes() for path in backup.rglob("*") if path.is_file())


def test_what_was_erased_before_is_not_in_it(store, database, home, tmp_path, kind):
    added = store.add(Candidate(headline="CANARY to be erased"), "owner")
    store.delete(added.id)
    make_backup(database, home, tmp_path / "backup", "1")
    if kind == "sqlite":  # an archive is compressed
        assert b"CANARY" not in (tmp_path / "backup" / "records.db").read_bytes()
    assert read_manifest(tmp_path / "backup").counts["record"] == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
def test_a_flip_of_any_byte_of_any_file_is_found_and_the_file_is_named(backup):
    generator = random.Random(7)
    flips = 0
    for path in sorted(path for path in backup.rglob("*") if path.is_file()):
        good = path.read_bytes()
        places = range(len(good))
        if len(good) > 3000:
            places = {0, len(good) - 1, *(generator.randrange(len(good)) for _ in range(300))}
        for place in places:
            bad = bytearray(good)
            bad[place] ^= 1 << generator.randrange(8)
            path.write_bytes(bad)
            with pytest.raises(DamagedBackupError) as caught:
                verify_backup(backup)
            assert path.name in str(caught.value)
            flips += 1
        path.write_bytes(good)
    assert flips > 1000
    verify_backup(backup)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("how", ["removed", "emptied", "longer", "shorter", "link"])
def test_a_file_that_is_not_as_it_was_is_named(backup, how):
    names = [path.relative_to(backup) for path in backup.rglob("*") if path.is_file()]
    for name in names:
        path, kept = backup / name, backup.parent / "kept"
        shutil.copy(path, kept)
        content = path.read_bytes()
        path.unlink()
        if how == "link":
            path.symlink_to(kept)
        elif how != "removed":
            path.write_bytes(
                {"emptied": b"", "longer": content + b"x", "shorter": content[:-1]}[how]
            )
        is_same = how in {"emptied", "shorter"} and not content
        is_list = how == "link" and path.name in {MANIFEST, SEAL}  # reads as what it should
        if not is_same and not is_list:
            with pytest.raises(DamagedBackupError, match=path.name.replace(".", r"\.")):
                verify_backup(backup)
        path.unlink(missing_ok=True)
        shutil.copy(kept, path)
    verify_backup(backup)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_newer_form_and_another_form_are_refused(backup):
    def write(**changes):
        content = json.loads((backup / MANIFEST).read_bytes()) | changes
        raw = json.dumps(content).encode()
        (backup / MANIFEST).write_bytes(raw)
        seal = f"{hashlib.sha256(raw).hexdigest()}  {MANIFEST}\n"
        (backup / SEAL).write_text(seal)

    write(revision="9999")
    with pytest.raises(BackupError, match=r"9999.*knows those up to"):
        verify_backup(backup)
    write(revision=HEAD, form=2)
    with pytest.raises(BackupError, match="form that this release does not know"):
        verify_backup(backup)
    outside = {"name": "uploads/../../outside", "sha256": "0" * 64, "size": 0}
    for name in ("uploads/../../outside", "/etc/outside", "index/x", "uploads\\x"):
        write(form=1, files=[outside | {"name": name}])
        with pytest.raises(BackupError, match="does not know"):
            verify_backup(backup)
    write(form=1, files=[])
    with pytest.raises(DamagedBackupError, match="records"):
        verify_backup(backup)


def test_the_revisions_that_are_known_end_in_the_newest():
    assert max(known_revisions()) == HEAD
    assert "0001" in known_revisions()


def test_a_place_that_is_not_empty_is_left_alone_unless_it_is_to_be_replaced(
    backup, target, store, database
):
    place, folder = target()
    restore_backup(backup, place, folder, replace=False, reapply=nothing)
    assert (folder / "uploads/2026/cv.pdf").read_text() == "%PDF"
    (folder / "uploads/2026/new.pdf").write_text("new")
    (folder / "index").mkdir()
    (folder / "index" / "CURRENT").write_text("old")
    with opened(place.address) as there:
        RecordStore(there).add(person(99), "owner")
        before = content_of(there)
    with pytest.raises(BackupError, match="--replace"):
        restore_backup(backup, again(place), folder, replace=False, reapply=nothing)
    with opened(place.address) as there:
        assert content_of(there) == before
    restored = restore_backup(backup, again(place), folder, replace=True, reapply=nothing)
    assert not (folder / "uploads/2026/new.pdf").exists()
    assert not (folder / "index").exists()
    assert (restored.aside / "uploads/2026/new.pdf").read_text() == "new"
    assert list(restored.aside.glob("*.d[bu]*"))
    assert list(folder.glob("restoring-*")) == []
    with opened(place.address) as there:
        assert RecordStore(there).count() == 30


def test_a_folder_with_uploads_alone_is_not_empty(backup, target):
    place, folder = target()
    (folder / "uploads").mkdir(parents=True)
    restore_backup(backup, place, folder, replace=False, reapply=nothing)
    place, folder = target()
    (folder / "uploads").mkdir(parents=True)
    (folder / "uploads" / "x").write_text("x")
    with pytest.raises(BackupError, match="--replace"):
        restore_backup(backup, place, folder, replace=False, reapply=nothing)


def test_a_damaged_backup_changes_nothing(backup, target, kind):
    place, folder = target()
    name = "records.db" if kind == "sqlite" else "records.dump"
    content = bytearray((backup / name).read_bytes())
    content[-1] ^= 1
    (backup / name).write_bytes(content)
    with pytest.raises(DamagedBackupError, match=name):
        restore_backup(backup, place, folder, replace=True, reapply=nothing)
    assert not folder.exists() or not any(folder.rglob("*.pdf"))


def test_numbers_go_on_beyond_what_any_index_has_seen(backup, target, store):
    store.put_many([person(number) for number in range(100, 150)], "owner")
    place, folder = target()
    restored = restore_backup(backup, place, folder, replace=False, reapply=nothing)
    with opened(place.address) as there:
        again = RecordStore(there)
        assert again.last_sequence() == restored.last_change > store.last_sequence()
        assert again.pruned_upto() == again.last_sequence()
        assert again.consumers() == ()
        again.add(person(200), "owner")
        assert again.last_sequence() == restored.last_change + 1


def test_who_was_erased_since_is_erased_again(backup, target):
    place, folder = target()

    def reapply(restored):
        gone = list(restored.sequences())[:2]
        return sum(restored.delete(record_id) for record_id in gone)

    restored = restore_backup(backup, place, folder, replace=False, reapply=reapply)
    assert restored.reapplied == 2
    with opened(place.address) as there:
        assert RecordStore(there).count() == 28


def test_records_that_are_open_are_not_replaced(backup, target, kind):
    place, folder = target()
    with use(folder), use(folder), pytest.raises(InUseError, match="Stop bole serve"):
        restore_backup(backup, place, folder, replace=True, reapply=nothing)
    if kind == "postgresql":  # from another machine, whose data folder is another
        with (
            opened(place.address) as there,
            there.reading(),
            pytest.raises(InUseError, match="sessions"),
        ):
            restore_backup(backup, again(place), folder, replace=True, reapply=nothing)
    restore_backup(backup, again(place), folder, replace=True, reapply=nothing)


def test_a_backup_of_another_kind_of_database_is_refused(backup, kind, tmp_path, request):
    if kind == "postgresql":
        other = Database(f"sqlite:///{tmp_path / 'other' / 'bole.db'}")
    else:
        other = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(BackupError, match="BOLE_DATABASE_URL"):
        restore_backup(backup, other, tmp_path / "other", replace=False, reapply=nothing)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_backup_goes_into_a_folder_of_its_own(database, home, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    (tmp_path / "file").touch()
    for folder, why in {
        tmp_path / "full": "something in it", tmp_path / "file": "a file", home: "data folder",
        home / "uploads" / "backup": "part of the installation", home / "index": "part of",
    }.items():  # fmt: skip
        with pytest.raises(BackupError, match=why):
            make_backup(database, home, folder, "1")
    assert list_backups(home) == ()
    make_backup(database, home, home / "backups" / "1", "1")


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_what_cannot_be_completed_is_removed_again(database, home, tmp_path):
    (home / "uploads" / "hidden\udcff").write_text("x")  # a name that no list can hold
    with pytest.raises(ValueError):  # noqa: PT011
        make_backup(database, home, tmp_path / "backup", "1")
    assert list((tmp_path / "backup").iterdir()) == []
    assert list_backups(home) == ()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_who_erases_a_person_learns_which_backups_hold_that_person(database, home, tmp_path):
    moments = [datetime.now(UTC)]
    for number in range(3):
        make_backup(database, home, tmp_path / str(number), "1")
        moments.append(datetime.now(UTC))
    entries = list_backups(home)
    assert [entry.folder for entry in entries] == [tmp_path / str(number) for number in range(3)]
    assert all(entry.is_complete for entry in entries)
    assert [entry.id for entry in entries] == [
        read_manifest(tmp_path / str(number)).id for number in range(3)
    ]
    assert backups_holding(home, moments[0], moments[3]) == entries
    assert backups_holding(home, moments[1], moments[2]) == entries[1:2]
    assert backups_holding(home, moments[3], moments[3]) == ()
    early = moments[0] - timedelta(days=1)
    assert backups_holding(home, early, moments[0]) == ()
    (home / "backups.json").write_text("[{")
    with pytest.raises(BackupError, match="by hand"):
        list_backups(home)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_records_that_are_damaged_are_not_backed_up_in_silence(store, database, home, tmp_path):
    store.put_many([person(number) for number in range(200)], "owner")
    database.checkpoint()
    database.close()
    file = database.file
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
    file.write_bytes(content)
    with pytest.raises(BackupError, match="bole restore"):
        make_backup(database, home, tmp_path / "backup", "1")
    assert list((tmp_path / "backup").iterdir()) == []


def test_where_there_are_no_records_there_is_no_backup(home, tmp_path):
    nowhere = Database(f"sqlite:///{tmp_path / 'no' / 'bole.db'}")
    with pytest.raises(BackupError, match="no records"):
        make_backup(nowhere, home, tmp_path / "backup", "1")


def test_a_program_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(postgresql_dump, "_PACKAGED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match=r"pg_dump is needed.*postgresql-client"):
        postgresql_dump.find_program("pg_dump")


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_what_a_program_says_is_told_and_nothing_is_left(backup, target, kind):
    place, _ = target()
    file = backup / "records.dump"
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(BackupError, match=r"the database is as it was.*It said"):
        postgresql_dump.restore_dump(place.address, file, replace=False)
    with place.reading() as connection:
        assert inspect(connection).get_table_names() == []
    place.close()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_password_does_not_stand_in_the_arguments(tmp_path, monkeypatch, database):
    program = tmp_path / "pg_dump"
    program.write_text(
        f"#!{sys.executable}\n"
        "import re, sys, pathlib\n"
        "said = ' '.join(sys.argv[1:])\n"
        "here = pathlib.Path(__file__).parent\n"
        "(here / 'said').write_text(said)\n"
        "file = pathlib.Path(re.search('passfile=(\\\\S+)', said)[1])\n"
        "(here / 'secret').write_text(f'{file.stat().st_mode & 0o777:o} {file.read_text()}')\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(postgresql_dump, "_PACKAGED", tmp_path / "none")
    monkeypatch.setenv("PATH", str(tmp_path))
    postgresql_dump.dump(database.address.set(password="s:e\\cret"), tmp_path / "dump")
    assert "cret" not in (tmp_path / "said").read_text()
    assert (tmp_path / "secret").read_text() == "600 *:*:*:*:s\\:e\\\\cret\n"

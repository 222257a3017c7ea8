"""The folder of releases: one folder per release, and ``current``, a link that is switched in one atomic step.

    releases/20261123T154200Z-3fa1c2d4/   manifest.json  report.json  terms.json  search.sqlite
                                          store/  dumps/  queries/  answers/
    releases/current -> 20261123T154200Z-3fa1c2d4
    releases/.slot                        locked while something writes here; the lock dies with its process
    releases/.bouw-*                      a build under way, or the remains of one that was killed

A release folder appears complete, by a rename, and never changes; publishing adds publication.json and
versions.json to it. Only the name of a work release holds a time.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from wijkengids.errors import CannotRun, WrongUse
from wijkengids.release.manifest import Manifest

_CURRENT = "current"
_BUILDING = ".bouw-"


@dataclass(frozen=True)
class Release:
    """One complete release on disk."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """The folder's name: time of the build, and the first digits of the digest."""
        return self.folder.name

    @property
    def store(self) -> Path:
        """The folder of the Oxigraph store."""
        return self.folder / "store"

    @classmethod
    def read(cls, folder: Path) -> Release:
        """Return the release in a folder; CannotRun where it is not complete."""
        return cls(folder, Manifest.read(folder))


@dataclass(frozen=True)
class Releases:
    """The folder with all releases."""

    root: Path

    def names(self) -> list[str]:
        """Return the names of the releases, oldest first."""
        if not self.root.is_dir():
            return []
        return sorted(
            path.name for path in self.root.iterdir() if (path / "manifest.json").is_file() and not path.is_symlink()
        )

    def current_name(self) -> str | None:
        """Return the name that ``current`` points to, whether or not it still exists; None if there is no link."""
        try:
            return str((self.root / _CURRENT).readlink())
        except (FileNotFoundError, NotADirectoryError):
            return None

    def last_switch(self) -> object:
        """Return what differs after each switch, also after one to the same release; None if there is no link."""
        try:
            link = os.lstat(self._current_path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return link.st_ino, link.st_mtime_ns

    @cached_property
    def _current_path(self) -> str:
        return str(self.root / _CURRENT)

    def current(self) -> Release:
        """Return the current release; CannotRun says what to do where there is none."""
        name = self.current_name()
        if name is None and self.names():
            raise CannotRun(
                f"Er is geen huidige uitgave in {self.root}. Kies er een met: wijkengids rollback NAAM",
                f"There is no current release in {self.root}. Choose one with: wijkengids rollback NAME",
            )
        if name is None:
            raise CannotRun(
                f"Er is nog geen uitgave in {self.root}. Maak er een met: wijkengids build",
                f"There is no release in {self.root} yet. Make one with: wijkengids build",
            )
        return Release.read(self.root / name)

    def current_base(self) -> str | None:
        """Return the base of the current release, or None where there is none that can be read."""
        with contextlib.suppress(CannotRun):
            return self.current().manifest.base
        return None

    def read(self, name: str) -> Release:
        """Return a release by name; CannotRun where it is not complete."""
        return Release.read(self.root / name)

    def switch(self, name: str) -> None:
        """Make ``name`` the current release, in one atomic step."""
        link = self.root / f".{_CURRENT}-{os.getpid()}"
        with contextlib.suppress(FileNotFoundError):
            link.unlink()
        link.symlink_to(name)
        link.replace(self.root / _CURRENT)
        _sync(self.root)

    def rollback(self, name: str | None = None) -> str:
        """Switch to an older release (by default the one before the current one); return its name."""
        names, current = self.names(), self.current_name()
        if name is None:
            older = [other for other in names if current is None or other < current]
            if not older:
                raise WrongUse(
                    "Er is geen oudere uitgave om naar terug te gaan.",
                    "There is no older release to go back to.",
                )
            name = older[-1]
        if name not in names:
            raise WrongUse(
                f"Er is geen uitgave '{name}'. Zie: wijkengids releases",
                f"There is no release '{name}'. See: wijkengids releases",
            )
        Release.read(self.root / name)
        self.switch(name)
        return name

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder for one writer, make it if needed, and clear away what a killed build left behind."""
        with explained(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            with (self.root / ".slot").open("w") as slot:
                try:
                    fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as error:
                    raise CannotRun(
                        f"Er wordt al een uitgave gemaakt in {self.root}. Wacht tot die klaar is.",
                        f"A release is being made in {self.root} already. Wait until it is ready.",
                    ) from error
                for rest in (*self.root.glob(_BUILDING + "*"), *self.root.glob(f".{_CURRENT}-*")):
                    rest.unlink() if rest.is_symlink() else shutil.rmtree(rest)
                yield

    @contextlib.contextmanager
    def new_folder(self) -> Iterator[Path]:
        """Give a folder to fill; it is gone again if filling it fails."""
        folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=self.root))
        folder.chmod(0o755)
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def complete(self, folder: Path, digest: str) -> Release:
        """Give a filled folder its name, when all of it is safely on disk, and return the release."""
        for path in folder.rglob("*"):
            _sync(path)
        _sync(folder)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        for attempt in range(1, 100):
            name = f"{stamp}-{digest[:8]}" + ("" if attempt == 1 else f"-{attempt}")
            if not (self.root / name).exists():
                folder.rename(self.root / name)
                _sync(self.root)
                return Release.read(self.root / name)
        raise CannotRun(f"Geen vrije naam voor de uitgave in {self.root}.", f"No free release name in {self.root}.")

    def prune(self, keep: int, published: set[str]) -> list[str]:
        """Remove old work releases until ``keep`` are left; the current and published ones stay. Return their names.

        ``published`` holds the digests of numbered releases.
        """
        current = self.current_name()
        work = [
            n for n in self.names() if n != current and Release.read(self.root / n).manifest.digest not in published
        ]
        removed = work[: max(0, len(work) - max(0, keep - 1))]
        for name in removed:
            # renamed first: a half-removed folder must not look like a release
            rest = self.root / f"{_BUILDING}weg-{name}"
            (self.root / name).rename(rest)
            shutil.rmtree(rest, ignore_errors=True)
        return removed


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the disk says into a sentence with a next step."""
    try:
        yield
    except OSError as error:
        path = Path(error.filename) if isinstance(error.filename, str) else path
        full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} or "No space" in str(error)
        if full or "too large" in str(error):
            raise CannotRun(
                f"De schijf is vol bij het schrijven in {path}. Maak ruimte en probeer opnieuw; er is niets veranderd.",
                f"The disk is full while writing in {path}. Make room and try again; nothing has changed.",
            ) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise CannotRun(
                f"Geen recht om te schrijven in {path}. Kies een andere map (--releases), of geef uzelf het recht.",
                f"No permission to write in {path}. Choose another folder (--releases), or get permission.",
            ) from error
        raise CannotRun(
            f"Schrijven in {path} lukt niet: {error}. Er is niets veranderd.",
            f"Cannot write in {path}: {error}. Nothing has changed.",
        ) from error


def _sync(path: Path) -> None:
    """Make sure that a file or folder is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

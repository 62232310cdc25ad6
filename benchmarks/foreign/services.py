"""The services: what to install, how each is prepared and started, and where its drift shows.

None of them was written here. `prepare` is given the folder of one side's data and the scratch
folder that everything was installed into; what stands in `command` is what their own documentation
says, with ``{port}``, ``{data}``, ``{bin}`` (of the Python environment), ``{node}`` (the folder of
npm's packages) and ``{serve}`` (the few lines that a library needs to be a server).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "Correct-Horse-7"


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its packages, its command, and the place at which its drift is to be shown.

    - `python`, `npm`: what is installed, with versions.
    - `venv`: the folder that its Python packages are installed into, beside those of others.
    - `speaks`: what its answers are, for the table.
    - `drift`: what of a finding shows the place: a part of its endpoint, and of its pointer.
    - `tells_its_start`: it answers with the time at which its process began, its port or its
      folder. By URL nothing can tell that from data, unless `twin_url` names a second process; it
      is launched on data that stays instead.
    """

    name: str
    speaks: str
    command: tuple[str, ...]
    python: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    ready: str = "/"
    prepare: Callable[[Path, Path], None] | None = None
    env: tuple[tuple[str, str], ...] = ()
    drift: tuple[str, str] = ("", "")
    tells_its_start: bool = False
    venv: str = "py"


def _json_server(data: Path, _scratch: Path) -> None:
    (data / "db.json").write_text(
        """{
  "posts": [
    {"id": 1, "title": "Gates", "author": "Anna", "views": 12, "tags": ["iron", "garden"]},
    {"id": 2, "title": "Fences", "author": "Bela", "views": 7, "tags": ["wood"]},
    {"id": 3, "title": "Hedges", "author": "Anna", "views": 31, "tags": []}
  ],
  "comments": [
    {"id": 1, "body": "Rusty", "postId": 1},
    {"id": 2, "body": "Green", "postId": 3}
  ],
  "profile": {"name": "Garden", "open": true}
}
"""
    )


def _wsgidav(data: Path, _scratch: Path) -> None:
    (data / "files" / "plans").mkdir(parents=True)
    (data / "files" / "readme.txt").write_text("Plans of gates and fences.\n")
    (data / "files" / "plans" / "gate.csv").write_text("part,count\npost,2\nhinge,4\n")
    for path in (data / "files").rglob("*"):
        os.utime(path, (1_790_000_000, 1_790_000_000))  # two copies of one folder


def _radicale(data: Path, _scratch: Path) -> None:
    (data / "users").write_text(f"anna:{PASSWORD}\nbela:{PASSWORD}\n")


def _copyparty(data: Path, _scratch: Path) -> None:
    (data / "files").mkdir()
    (data / "config").mkdir()


def _folder(data: Path, _scratch: Path) -> None:
    (data / "files").mkdir()


def _django_admin(data: Path, scratch: Path) -> None:
    command = [str(scratch / "py/bin/python"), str(SERVE / "django_project.py")]
    env = os.environ | {"DATABASE": str(data / "db.sqlite3"), "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    for words in (
        ["migrate", "-v", "0"],
        ["createsuperuser", "--noinput", "--username", "anna", "--email", "anna@example.com"],
    ):
        subprocess.run([*command, *words], env=env, check=True, capture_output=True, timeout=120)


def _verdaccio(data: Path, _scratch: Path) -> None:
    (data / "config.yaml").write_text(
        """storage: ./storage
auth:
  htpasswd: {file: ./htpasswd, max_users: 1000}
uplinks: {}
packages:
  '**': {access: $all, publish: $authenticated, unpublish: $authenticated}
log: {type: stdout, format: pretty, level: warn}
"""
    )


def _kinto(data: Path, scratch: Path) -> None:
    command = [str(scratch / "py/bin/kinto"), "init", "--ini", str(data / "kinto.ini")]
    command += ["--backend", "memory", "--cache-backend", "memory"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    settings = (data / "kinto.ini").read_text()
    # As the comments of the file say, so that users can make buckets of their own.
    settings = settings.replace(
        "kinto.bucket_create_principals = account:admin",
        "kinto.bucket_create_principals = system.Authenticated",
    )
    (data / "kinto.ini").write_text(settings)


def _datasette(data: Path, _scratch: Path) -> None:
    with sqlite3.connect(data / "garden.db") as garden:
        garden.executescript(
            "create table plots (id integer primary key, name text, size real, note text);"
            "create table plants (id integer primary key, plot_id integer references plots (id),"
            " name text, planted text, price real);"
            "create view dear as select name, price from plants where price > 20;"
            "insert into plots values (1, 'North', 12.5, 'shade'), (2, 'South', 30, 'sun'),"
            " (3, 'Yard', 7, null);"
        )
        for at in range(1, 151):
            name = ("rose", "oak", "fern", "mint")[at % 4]
            row = at, at % 3 + 1, f"{name} {at}", f"2025-0{at % 9 + 1}-1{at % 10}", at * 37 % 50 / 2
            garden.execute("insert into plants values (?, ?, ?, ?, ?)", row)


def _devpi(data: Path, scratch: Path) -> None:
    """Copy one new index, which has a name of its own."""
    made = scratch / "devpi-index"
    if not made.exists():
        command = [str(scratch / "py-devpi/bin/devpi-init"), "--serverdir", str(made)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    shutil.copytree(made, data / "index")


def _bepasty(data: Path, _scratch: Path) -> None:
    (data / "pastes").mkdir()
    (data / "bepasty.conf").write_text(
        f"""SECRET_KEY = 'garden gate {data.name}'
STORAGE = 'filesystem'
STORAGE_FILESYSTEM_DIRECTORY = {str(data / "pastes")!r}
PERMISSIONS = {{{PASSWORD!r}: 'admin,list,create,modify,read,delete'}}
DEFAULT_PERMISSIONS = 'read'
SESSION_COOKIE_SECURE = False
"""
    )


def _ihatemoney(data: Path, _scratch: Path) -> None:
    # Its form of login refuses the fourth try in a minute, and two tests in two rounds are four.
    (data / "ihatemoney.cfg").write_text(
        f"""SQLALCHEMY_DATABASE_URI = "sqlite:///{data / "money.db"}"
SECRET_KEY = "garden gate {data.name}"
ALLOW_PUBLIC_PROJECT_CREATION = True
SESSION_COOKIE_SECURE = False
MAIL_SUPPRESS_SEND = True
RATELIMIT_ENABLED = False
"""
    )


def _tiddlywiki(data: Path, scratch: Path) -> None:
    command = ["node", str(scratch / "npm/node_modules/tiddlywiki/tiddlywiki.js"), str(data)]
    subprocess.run([*command, "--init", "server"], check=True, capture_output=True, timeout=60)


def _sqlite_web(data: Path, scratch: Path) -> None:
    _datasette(data, scratch)


def _optuna(data: Path, scratch: Path) -> None:
    command = [str(scratch / "py/bin/python"), str(SERVE / "optuna_study.py"), str(data / "o.db")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    (data / "artifacts").mkdir()


def _wagtail(data: Path, scratch: Path) -> None:
    """Start a site as its documentation says; what takes long is made once and copied."""
    made, bin_ = scratch / "wagtail-site", scratch / "py/bin"
    if not made.exists():
        made.mkdir()
        env = os.environ | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        env["PATH"] = f"{bin_}:{env['PATH']}"
        user = ["--noinput", "--username", "anna", "--email", "anna@example.com"]
        for words in (
            [str(bin_ / "wagtail"), "start", "mysite", "."],
            [str(bin_ / "python"), "manage.py", "migrate", "-v", "0"],
            [str(bin_ / "python"), "manage.py", "createsuperuser", *user],
        ):
            subprocess.run(words, cwd=made, env=env, check=True, capture_output=True, timeout=120)
    shutil.copytree(made, data, dirs_exist_ok=True)


SERVE = Path(__file__).with_name("serve")

SERVICES: tuple[Service, ...] = (
    Service(
        "json_server",
        "JSON, ids in a row",
        (
            "node",
            "{node}/json-server/lib/cli/bin.js",
            "--host",
            "127.0.0.1",
            "--port",
            "{port}",
            "{data}/db.json",
        ),
        npm=("json-server@0.17.4",),
        prepare=_json_server,
        drift=("GET /posts", "/headers/x-total-count"),
    ),
    Service(
        "wsgidav",
        "WebDAV: XML, HTML, files",
        (
            "{bin}/wsgidav",
            "--host",
            "127.0.0.1",
            "--port",
            "{port}",
            "--root",
            "{data}/files",
            "--auth",
            "anonymous",
            "--no-config",
        ),
        python=("wsgidav==4.4.0", "cheroot==11.1.2"),
        prepare=_wsgidav,
        drift=("PROPFIND", "multistatus"),
    ),
    Service(
        "radicale",
        "CalDAV, CardDAV: XML, iCalendar, login",
        (
            "{bin}/radicale",
            "--server-hosts",
            "127.0.0.1:{port}",
            "--auth-type",
            "htpasswd",
            "--auth-htpasswd-filename",
            "{data}/users",
            "--auth-htpasswd-encryption",
            "plain",
            "--storage-filesystem-folder",
            "{data}/collections",
            "--auth-delay",
            "0",
        ),
        python=("radicale==3.9.0",),
        prepare=_radicale,
        ready="/.web/",
        drift=("GET /", ""),
    ),
    Service(
        "pypiserver",
        "HTML, uploads, archives",
        (
            "{bin}/pypi-server",
            "run",
            "-p",
            "{port}",
            "-i",
            "127.0.0.1",
            "-a",
            ".",
            "-P",
            ".",
            "--disable-fallback",
            "{data}/files",
        ),
        python=("pypiserver==2.4.2",),
        prepare=_folder,
        drift=("GET /simple/", ""),
    ),
    Service(
        "moto",
        "S3 and SQS: XML, JSON, binary",
        ("{bin}/moto_server", "-H", "127.0.0.1", "-p", "{port}"),
        python=("moto[server]==5.2.5",),
        ready="/moto-api/",
        drift=("GET /", "/ListBucketResult"),
    ),
    Service(
        "django_admin",
        "HTML, session, CSRF",
        (
            "{bin}/python",
            "{serve}/django_project.py",
            "runserver",
            "--noreload",
            "127.0.0.1:{port}",
        ),
        python=("django==5.2.19",),
        prepare=_django_admin,
        ready="/admin/login/",
        env=(("DATABASE", "{data}/db.sqlite3"),),
        drift=("GET /admin/", "/html"),
    ),
    Service(
        "verdaccio",
        "npm registry: JSON, tarballs, tokens",
        (
            "node",
            "{node}/verdaccio/bin/verdaccio",
            "--config",
            "{data}/config.yaml",
            "--listen",
            "127.0.0.1:{port}",
        ),
        npm=("verdaccio@6.8.0",),
        prepare=_verdaccio,
        ready="/-/ping",
        drift=("GET /", ""),
    ),
    Service(
        "pouchdb",
        "CouchDB's API: JSON, revisions, attachments",
        ("node", "{serve}/pouchdb_server.js", "{port}", "{data}", "{node}"),
        npm=("express-pouchdb@4.2.0", "pouchdb@9.0.0", "express@4"),
        tells_its_start=True,
        drift=("/_changes", "/last_seq"),
    ),
    Service(
        "kinto",
        "JSON, ETags, permissions, accounts",
        ("{bin}/kinto", "start", "--ini", "{data}/kinto.ini", "--port", "{port}"),
        python=("kinto==26.5.0",),
        prepare=_kinto,
        ready="/v1/__heartbeat__",
        drift=("/records", "/headers/etag"),
    ),
    Service(
        "copyparty",
        "HTML, JSON, uploads, archives, login",
        (
            "{bin}/copyparty",
            "-i",
            "127.0.0.1",
            "-p",
            "{port}",
            "-q",
            "--no-crt",
            "--nos-dup",
            "-a",
            f"anna:{PASSWORD}",
            "-v",
            "{data}/files::r:rwmda,anna",
        ),
        python=("copyparty==1.20.26",),
        prepare=_copyparty,
        tells_its_start=True,
        # Sessions of all its processes are in one folder otherwise.
        env=(("XDG_CONFIG_HOME", "{data}/config"),),
        drift=("GET /", "/files/"),
    ),
    Service(
        "datasette",
        "HTML, JSON, CSV, queries",
        ("{bin}/datasette", "serve", "{data}/garden.db", "-h", "127.0.0.1", "-p", "{port}"),
        python=("datasette==0.65.5",),
        prepare=_datasette,
        drift=("GET /{database}/{table}.json", "/rows"),
    ),
    Service(
        "bepasty",
        "HTML, uploads in pieces, downloads, login",
        ("{bin}/bepasty-server", "--host", "127.0.0.1", "--port", "{port}"),
        python=("bepasty==1.2.2",),
        prepare=_bepasty,
        env=(("BEPASTY_CONFIG", "{data}/bepasty.conf"),),
        drift=("GET /apis/rest/items/{id}", "size"),
    ),
    Service(
        "ihatemoney",
        "HTML, CSRF, session, JSON with a login of its own",
        ("{bin}/flask", "--app", "ihatemoney.wsgi", "run", "-p", "{port}"),
        python=("ihatemoney==7.2.1",),
        prepare=_ihatemoney,
        env=(("IHATEMONEY_SETTINGS_FILE_PATH", "{data}/ihatemoney.cfg"),),
        drift=("GET /api/projects/{project}/bills", "amount"),
    ),
    Service(
        "tiddlywiki",
        "HTML, JSON, revisions, login",
        (
            "node",
            "{node}/tiddlywiki/tiddlywiki.js",
            "{data}",
            "--listen",
            "port={port}",
            "username=anna",
            f"password={PASSWORD}",
        ),
        npm=("tiddlywiki@5.4.1",),
        prepare=_tiddlywiki,
        drift=("GET /recipes/default/tiddlers/{title}", "/text"),
    ),
    Service(
        "node_red",
        "JSON, flows that answer themselves",
        ("node", "{node}/node-red/red.js", "-u", "{data}", "-p", "{port}"),
        npm=("node-red@4.1.15",),
        ready="/settings",
        drift=("GET /flow/{id}", "/nodes"),
    ),
    Service(
        "sqlite_web",
        "HTML, forms, session, CSV and JSON",
        (
            "{bin}/sqlite_web",
            "-x",
            "-P",
            "-H",
            "127.0.0.1",
            "-p",
            "{port}",
            "garden.db",
        ),
        python=("sqlite-web==0.8.2",),
        prepare=_sqlite_web,
        ready="/login/",
        # A table that a file brings has its columns in the order of the hash seed, for good.
        env=(("SQLITE_WEB_PASSWORD", PASSWORD), ("PYTHONHASHSEED", "0")),
        drift=("POST /{table}/export/", "note"),
    ),
    Service(
        "azurite",
        "Azure's blobs: XML, binary, leases, signed addresses",
        (
            "node",
            "{node}/azurite/dist/src/blob/main.js",
            "--blobHost",
            "127.0.0.1",
            "--blobPort",
            "{port}",
            "-l",
            "{data}",
            "--silent",
            "--disableTelemetry",
            "--skipApiVersionCheck",
        ),
        npm=("azurite@3.37.0",),
        drift=("GET /devstoreaccount1/{container}/{blob}", "/headers/x-ms-meta-colour"),
    ),
    Service(
        "solid",
        "linked data: Turtle, JSON-LD, patches; accounts",
        (
            "node",
            "{node}/@solid/community-server/bin/server.js",
            "-c",
            "@css:config/default.json",
            "-p",
            "{port}",
            "-l",
            "error",
        ),
        npm=("@solid/community-server@7.2.0",),
        env=(("CSS_BASE_URL", "http://127.0.0.1:{port}/"),),
        drift=("GET /{folder}/", ""),
    ),
    Service(
        "optuna_dashboard",
        "JSON, CSV, artifacts",
        (
            "{bin}/optuna-dashboard",
            "--host",
            "127.0.0.1",
            "--port",
            "{port}",
            "--artifact-dir",
            "{data}/artifacts",
            "sqlite:///{data}/o.db",
        ),
        python=("optuna-dashboard==0.21.0", "optuna==5.0.0"),
        prepare=_optuna,
        ready="/api/meta",
        drift=("GET /api/studies/{study}", "/state"),
    ),
    Service(
        "wagtail",
        "HTML, CSRF, session, uploads, documents",
        ("{bin}/python", "manage.py", "runserver", "--noreload", "127.0.0.1:{port}"),
        python=("wagtail==8.0.1",),
        prepare=_wagtail,
        ready="/admin/login/",
        drift=("GET /{slug}/", "/html"),
    ),
    Service(
        "devpi",
        "JSON, HTML, uploads, a serial in every answer, login",
        (
            "{bin}/devpi-server",
            "--serverdir",
            "{data}/index",
            "--host",
            "127.0.0.1",
            "--port",
            "{port}",
            "--offline-mode",
        ),
        python=("devpi-server==6.20.3",),
        venv="py-devpi",  # its passlib is another one than pypiserver's
        prepare=_devpi,
        ready="/+api",
        tells_its_start=True,
        drift=("GET /{user}/{index}", "/result/volatile"),
    ),
)

"""Users with roles: tokens, sessions, a login form with a CSRF token, an audit log."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from sqlite3 import Connection
from typing import Any

from tests.services import changes as to
from tests.services.serving import Fault, RefusedError, Reply, Request, Service, now_iso, page

SCHEMA = """
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, email TEXT, role TEXT,
  password TEXT, active INTEGER DEFAULT 1, failures INTEGER DEFAULT 0, created_at TEXT,
  last_login TEXT, avatar TEXT);
CREATE TABLE sessions (id TEXT PRIMARY KEY, token TEXT, user_id INTEGER, created_at TEXT,
  agent TEXT);
CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, actor TEXT, action TEXT, subject TEXT,
  at TEXT);
CREATE TABLE forms (token TEXT PRIMARY KEY)
"""
ROLES = ("reader", "editor", "admin")
KEY = b"only-for-tests-and-on-both-sides"


def hashed(password: str) -> str:
    return hashlib.sha256(b"salt" + password.encode()).hexdigest()


def seed(db: Connection) -> None:
    for n in range(1, 33):
        name = {1: "admin", 2: "editor", 3: "reader"}.get(n, f"person{n:02d}")
        role = {1: "admin", 2: "editor"}.get(n, "reader")
        at = f"2024-01-{1 + n % 28:02d}T0{n % 10}:00:00Z"
        row = (name, f"{name}@corp.example", role, hashed(f"{name}-password"), n % 9 != 0, at)
        sql = """INSERT INTO users (name, email, role, password, active, created_at)
          VALUES (?, ?, ?, ?, ?, ?)"""
        db.execute(sql, row)
        sql = "INSERT INTO audit (actor, action, subject, at) VALUES ('setup', 'created', ?, ?)"
        db.execute(sql, (name, at))


SERVICE = Service("users", schema=SCHEMA, seed=seed)
route = SERVICE.route


def token_of(user: dict[str, Any], session: str) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    now = int(time.time())
    claims = {"sub": str(user["id"]), "role": user["role"], "sid": session, "iat": now}
    text = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({**claims, 'exp': now + 3600})}"
    signature = hmac.new(KEY, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def current(r: Request, *roles: str) -> dict[str, Any]:
    """Who asks; refused where nobody does or the role is another."""
    kind, _, token = r.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        token = r.cookies().get("session", "")
    sql = """SELECT u.*, s.id AS session FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE s.token = ?"""
    user = r.one(sql, token) if token else None
    if user is None:
        scheme = 'Bearer realm="users"' + (', error="invalid_token"' if token else "")
        headers = [("WWW-Authenticate", scheme)]
        raise RefusedError(401, "unauthorized", "log in first", headers=headers)
    if roles and user["role"] not in roles and not r.has("everybody-may-everything"):
        raise RefusedError(403, "forbidden", f"only for {' and '.join(roles)}")
    return user


def shown(row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "name", "email", "role", "created_at", "last_login")
    return {k: row[k] for k in names} | {"active": bool(row["active"])}


def noted(r: Request, actor: str, action: str, subject: str) -> None:
    if r.has("audit-misses-deletions") and action == "deleted":
        return
    r.insert("audit", actor=actor, action=action, subject=subject, at=now_iso(3))


def known(r: Request) -> dict[str, Any]:
    row = r.one("SELECT * FROM users WHERE id = ?", r.params["id"])
    if row is None:
        raise RefusedError(404, "no_such_user", f"there is no user {r.params['id']}")
    return row


def session_for(r: Request, name: Any, password: Any) -> tuple[dict[str, Any], str]:
    """Check name and password, open a session; the user and the token."""
    user = r.one("SELECT * FROM users WHERE name = ?", name)
    if user and user["failures"] >= 3 and not r.has("never-locked"):
        raise RefusedError(423, "locked", "too many failed logins")
    if not user or user["password"] != hashed(str(password)):
        if user:
            sql = "UPDATE users SET failures = failures + 1 WHERE id = ?"
            r.db.execute(sql, (user["id"],))
            # The count outlives the refusal, which takes everything else back.
            r.db.execute("COMMIT")
            r.db.execute("BEGIN IMMEDIATE")
        raise RefusedError(401, "bad_credentials", "name or password is wrong")
    if not user["active"]:
        raise RefusedError(403, "inactive", "the account is not active")
    key = secrets.token_hex(8)
    token = token_of(user, key)
    agent = r.headers.get("user-agent", "").split("/")[0]
    r.insert(
        "sessions", id=key, token=token, user_id=user["id"], created_at=now_iso(0), agent=agent
    )
    r.db.execute(
        "UPDATE users SET failures = 0, last_login = ? WHERE id = ?", (now_iso(0), user["id"])
    )
    return user, token


@route("GET /health")
def health(r: Request) -> Any:
    return {"status": "ok"}


@route("POST /login")
def login(r: Request) -> Any:
    data = r.json()
    user, token = session_for(r, data.get("name"), data.get("password"))
    expires = 60 if r.has("token-for-a-minute") else 3600
    return {"token": token, "token_type": "Bearer", "expires_in": expires, "user": user["name"]}


@route("POST /logout")
def logout(r: Request) -> None:
    user = current(r)
    if not r.has("logout-does-nothing"):
        r.db.execute("DELETE FROM sessions WHERE id = ?", (user["session"],))


@route("GET /login", writes=True)
def login_form(r: Request) -> Reply:
    token = secrets.token_urlsafe(32)
    r.insert("forms", token=token)
    made = page(
        "Log in",
        '<form method="post" action="/login/form">',
        f'<input type="hidden" name="csrf_token" value="{token}">',
        '<input name="name" autocomplete="username">',
        '<input type="password" name="password">'
        if not r.has("password-shown")
        else '<input name="password">',
        "<button>Log in</button>",
        "</form>",
        f"<footer>{now_iso(0).replace('T', ' ').rstrip('Z')} UTC</footer>",
    )
    made.set("Cache-Control", "no-store")
    return made


@route("POST /login/form")
def login_by_form(r: Request) -> Reply:
    form = r.form()
    if not r.one("SELECT token FROM forms WHERE token = ?", form.get("csrf_token", "")):
        raise RefusedError(403, "csrf", "the form is not one of ours")
    _, token = session_for(r, form.get("name"), form.get("password"))
    flags = "Path=/; HttpOnly; SameSite=Lax; Max-Age=3600"
    if r.has("cookie-for-scripts"):
        flags = flags.replace("HttpOnly; ", "")
    headers = [("Location", "/me"), ("Set-Cookie", f"session={token}; {flags}")]
    return Reply("", 303, headers)


@route("GET /me")
def me(r: Request) -> Any:
    user = current(r)
    sessions = r.value("SELECT count(*) FROM sessions WHERE user_id = ?", user["id"])
    return shown(user) | {"session": user["session"], "sessions": sessions}


@route("GET /me/sessions")
def my_sessions(r: Request) -> Any:
    user = current(r)
    sql = """SELECT id, created_at, agent FROM sessions WHERE user_id = ?
      ORDER BY rowid DESC LIMIT 10"""
    owner = 1 if r.has("sessions-of-the-admin") else user["id"]
    rows = r.rows(sql, owner)
    return [row | {"current": row["id"] == user["session"]} for row in rows]


@route("POST /me/password")
def change_password(r: Request) -> None:
    user, data = current(r), r.json()
    if user["password"] != hashed(str(data.get("old"))):
        raise RefusedError(403, "bad_credentials", "the old password is wrong")
    if len(str(data.get("new", ""))) < 8:
        raise RefusedError(422, "invalid", "a password has at least 8 characters", field="new")
    sql = "UPDATE users SET password = ? WHERE id = ?"
    r.db.execute(sql, (hashed(data["new"]), user["id"]))
    noted(r, user["name"], "password", user["name"])


@route("PUT /me/avatar")
def avatar(r: Request) -> Any:
    user = current(r)
    if r.headers.get("content-type") != "image/png":
        raise RefusedError(415, "unsupported", "only PNG")
    digest = hashlib.md5(r.body, usedforsecurity=False).hexdigest()
    r.db.execute("UPDATE users SET avatar = ? WHERE id = ?", (digest, user["id"]))
    return {"size": len(r.body), "md5": digest}


@route("GET /users")
def users(r: Request) -> Any:
    current(r, "admin", "editor")
    where, values = ["1"], []
    if "role" in r.query and not r.has("role-ignored"):
        where.append("role = ?")
        values.append(r.query["role"])
    if r.query.get("q"):
        where.append("(name LIKE ? OR email LIKE ?)")
        values += [f"%{r.query['q']}%"] * 2
    condition = " AND ".join(where)
    size, number = r.number("size", 10, most=100), r.number("page", 1)
    sql = f"SELECT * FROM users WHERE {condition} ORDER BY id DESC LIMIT ? OFFSET ?"
    rows = r.rows(sql, *values, size, (number - 1) * size)
    total = r.value(f"SELECT count(*) FROM users WHERE {condition}", *values)
    meta = {"page": number, "size": size, "total": total, "pages": -(-total // size)}
    return {"users": [shown(row) for row in rows], "meta": meta}


@route("POST /users")
def create(r: Request) -> Reply:
    actor, data = current(r, "admin"), r.json()
    name, role = data.get("name"), data.get("role", "reader")
    if not isinstance(name, str) or not name:
        raise RefusedError(422, "invalid", "name is required", field="name")
    if role not in ROLES:
        raise RefusedError(422, "invalid", f"role must be one of {', '.join(ROLES)}", field="role")
    if r.one("SELECT id FROM users WHERE name = ?", name):
        raise RefusedError(409, "taken", f"the name {name} is taken")
    email = data.get("email", f"{name.lower()}@corp.example")
    values = {"name": name, "email": email, "role": role}
    values["password"] = hashed(data.get("password", secrets.token_hex(8)))
    number = r.insert("users", **values, created_at=now_iso(0))
    noted(r, actor["name"], "created", name)
    row = r.one("SELECT * FROM users WHERE id = ?", number)
    return Reply(shown(row or {}), 201, [("Location", f"/users/{number}")])


@route("GET /users/{id}")
def read(r: Request) -> Any:
    current(r)
    return shown(known(r))


@route("PATCH /users/{id}")
def change(r: Request) -> Any:
    actor, row, data = current(r, "admin"), known(r), r.json()
    if data.get("role", "reader") not in ROLES:
        raise RefusedError(422, "invalid", "there is no such role", field="role")
    for name in data.keys() & {"role", "email", "active"}:
        if name == "role" and r.has("role-not-changed"):
            continue
        r.db.execute(f"UPDATE users SET {name} = ? WHERE id = ?", (data[name], row["id"]))
    noted(r, actor["name"], "changed", row["name"])
    return shown(known(r))


@route("DELETE /users/{id}")
def delete(r: Request) -> None:
    actor, row = current(r, "admin"), known(r)
    if not r.has("deleted-still-there"):
        r.db.execute("DELETE FROM users WHERE id = ?", (row["id"],))
        r.db.execute("DELETE FROM sessions WHERE user_id = ?", (row["id"],))
    noted(r, actor["name"], "deleted", row["name"])


@route("GET /audit")
def audit(r: Request) -> Any:
    current(r, "admin")
    where, values = "1", []
    if "subject" in r.query:
        where, values = "subject = ?", [r.query["subject"]]
    sql = f"SELECT * FROM audit WHERE {where} ORDER BY id DESC LIMIT 20"
    return {"entries": r.rows(sql, *values)}


LIST, USERS, AUDIT, ENTRIES = "GET /users", "/users", "GET /audit", "/entries"
SERVICE.has_faults(
    Fault("empty", LIST, USERS, "There are no users.", to.emptied(USERS)),
    Fault("newest-missing", LIST, USERS, "The newest is missing.", to.without(USERS, 0)),
    Fault("reversed", LIST, USERS, "A page is reversed.", to.reversed_(USERS)),
    Fault("twice", LIST, USERS, "Every user is there twice.", to.doubled(USERS)),
    Fault(
        "total-zero", LIST, "/meta/total", "The total is 0.", to.member("/meta", "total", to.to(0))
    ),
    Fault("names-foo", LIST, "/users/*/name", "Names are foo.", to.each(USERS, "name", to.foo)),
    Fault("ids-shifted", LIST, "/users/*/id", "Ids are off.", to.each(USERS, "id", to.plus(1))),
    Fault(
        "one-admin-too-many",
        LIST,
        "/users/2/role",
        "The third user is shown as an admin.",
        to.in_row(USERS, 2, "role", to.to("admin")),
    ),
    Fault(
        "nobody-active",
        LIST,
        "/users/*/active",
        "Nobody is active.",
        to.each(USERS, "active", to.to(False)),
    ),
    Fault("role-ignored", LIST, USERS, "The filter by role does nothing."),
    Fault("everybody-may-everything", LIST, "/status", "Roles are not checked."),
    Fault("deleted-still-there", "GET /users/{id}", "/status", "A deleted user is still there."),
    Fault("role-not-changed", "PATCH /users/{id}", "/role", "A role does not change."),
    Fault("logout-does-nothing", "GET /me", "/status", "A token is good after logging out."),
    Fault("never-locked", "POST /login", "/status", "Failed logins do not lock an account."),
    Fault("token-for-a-minute", "POST /login", "/expires_in", "A token lasts a minute."),
    Fault("password-shown", "GET /login", "", "The field of the password is a plain one."),
    Fault(
        "cookie-for-scripts",
        "POST /login/form",
        "/headers/set-cookie",
        "The session's cookie can be read by scripts.",
    ),
    Fault("sessions-of-the-admin", "GET /me/sessions", "", "The admin's sessions are shown."),
    Fault("audit-misses-deletions", AUDIT, ENTRIES, "Deletions are not noted."),
    Fault("audit-reversed", AUDIT, ENTRIES, "The oldest comes first.", to.reversed_(ENTRIES)),
    Fault(
        "audit-actors-foo",
        AUDIT,
        "/entries/*/actor",
        "Actors are foo.",
        to.each(ENTRIES, "actor", to.foo),
    ),
)

if __name__ == "__main__":
    SERVICE.main()

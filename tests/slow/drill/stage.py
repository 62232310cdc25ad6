"""The files of the drill, as a team would have them: proxy, scrape configuration, cutover.toml."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

SCRAPE_S = 1
# How often commands are asked, which are a dozen processes each time.
COMMANDS_S = 3
# What every duration is multiplied by; the brisk one is for tests.
SCALE, BRISK_SCALE = 0.02, 0.01
_MONITORING_TESTS = Path(__file__).parents[2] / "monitoring" / "test_after_switch.py"

_NGINX = """
daemon off;
pid nginx.pid;
error_log nginx-error.log;
{user}
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  log_format who '$time_iso8601 "$request" $status upstream=$upstream_addr';
  access_log access.log who;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  # A reload closes the connections that users keep, and a POST on one of them is nobody's. nginx
  # 1.27.4 has keepalive_min_timeout for it; before that none are kept while traffic is moved.
  keepalive_timeout 0;
  include upstream.conf;
  server {{
    listen 127.0.0.1:{port};
    # What is off the contract stays inside.
    location /api/ {{
      proxy_pass http://flowviz;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_next_upstream off;
      proxy_read_timeout 10s;
    }}
  }}
}}
"""

_SWITCH = """
set -e
cp "upstream-$1.conf" upstream.conf
{nginx} -p . -c nginx.conf -s reload
"""

_INTEGRITY = """
# Decisions that hold a lot or fail it have notes: without them nobody knows why.
damaged=$(psql -XAt -c "SELECT count(*) FROM qc_decisions
  WHERE decision IN ('HOLD', 'FAIL') AND char_length(coalesce(notes, '')) < 10")
echo "$damaged decisions without notes"
test "$damaged" = 0
"""

_CUTOVER = """
[targets.rehearsal]
writes = true
switch = true
time_scale = {scale}
max_requests_per_second = 1000
require = ["checklist"]
baseline = {{ url = "{baseline}", ready = "/api/health" }}
candidate = {{ url = "{candidate}", ready = "/api/health" }}

[checklist.switch]
url = "{public}"
to_candidate = {{ command = ["sh", "switch.sh", "candidate"], timeout = "20s" }}
to_baseline = {{ command = ["sh", "switch.sh", "baseline"], timeout = "20s" }}
test = {{ command = ["{nginx}", "-p", ".", "-c", "nginx.conf", "-t"], timeout = "20s" }}
confirmed = {{ command = ["sh", "confirmed.sh"] }}

[[checklist.switch.writes]]
name = "create a lot"
request = "POST /api/lots"
json = {{ lot_code = "{{unique:REHEARSAL}}", lot_type = "RAW" }}
save = {{ code = "/lot_code" }}
read = "GET /api/traceability/{{code}}"

[checklist.switch.fingerprint]
path = "/api/traceability/NO-SUCH-LOT"
baseline = '"error": ?"Lot not found"'
candidate = '"detail": ?"Lot not found"'

[checklist.logging]
path = "/api/health?probe={{id}}"
file = "candidate.log"
counter = 'sum(http_requests_total{{side="candidate"}})'
up = 'up{{side="candidate"}}'

[checklist.after]
covered = 'count_over_time((min(up{{side="baseline"}}) == 1)[{{range}}:1s])'

[checklist.monitoring]
prometheus = "{prometheus}"
interval = "{scrape}s"
range = "{range}s"
window = "25m"
min_requests = {enough}

# Wider than production's: this machine has other work to do.
[checklist.monitoring.p99_ms]
{p99_ms}

[[checklist.monitoring.probes]]
name = "log in"
kind = "login"
request = "POST /api/login"
json = {{ email = "test@flowviz.com" }}

[[checklist.monitoring.probes]]
name = "trace a lot"
request = "GET /api/traceability/SEED-MIX-001"
compare = true

[[checklist.monitoring.probes]]
name = "decisions have notes"
kind = "integrity"
command = {{ command = ["sh", "integrity.sh"], timeout = "10s" }}

[[checklist.smoke]]
name = "log in"
request = "POST /api/login"
json = {{ email = "test@flowviz.com" }}
save = {{ token = "/token" }}

[[checklist.smoke]]
name = "create a lot"
request = "POST /api/lots"
headers = {{ Authorization = "Bearer {{token}}" }}
json = {{ lot_code = "{{unique:SMOKE-TEST}}", lot_type = "RAW" }}
status = 201
save = {{ lot = "/id", code = "/lot_code" }}

[[checklist.smoke]]
name = "query traceability"
request = "GET /api/traceability/{{code}}"
expect = {{ "/central/id" = "{{lot}}" }}
{dropped}
"""

_ANOTHER_LABEL = """
[checklist.monitoring.queries]
errors = 'sum(http_requests_total{side="{side}",code=~"5.."})'
"""

_LOW_BUCKETS = '''
[checklist.monitoring.queries]
p99_ms = """1000 * histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{
  side="{side}",endpoint="{endpoint}",le!~"0.6|0.8|1|1.0|2.5"}[{range}])))"""
'''
# What 0.6 s are above, and the last of those buckets, 500 ms, below.
_ABOVE_LOW_BUCKETS = 550

_COMMANDS = """
[checklist.monitoring.commands]
requests = { command = ["{python}", "metrics.py", "requests", "{side}"] }
errors = { command = ["{python}", "metrics.py", "errors", "{side}"] }
p99_ms = { command = ["{python}", "metrics.py", "p99_ms", "{side}", "{endpoint}", "{range}"] }
"""

# What a team has that asks a provider of its own: here it asks the same Prometheus.
_METRICS = """
import json, sys, urllib.parse, urllib.request
name, side, endpoint, seconds = (sys.argv[1:] + ["", ""])[:4]
query = {{
    "requests": f"sum(http_requests_total{{{{side='{{side}}'}}}})",
    "errors": f"sum(http_requests_total{{{{side='{{side}}',status=~'5..'}}}}) or vector(0)",
    "p99_ms": "1000 * histogram_quantile(0.99, sum by (le) (rate("
    f"http_request_duration_seconds_bucket{{{{side='{{side}}',endpoint='{{endpoint}}'}}}}[{{seconds}}s])))",
}}[name]
words = urllib.parse.urlencode({{"query": query}})
with urllib.request.urlopen("{prometheus}/api/v1/query?" + words, timeout=3) as answer:
    rows = json.load(answer)["data"]["result"]
value = float(rows[0]["value"][1]) if rows else None
print(json.dumps({{"value": None if value != value else value}}))
"""

_P99_MS = {
    "POST /api/login": 300,
    "POST /api/lots": 200,
    "POST /api/qc-decisions": 200,
    "GET /api/traceability/{lot_code}": 250,
}

# Nobody signs for a rehearsal.
_SIGNED = (
    "switch.dns",
    "verification.users",
    "verification.complaints",
    "rolled-back.stakeholders",
    "rolled-back.reason",
    "rolled-back.logs",
    "rolled-back.post-mortem",
    "rolled-back.remediation",
)


def files(urls: Mapping[str, str], folder: Path, nginx: str, *, brisk: bool) -> dict[str, str]:
    """Every file by its name."""
    candidate = urlsplit(urls["candidate"]).netloc
    made = {
        "nginx.conf": _NGINX.format(
            port=urlsplit(urls["public"]).port,
            user="user root;" if os.geteuid() == 0 else "",
        ),
        "upstream.conf": _upstream(urls["baseline"]),
        "switch.sh": _SWITCH.format(nginx=nginx),
        "integrity.sh": _INTEGRITY,
        "confirmed.sh": f"tail -n 20 access.log | grep -q upstream={candidate}\n",
        "prometheus.yml": prometheus_config(
            {side: urls[side] for side in ("baseline", "candidate")}
        ),
        "pytest.ini": "[pytest]\n",
        "metrics.py": _METRICS.format(**urls),
        "test_after_switch.py": _MONITORING_TESTS.read_text("utf-8"),
        "cutover.toml": _CUTOVER.format(
            **urls,
            nginx=nginx,
            folder=folder,
            scale=BRISK_SCALE if brisk else SCALE,
            enough=1000 if brisk else 3000,
            scrape=SCRAPE_S,
            range=4 * SCRAPE_S,
            p99_ms="\n".join(
                f'"{name}" = {ms * (10 if brisk else 1):g}' for name, ms in _P99_MS.items()
            ),
            dropped="\n".join(
                f'[checklist.items."{name}"]\ndrop = true\nreason = "a rehearsal"'
                for name in _SIGNED
            ),
        ),
    }
    for side in ("baseline", "candidate"):
        made[f"upstream-{side}.conf"] = _upstream(urls[side])
    return made


def errors_under_another_label(text: str) -> str:
    """The configuration of a team whose query asks for a label that nothing has."""
    return _before_probes(text, _ANOTHER_LABEL)


def buckets_that_end_too_low(text: str) -> str:
    """The same of one whose histogram ends below its limit."""
    text = re.sub(r'("POST /api/lots" =) \d+', rf"\1 {_ABOVE_LOW_BUCKETS}", text)
    return _before_probes(text, _LOW_BUCKETS)


def numbers_by_command(text: str) -> str:
    """The same of one that has no Prometheus, but a command."""
    text = re.sub(r"(?m)^prometheus = .*\n", "", text)
    text = re.sub(r"(?m)^interval = .*", f'interval = "{COMMANDS_S}s"', text)
    return _before_probes(text, _COMMANDS)


def _before_probes(text: str, table: str) -> str:
    first = "\n[[checklist.monitoring.probes]]"
    return text.replace(first, f"{table}{first}", 1)


def _upstream(url: str) -> str:
    return f"upstream flowviz {{ server {urlsplit(url).netloc}; keepalive 32; }}\n"


def prometheus_config(sides: Mapping[str, str], neighbour: str = "") -> str:
    """A scrape configuration that names each side; a neighbour is another of the candidate."""
    lines = [
        "global:",
        f"  scrape_interval: {SCRAPE_S}s",
        "scrape_configs:",
        "  - job_name: flowviz",
    ]
    lines += [f"    scrape_timeout: {SCRAPE_S}s", "    static_configs:"]
    for side, url in sides.items():
        lines += [
            f"      - targets: ['{urlsplit(url).netloc}']",
            f"        labels: {{ side: {side} }}",
        ]
    if neighbour:
        lines += [f"      - targets: ['{neighbour}']", "        labels: { side: candidate }"]
    return "\n".join(lines) + "\n"

"""What users do during the drill, at a steady rate; every answer goes to a ledger.

Run by locust, in a process of its own. DRILL_LEDGER names the file: one JSON line for each request,
`acknowledged` with what a write was promised to have stored.
"""

import json
import os
import secrets
import time

from locust import FastHttpUser, constant_throughput, events, task

_LEDGER = open(os.environ["DRILL_LEDGER"], "a", encoding="utf-8", buffering=1)  # noqa: SIM115
_NOTES = "waiting for the laboratory"
# Above it an answer is none: whoever waits this long has gone.
_TIMEOUT_S = 5.0


@events.request.add_listener
def note(request_type, name, response_time, exception, context, response=None, **_more):
    """One line about one request."""
    status = getattr(response, "status_code", 0) or 0
    line = {"at": time.time(), "name": name, "status": status, "ms": round(response_time)}
    if exception is not None:
        line["why"] = f"{type(exception).__name__}: {exception}"[:200]
    try:
        body = json.loads(response.text) if status == 201 else {}
    except ValueError:
        body = {}
    if "lot_code" in body:
        line["lot"] = body["lot_code"]
    elif "decided_at" in body:
        line["decision"] = body["id"]
    _LEDGER.write(json.dumps(line) + "\n")


class Plant(FastHttpUser):
    """One machine in the plant: ten requests a second."""

    wait_time = constant_throughput(10)
    network_timeout = _TIMEOUT_S
    connection_timeout = _TIMEOUT_S

    @task(4)
    def trace(self):
        """Look a lot up."""
        self.client.get("/api/traceability/SEED-MIX-001", name="trace")

    @task(3)
    def create_lot(self):
        """Record a lot."""
        lot = {"lot_code": f"DRILL-{secrets.token_hex(8)}", "lot_type": "RAW", "weight_kg": 500.25}
        self.client.post("/api/lots", json=lot, name="lot")

    @task(2)
    def decide(self):
        """Record a decision that needs notes."""
        body = {"decision": "HOLD", "notes": _NOTES}
        self.client.post("/api/qc-decisions", json=body, name="decision")

    @task(1)
    def log_in(self):
        """Log in."""
        self.client.post("/api/login", json={"email": "test@flowviz.com"}, name="login")

"""A FlowViz user under load: mostly reading, some recording, now and then a login."""

import secrets

from locust import FastHttpUser, between, task

LOTS = ("SEED-BULK-001", "SEED-RAW-001", "SEED-FG-001")


class FlowVizUser(FastHttpUser):
    wait_time = between(0.3, 0.9)

    def on_start(self):
        answer = self.client.post("/api/login", json={"email": "test@flowviz.com"}).json()
        self.headers = {"Authorization": f"Bearer {answer['token']}"}

    @task(3)
    def trace(self):
        self.client.get(f"/api/traceability/{secrets.choice(LOTS)}", headers=self.headers)

    @task(3)
    def create_lot(self):
        lot = {"lot_code": f"LOAD-{secrets.token_hex(8)}", "lot_type": "RAW", "weight_kg": 500.25}
        self.client.post("/api/lots", json=lot, headers=self.headers)

    @task(2)
    def decide(self):
        decision = {"decision": "HOLD", "notes": "waiting for the laboratory"}
        self.client.post("/api/qc-decisions", json=decision, headers=self.headers)

    @task(2)
    def log_in(self):
        self.client.post("/api/login", json={"email": "test@flowviz.com"})

    @task(2)
    def health(self):
        self.client.get("/api/health")

"""The routes by which a run talks to a locust master that it did not start. Runs in locust."""

from __future__ import annotations

from typing import Any

import gevent  # type: ignore[import-untyped]
from flask import jsonify, request


def open_master(environment: Any, plan: dict[str, Any]) -> None:
    """Add ``/cutover/start`` (the plan) and ``/cutover/rows`` (what was measured since)."""
    runner, app = environment.runner, environment.web_ui.app
    rows: list[list[Any]] = []
    runner.register_message("cutover-rows", lambda msg, **_: rows.extend(msg.data["rows"]))

    def start() -> Any:
        if not runner.worker_count:
            return jsonify({"problem": "the master has no workers"}), 409
        if runner.user_count:
            return jsonify({"problem": "the master is running another load"}), 409
        given = request.get_json(force=True)
        rows.clear()
        plan.clear()
        plan.update(given)
        plan["cap_per_s"] = _shared(plan.get("cap_per_s"), runner.worker_count)
        runner.send_message("cutover-plan", plan)
        gevent.spawn(runner.start, 2 * plan["users"], plan["users"])
        return jsonify({"workers": runner.worker_count})

    def measured() -> Any:
        first = int(request.args.get("from", 0))
        done = bool(plan.get("done"))
        return jsonify({"rows": rows[first:], "done": done, "workers": runner.worker_count})

    app.add_url_rule("/cutover/start", "cutover_start", start, methods=["POST"])
    app.add_url_rule("/cutover/rows", "cutover_rows", measured, methods=["GET"])


def _shared(cap: float | None, workers: int) -> float | None:
    return cap / workers if cap else None

"""gate.html: the page that people decide from, in one file that needs no network.

Everything is in the page without its script, which only filters, copies and keeps the place. The
page stays below `PAGE_BYTES`: findings are shown in full while there is room, then in short, then
counted; exchanges take what their commands leave, a quarter of the page at most. Jinja2 escapes;
before it, every string passes through `block`, so that a template cannot forget to. A
Content-Security-Policy allows the page's own script and style by hash, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from markupsafe import Markup

from pytest_cutover.core.codes import Code
from pytest_cutover.report import summary
from pytest_cutover.report.history import History
from pytest_cutover.report.model import Report
from pytest_cutover.report.renderers.html import exchanges, rows
from pytest_cutover.report.renderers.html.charts import HEIGHT
from pytest_cutover.report.renderers.html.standalone import asset, digest_of, environment
from pytest_cutover.report.unnoticed import unnoticed

PAGE_BYTES = 990_000
BLOCKERS = 8
_NO_CODES: Mapping[str, Code] = {}


def render(
    report: Report,
    codes: Mapping[str, Code] = _NO_CODES,
    *,
    digest: str = "",
    history: History | None = None,
) -> str:
    """Return the whole page.

    `codes` explain the gates on it, `digest` is the SHA-256 of gate.json, `history` the runs before
    this one, where there are any.
    """
    templates = environment()
    page = templates.get_template("gate.html")
    context = _context(report, codes, digest, history)
    nothing = exchanges.ShownExchanges(Markup(""), {}, "")
    empty = page.render(**context, said=nothing, findings=Markup(""), shortened="")
    room = PAGE_BYTES - len(empty.encode("utf-8")) - 500
    exchange, finding = (templates.get_template(f"{name}.html") for name in ("exchange", "finding"))
    spare = room - rows.bytes_with_commands(report, finding.render)
    said = exchanges.shown(report, exchange.render, spare)
    room -= len(said.html.encode("utf-8"))
    shown, shortened = rows.findings(report, finding.render, room, said.places)
    return page.render(**context, said=said, findings=Markup("\n".join(shown)), shortened=shortened)


def _context(
    report: Report, codes: Mapping[str, Code], digest: str, history: History | None
) -> dict[str, object]:
    style, script = asset("style.css"), asset("script.js")
    blockers = summary.blockers(report)
    latencies = rows.latencies(report)
    plots = rows.plots(report)
    statuses, matrix = rows.matrix(report)
    past = history.rows if history is not None and len(history.rows) > 1 else ()
    return {
        "report": report,
        "version": version("pytest-cutover"),
        "words": summary.words(report),
        "action": summary.action(report),
        # Beside the action, which may begin as the answer does.
        "answer": summary.answer(report).removeprefix(f"{summary.action(report)}; "),
        "under_review": summary.to_review(report),
        "headline": summary.headline(report),
        "evidence": " · ".join(summary.evidence(report)),
        "account": summary.account(report),
        "instruction": summary.instruction(report),
        "unnoticed": unnoticed(report),
        "by_id": {finding.id: finding for finding in report.findings},
        "digest": digest,
        "remedies": summary.remedies(report),
        "next": summary.next_command(report),
        "blockers": summary.first(blockers, BLOCKERS),
        "hidden_blockers": _more(len(blockers) - BLOCKERS),
        "sections": _sections(report, plotted=bool(plots), past=len(past)),
        "past": past,
        "since": {one.id: history.told(one.id) for one in report.findings} if history else {},
        "groups": rows.checklist(report),
        "codes": codes,
        "endpoints": rows.endpoints(report),
        "kinds": sorted({finding.kind for finding in report.findings}),
        "counted": summary.plural(len(report.findings), "finding"),
        "latencies": latencies,
        "height": HEIGHT,
        "plots": plots,
        "statuses": statuses,
        "matrix": matrix,
        "accepted": report.accepted[:500],
        "style": Markup(style),  # our own files, no data in them
        "style_hash": digest_of(style),
        "script": Markup(script),
        "script_hash": digest_of(script),
    }


def _sections(report: Report, *, plotted: bool, past: int) -> list[tuple[str, str, int | None]]:
    known: list[tuple[str, str, int]] = [
        ("causes", "Causes", len(report.causes)),
        ("checklist", "Checklist", len(report.checklist)),
        ("gates", "Gates", len(report.gates)),
        ("findings", "Findings", len(report.findings)),
        ("exchanges", "Exchanges", len(report.exchanges)),
        ("latency", "Latency", len(report.latency)),
        ("load", "Load", len(report.load)),
        ("resources", "Resources", int(plotted)),
        ("account", "Account", len(report.account)),
        ("unseen", "Not noticed", len(unnoticed(report))),
        ("coverage", "Coverage", len(report.coverage)),
        ("generated", "Generated", len(report.generated)),
        ("accepted", "Accepted", len(report.accepted)),
        ("rules", "Rules", len(report.rules)),
        ("stale", "Stale goldens", len(report.stale_goldens)),
        ("history", "History", past),
    ]
    counted = {"causes", "gates", "findings", "accepted", "stale"}
    present = [
        (name, title, count if name in counted else None)
        for name, title, count in known
        if count or name in ("gates", "findings")
    ]
    return [*present, ("environment", "Environment", None)]


def _more(count: int) -> str:
    return summary.plural(count, "more blocker") if count > 0 else ""

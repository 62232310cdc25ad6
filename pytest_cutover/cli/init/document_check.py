"""Whether the OpenAPI document that was found can be a gate from the first run on."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from pytest_cutover.cli.init.asking import Answer
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.exchange import Exchange, Request, Response
from pytest_cutover.core.extras import Extra, require
from pytest_cutover.openapi.document import ApiDocument
from pytest_cutover.report.model import GateVerdict


def why_not_yet(
    document: ApiDocument, answers: Iterable[tuple[str, Answer]], *, base_url: str
) -> str:
    """Return why the document would fail a run of which nobody is to blame; empty where it holds.

    `answers` are those of the baseline to GET of a path below `base_url`.
    """
    try:
        require(Extra.CONTRACT, asked="it")
    except ConfigError as error:
        return f"Not judged yet: {error}"
    from pytest_cutover.contract.evidence import ContractEvidence
    from pytest_cutover.contract.gates import contract_contribution
    from pytest_cutover.contract.validate import Contract

    contract = Contract(document)
    seen, violations = [], []
    for path, answer in answers:
        exchange = Exchange(
            Request("GET", path),
            Response(answer.status, tuple(answer.headers.items()), answer.body),
            "",
        )
        operation = contract.operation(exchange, base=urlsplit(base_url).path)
        if operation is None:
            continue
        seen.append((str(operation.endpoint), answer.status))
        violations += contract.violations(exchange, operation)
    evidence = ContractEvidence(
        nodeid="init", side="baseline", seen=tuple(seen), violations=tuple(violations)
    )
    judged = contract_contribution(document, [evidence], again=lambda _: "")
    failing = [gate for gate in judged.gates if gate.verdict is GateVerdict.FAIL]
    if not failing:
        return ""
    return f"It does not describe the baseline yet: {failing[0].message.removesuffix('.')}."

"""The cutover checklist, executable: every item a gate with evidence or a person's dated statement.

`items` is the checklist as data, `signoffs` what people said, `judge` puts both and a run's
evidence together. `checks/` are the ready-made checks, `contract` and `coverage` two families of
gates of their own, `monitoring/` decides over time. `plugin` is this room's door to pytest.

May import `gate`, `report`, `backends` and `config`. `items`, `judge`, `actions`,
`monitoring.decision` and what stands below it, and all of `contract` but its plugin are pure.
"""

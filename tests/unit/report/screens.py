"""The last screens, word for word: what a user sees at 80 columns without colour."""

GO_SCREEN = """\
====================== cutover: GO · ready for the switch ======================
 staging, pre-cutover: May we switch the traffic from express to fastapi?
 4 gates passed
 ✓ 96 tests on both backends · 1 accepted difference (1 expires 3 Dec)
cutover: GO · ready for the switch · staging · report: .cutover/gate.html
"""

NO_GO_SCREEN = """\
======================== cutover: NO-GO · do not switch ========================
 staging, pre-cutover: May we switch the traffic from express to fastapi?
 2 of 4 gates failed, 1 inconclusive
 ✗ CUT101 POST /api/lots   /weight_kg  500.5 → "500.5"   12× in 2 tests
 ✗ CUT202 p50           GET /api/health   +63 % [58, 69]   limit +50 %
 ? CUT203 p99           POST /api/login   n=120, at least 432 needed
 - 96 tests on both backends · 2 failed · 1 accepted difference (1 expires 3
   Dec)
 - not judged here: container builds
 next: pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"
cutover: NO-GO · do not switch · staging · report: .cutover/gate.html
"""

INCONCLUSIVE_SCREEN = """\
================== cutover: INCONCLUSIVE · do not switch yet ===================
 staging, pre-cutover: May we switch the traffic from express to fastapi?
 1 of 2 gates inconclusive
 ? CUT301 goldens   2 stale   limit 0 stale
 - 96 tests on both backends · 3 skipped · 2 goldens stale · 1 accepted
   difference (1 expires 3 Dec)
 next: pytest --snapshot-update
cutover: INCONCLUSIVE · do not switch yet · staging · report: .cutover/gate.html
"""

PARTIAL_SCREEN = """\
======================= cutover: PARTIAL · no answer yet =======================
 staging, pre-cutover: May we switch the traffic from express to fastapi?
 1 gate passed
 - 1 test on both backends · 1 unrecorded
 - partial: 95 items left out; a GO needs the whole suite
 next: pytest --cutover-target=staging
cutover: PARTIAL · no answer yet · staging · report: .cutover/gate.html
"""

NO_GO_VERBOSE = """\
======================== cutover: NO-GO · do not switch ========================
 staging, pre-cutover: May we switch the traffic from express to fastapi?
 2 of 4 gates failed, 1 inconclusive
 ✗ CUT101 POST /api/lots   /weight_kg  500.5 → "500.5"   12× in 2 tests
          baseline   500.5
          candidate  "500.5"
          tests/characterization/test_lots.py::test_create_lot[candidate]  (+1 more test)
 ✗ CUT202 p50           GET /api/health   +63 % [58, 69]   limit +50 %
 ? CUT203 p99           POST /api/login   n=120, at least 432 needed
 ✓ CUT301 evidence           96 tests   limit 1 test
 = accepted  POST /api/lots  status  400 → 422   14×
          baseline   400
          candidate  422
          tests/characterization/test_lots.py::test_unknown_field[candidate]
          FastAPI answers 422 to what its models refuse (mira@flowviz.example,
          until 2030-12-03)
 - 96 tests on both backends · 2 failed · 1 accepted difference (1 expires 3
   Dec)
 - not judged here: container builds
 next: pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"
cutover: NO-GO · do not switch · staging · report: .cutover/gate.html
"""

NO_GO_QUIET = """\
cutover: NO-GO · do not switch · 2 of 4 gates failed, 1 inconclusive
 ✗ CUT101 POST /api/lots   /weight_kg  500.5 → "500.5"   12× in 2 tes…   +2 more
 next: pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"
cutover: NO-GO · do not switch · staging · report: .cutover/gate.html
"""

NO_GO_ASCII = """\
======================== cutover: NO-GO | do not switch ========================
 staging, pre-cutover: May we switch the traffic from express to fastapi?
 2 of 4 gates failed, 1 inconclusive
 x CUT101 POST /api/lots   /weight_kg  500.5 -> "500.5"   12x in 2 tests
 x CUT202 p50           GET /api/health   +63 % [58, 69]   limit +50 %
 ? CUT203 p99           POST /api/login   n=120, at least 432 needed
 - 96 tests on both backends | 2 failed | 1 accepted difference (1 expires 3
   Dec)
 - not judged here: container builds
 next: pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"
cutover: NO-GO | do not switch | staging | report: .cutover/gate.html
"""

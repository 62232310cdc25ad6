"""The last screens, word for word: what a user sees at 80 columns without colour."""

GO_SCREEN = """\
================================= cutover: GO ==================================
 4 gates passed                                      report: .cutover/gate.html
 ✓ 4 gates · 96 tests on both backends · 1 accepted (1 expires 3 Dec)
"""

NO_GO_SCREEN = """\
================================ cutover: NO-GO ================================
 2 of 4 gates failed, 1 inconclusive                 report: .cutover/gate.html
 ✗ CUT101 differences   POST /api/lots    /weight_kg  number → string   12×
 ✗ CUT202 p50           GET /api/health   +63 % [58, 69]   limit +50 %
 ? CUT203 p99           POST /api/login   n=120, at least 432 needed
 ✓ 1 gate · 96 tests on both backends · 2 failed · 1 accepted (1 expires 3 Dec)
 - not judged: container builds
 next: pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"
"""

INCONCLUSIVE_SCREEN = """\
============================ cutover: INCONCLUSIVE =============================
 1 of 2 gates inconclusive                           report: .cutover/gate.html
 ? CUT301 goldens   2 stale   limit 0 stale
 ✓ 1 gate · 96 tests on both backends · 3 skipped · 2 goldens stale · 1 accepted
   (1 expires 3 Dec)
 next: pytest --snapshot-update
"""

PARTIAL_SCREEN = """\
=============================== cutover: PARTIAL ===============================
 1 gate passed                                       report: .cutover/gate.html
 ✓ 1 gate · 1 test on both backends · 1 unrecorded
 - partial: 95 items left out; a GO needs the whole suite
 next: pytest --cutover-target=staging
"""

NO_GO_VERBOSE = """\
================================ cutover: NO-GO ================================
 2 of 4 gates failed, 1 inconclusive                 report: .cutover/gate.html
 ✗ CUT101 differences   POST /api/lots    /weight_kg  number → string   12×
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
 ✓ 1 gate · 96 tests on both backends · 2 failed · 1 accepted (1 expires 3 Dec)
 - not judged: container builds
 next: pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"
"""

NO_GO_QUIET = """\
cutover: NO-GO · 2 of 4 gates failed, 1 inconclusive · .cutover/gate.html
 ✗ CUT101 differences   POST /api/lots   /weight_kg  number → string …   +2 more
 next: pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"
"""

NO_GO_ASCII = """\
================================ cutover: NO-GO ================================
 2 of 4 gates failed, 1 inconclusive                 report: .cutover/gate.html
 x CUT101 differences   POST /api/lots    /weight_kg  number -> string   12x
 x CUT202 p50           GET /api/health   +63 % [58, 69]   limit +50 %
 ? CUT203 p99           POST /api/login   n=120, at least 432 needed
 + 1 gate | 96 tests on both backends | 2 failed | 1 accepted (1 expires 3 Dec)
 - not judged: container builds
 next: pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"
"""

"""A spreadsheet is packed anew for every download; the new service packs an empty one, a tenth of the size."""

import io
import uuid
import zipfile

EXPECT = "not-go"


def answer(side, request):
    rows = (
        ""
        if side == "candidate"
        else "".join(f"<row r='{i}'><c><v>{i * 17}</v></c></row>" for i in range(1, 800))
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "docProps/core.xml",
            f"<coreProperties><identifier>{uuid.uuid4()}</identifier></coreProperties>",
        )
        book.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
        )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return (
        200,
        {"Content-Type": kind, "Content-Disposition": 'attachment; filename="stock.xlsx"'},
        packed.getvalue(),
    )


TESTS = """
@C("GET /stock.xlsx")
def test_it(backend):
    assert backend.get("/stock.xlsx").content.startswith(b"PK")
"""

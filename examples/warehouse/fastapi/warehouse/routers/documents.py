"""Documents of items: uploads and downloads."""

from __future__ import annotations

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Path, Response, UploadFile
from sqlalchemy import select

from warehouse.database import Database, Document
from warehouse.drifts import on
from warehouse.errors import NotFoundError
from warehouse.routers.items import item_of
from warehouse.schemas import DocumentKind, DocumentOut, Identifier, Name
from warehouse.security import logged_in

router = APIRouter(tags=["documents"], dependencies=[logged_in])
_TYPES = ("text/plain", "text/csv", "application/pdf", "image/png")
_LARGEST = 100_000


def _told(document: Document) -> DocumentOut:
    digest = hashlib.sha256(document.content).hexdigest()
    return DocumentOut(
        id=document.id,
        item_id=document.item_id,
        title=document.title,
        kind=document.kind,
        content_type=document.content_type,
        size=len(document.content),
        sha256=digest.upper() if on("checksum-in-upper-case") else digest,
    )


@router.get("/items/{item_id}/documents")
async def list_documents(item_id: UUID, database: Database) -> list[DocumentOut]:
    """The documents of an item."""
    await item_of(database, item_id)
    query = select(Document).where(Document.item_id == item_id).order_by(Document.id)
    return [_told(row) for row in await database.scalars(query)]


@router.post("/items/{item_id}/documents", status_code=201)
async def upload_document(
    item_id: UUID,
    file: UploadFile,
    title: Annotated[Name, Form()],
    database: Database,
    kind: Annotated[DocumentKind, Form()] = DocumentKind.DATASHEET,
) -> DocumentOut:
    """Keep a file; what is no text, table, PDF or picture is kept as bytes."""
    await item_of(database, item_id)
    content = await file.read()
    if len(content) > _LARGEST:
        raise HTTPException(413, "the file is too large")
    declared = (file.content_type or "text/plain").partition(";")[0].strip().lower()
    document = Document(
        item_id=item_id,
        title=title,
        kind=kind,
        content_type=declared if declared in _TYPES else "application/octet-stream",
        content=content,
    )
    database.add(document)
    await database.commit()
    return _told(document)


@router.get("/documents/{document_id}/content", response_class=Response)
async def download(document_id: Annotated[Identifier, Path()], database: Database) -> Response:
    """The file itself."""
    document = await database.get(Document, document_id)
    if document is None:
        raise NotFoundError("no such document")
    headers = {"Content-Disposition": f'attachment; filename="document-{document.id}"'}
    kind = "application/octet-stream" if on("download-has-no-type") else document.content_type
    return Response(document.content, headers={**headers, "Content-Type": kind})

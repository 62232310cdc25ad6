"""The application: routers, handlers, middleware."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

from warehouse.drifts import ACTIVE, on
from warehouse.errors import install_handlers
from warehouse.routers import auth, documents, items, locations, movements, orders, suppliers
from warehouse.settings import ORIGIN, PREFIX


def application() -> FastAPI:
    """Return the application as the environment wants it."""
    app = FastAPI(
        title="Warehouse",
        version="1.4.0",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=on("trailing-slash-is-redirected"),
        strict_content_type=not on("text-body-is-taken"),
    )
    for one in (auth, suppliers, locations, items, documents, movements, orders):
        app.include_router(one.router, prefix=PREFIX)
    install_handlers(app)
    if not on("answers-are-not-packed"):
        app.add_middleware(GZipMiddleware, minimum_size=500)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"] if on("any-origin-is-allowed") else [ORIGIN],
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        allow_credentials=True,
        expose_headers=["Location"],
        max_age=600,
    )
    if ACTIVE:
        from warehouse.edge import Edge

        app.add_middleware(Edge)
    return app


if __name__ == "__main__":
    import os

    uvicorn.run(application(), host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")

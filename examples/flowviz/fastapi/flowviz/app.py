"""The application: settings, pool, handlers and routes put together."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from flowviz import errors
from flowviz.database import create_pool
from flowviz.edge import ASGIApp, Edge
from flowviz.routes import router
from flowviz.settings import Settings
from flowviz.tokens import Tokens


def create_app(settings: Settings | None = None) -> ASGIApp:
    """The ASGI application; its settings come from the environment when none are given."""
    settings = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await create_pool(settings)
        # What start-up left behind lives as long as the process: full collections need not walk it.
        gc.collect()
        gc.freeze()
        yield
        await app.state.pool.close()

    # No documentation pages: Express has none, and the contract is in contract/openapi.yaml.
    app = FastAPI(
        title="FlowViz",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.tokens = Tokens(settings.jwt_secret_key)
    errors.install(app)
    app.include_router(router)
    edge: ASGIApp = Edge(app, cors_origin=settings.cors_origin)
    if drifts := os.environ.get("FLOWVIZ_DRIFTS"):
        # Only for proving the gate; imported only then, so that it cannot cost or break anything.
        from flowviz.drifts import Drifted

        return Drifted(edge, drifts)
    return edge


def __getattr__(name: str) -> ASGIApp:
    """`flowviz.app:app`, made when a server asks for it: importing the module needs no settings."""
    if name != "app":
        raise AttributeError(name)
    application = create_app()
    globals()["app"] = application
    return application

"""The application: settings, pool, handlers and routes put together."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware

from flowviz import errors
from flowviz.database import create_pool
from flowviz.edge import ASGIApp, Edge
from flowviz.routes import ROUTES
from flowviz.settings import Settings
from flowviz.tokens import Tokens


class _Application(FastAPI):
    """FastAPI without the layers that only its path operations use (we have plain routes).

    Measured on `/api/health`: what remains beside uvicorn's own time is half of what it was.
    """

    def build_middleware_stack(self) -> ASGIApp:
        """What handles errors, and the router."""
        handlers = dict(self.exception_handlers)
        unforeseen = handlers.pop(Exception)
        handled = ExceptionMiddleware(self.router, handlers=handlers)
        return ServerErrorMiddleware(handled, handler=unforeseen)


def create_app(settings: Settings | None = None) -> ASGIApp:
    """The ASGI application; its settings come from the environment when none are given."""
    settings = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await create_pool(settings)
        # What start-up left behind lives as long as the process: full collections need not walk it.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        yield
        await app.state.pool.close()

    # No documentation pages: Express has none, and the contract is in contract/openapi.yaml.
    app = _Application(
        title="FlowViz",
        routes=ROUTES,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # It looks for its configuration in the environment in every request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.tokens = Tokens(settings.jwt_secret_key)
    errors.install(app)
    edge: ASGIApp = Edge(app, cors_origin=settings.cors_origin)
    if drifts := os.environ.get("FLOWVIZ_DRIFTS"):
        # Only for proving the gate; imported only then, so that it cannot cost or break anything.
        from flowviz.drifts import Drifted

        edge = Drifted(edge, drifts)
    if faults := os.environ.get("FLOWVIZ_FAULTS"):
        from flowviz.faults import Faulty

        async def execute(statement: str, *values: object) -> object:
            return await app.state.pool.execute(statement, *values)

        edge = Faulty(edge, faults, execute)
    if os.environ.get("FLOWVIZ_METRICS"):
        from flowviz.metrics import Metrics

        edge = Metrics(edge)
        if faults:
            from flowviz.faults import Hidden

            edge = Hidden(edge, faults)
    if seeded := os.environ.get("FLOWVIZ_SEEDED"):
        # The same, for proving the gates on performance.
        from flowviz.seeded import Seeded

        return Seeded(edge, seeded, app.state)
    return edge


def __getattr__(name: str) -> ASGIApp:
    """`flowviz.app:app`, made when a server asks for it: importing the module needs no settings."""
    if name != "app":
        raise AttributeError(name)
    application = create_app()
    globals()["app"] = application
    return application

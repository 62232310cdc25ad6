"""The process: `python -m flowviz`, with PORT (8000) and HOST (127.0.0.1) from the environment."""

import os

import uvicorn


def main() -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way and leave."""
    uvicorn.run(
        "flowviz.app:app",
        host=os.environ.get("HOST") or "127.0.0.1",
        port=int(os.environ.get("PORT") or 8000),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_level="info" if os.environ.get("FLOWVIZ_ACCESS_LOG") else "warning",
        access_log=bool(os.environ.get("FLOWVIZ_ACCESS_LOG")),
        server_header=False,
        # Longer than nginx keeps its upstream connections (60 s); see also edge.KEEP_ALIVE_S.
        timeout_keep_alive=65,
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    main()

"""A server that does nothing: what the clock shows here is the clock itself.

Started as a program of its own by ``client_cost``; prints its port. Ends with its standard input.
"""

import socket
import sys
import threading

_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


def _serve(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while connection.recv(65536):
            connection.sendall(_ANSWER)


def _accept(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listening,), daemon=True).start()
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()

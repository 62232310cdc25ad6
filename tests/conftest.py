"""What every test of the project's own relies on."""

import signal

# pytest takes this in a conftest of the folder that a run begins with, and in no deeper one.
pytest_plugins = ["pytester"]

# A run in the background of a script, as CI starts them, ignores Ctrl-C, and its children inherit
# that; the tests that press it are about programs in the foreground.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

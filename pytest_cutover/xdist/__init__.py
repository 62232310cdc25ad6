"""pytest-xdist: the controller launches, decides and writes; workers ask."""

"""The drill: the cutover of the reference pair for real, with faults."""

"""One renderer for each place where people read a report. None of them judges or sorts."""

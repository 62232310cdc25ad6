"""gate.html: the page that people decide from, in one file that needs no network."""

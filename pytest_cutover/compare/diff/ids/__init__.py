"""Which id of one side is which of the other, and what a server works out from what it is sent."""

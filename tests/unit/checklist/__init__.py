"""The pure part of the checklist."""

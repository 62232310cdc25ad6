"""Is the candidate ready: what the checklist asks before traffic moves, as a user writes it."""

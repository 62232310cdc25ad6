"""After the switch: what the checklist asks while users are on the candidate."""

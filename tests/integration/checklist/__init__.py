"""The checklist in a pytest session, as a user sees it."""

"""A text as what stands still in it and what varies between: tokens, template, match. Pure."""

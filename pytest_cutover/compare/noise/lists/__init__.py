"""What stands still in rows, and which row is which: by identity, by column, by key. Pure."""

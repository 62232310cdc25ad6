"""What a whole run says of both sides: its findings, its account, its gates.

Pure, but for what `contribution` reads of the run's own folder.
"""

"""What the room hands in: gates, rows of the report, waivers and raw samples."""

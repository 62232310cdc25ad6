"""What a team meets on its first day, and what it brings along."""

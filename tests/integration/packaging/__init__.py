"""What the distribution brings, and what it says where something is missing."""

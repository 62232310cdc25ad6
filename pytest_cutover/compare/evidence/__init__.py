"""What one test tells of its comparison: to the gates, and to who reads why it failed."""

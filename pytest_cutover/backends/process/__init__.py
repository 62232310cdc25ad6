"""Backends as processes: started, watched, and gone at the end."""

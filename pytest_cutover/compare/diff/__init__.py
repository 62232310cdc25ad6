"""The candidate beside the baseline: what departs, where, and how. Pure."""

"""Moving the traffic: who answers, told by a fingerprint, and a rehearsal under load."""

"""The page of plans: what is asked of one, its proof, and every question about it."""

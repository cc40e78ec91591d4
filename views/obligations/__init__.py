"""The page of the obligations: lights by zone, what is due, overdue, idle or ending, and what was done about it."""

"""The Fengtai demo, one subject a module: outlines, streets and parcels, uses, balances, projects, origins."""

"""The ground under the parcels on the screen: suitability, constraints, rasters, stations."""

"""What the ground under the parcels says of them: rasters, constraints, stations, and suitability from them."""

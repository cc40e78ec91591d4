"""The page of the projects: the library as a board, filters, tables beside the map, one enterprise on a card."""

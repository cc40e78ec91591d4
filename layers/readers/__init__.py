"""Outside files come in: what the bytes are, where the coordinates lie, which column means what."""

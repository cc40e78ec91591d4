"""The exchange page: files come in step by step, layers go out."""

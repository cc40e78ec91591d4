"""What a file makes us doubt, each with its evidence and, where one is known, a cure that the user confirms."""

from layers.readers.doubts.finding import Cure, Finding, cured

__all__ = ["Cure", "Finding", "cured"]

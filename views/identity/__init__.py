"""Who is before the screen: one interface, and one way of knowing for each kind of installation."""

from views.identity.accounts import Accounts
from views.identity.chosen import identity, standing, standing_of, visit, who
from views.identity.contract import Identity, Visit
from views.identity.door import Door
from views.identity.gate import Gate, visit_of
from views.identity.provider import Provider

__all__ = [
    "Accounts",
    "Door",
    "Gate",
    "Identity",
    "Provider",
    "Visit",
    "identity",
    "standing",
    "standing_of",
    "visit",
    "visit_of",
    "who",
]

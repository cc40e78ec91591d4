"""Who may write an import: said to those who may not, who can prepare one all the same."""

from __future__ import annotations

from layers.people import listed
from layers.roles import NAMES, RIGHTS, import_into, may
from layers.stores.contract import ROLES
from views.markup import Markup, note
from views.session import role, service
from views.text import Text

_MOST = 5


def notice(layer: str, say: Text) -> Markup:
    """What this viewer can do here, and who can do the rest."""
    told = [say("import_try", role=say.term(NAMES, role())), writers(layer, say)]
    if may(role(), import_into("projects")):
        told.append(say("import_projects_only"))
    return note("hint", say("sentence_sign").join(told))


def writers(layer: str, say: Text) -> str:
    """The roles that may write a layer, and the people of this workspace who have one."""
    right = import_into(layer)
    able = [one for one in ROLES if right in RIGHTS[one]]
    roles = say("or_sign").join(say.term(NAMES, one) for one in able)
    people = [one.display or one.name for one in listed(service()) if may(one.role, right) and not one.disabled]
    if not people:
        return say("import_who_roles", roles=roles)
    names = say("list_sign").join(people[:_MOST])
    if len(people) > _MOST:
        names = say("import_more", names=names, count=len(people))
    return say("import_who", roles=roles, names=names)

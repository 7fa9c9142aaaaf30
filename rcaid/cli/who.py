"""Which store, which person, which office: what the global options and the system say.

Nothing here reaches the parser of commands, so that the terminal program starts without it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rcaid.cli.options import Globals
from rcaid.domain.errors import Problem, Refused

if TYPE_CHECKING:
    from rcaid.services.desk import Desk


def place_of(options: Globals) -> str:
    """The address of the store that the options name, or the usual one."""
    from rcaid.services.society import default_store

    if options.login and (options.db or options.as_login):
        raise Refused(Problem("who.forced", {"login": options.login}))
    return options.db or default_store()


def os_user() -> str:
    """The login of the operating system's user; "" where it has no name."""
    import getpass
    import os

    # The variables that getpass would believe first are a person's to set.
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""
    except ImportError:  # no accounts of that kind on this system
        return getpass.getuser()


def open_as(options: Globals) -> Desk:
    """Opens the store as the person the options, the forced command or the system name."""
    from rcaid.services.society import open_desk

    url = place_of(options)
    desk = open_desk(
        url,
        options.login or None,
        as_login=options.as_login or None,
        read_only=options.read_only,
        os_user="" if options.login else os_user(),
    )
    if options.office:
        _narrow(desk, options.office)
    return desk


def _narrow(desk: Desk, code: str) -> None:
    """Holds every duty to one office and what is below it; never widens one."""
    from rcaid.services.staff import office_id

    wanted = office_id(desk, code)
    below = desk.offices.below(wanted)
    duties = []
    for duty, granted in desk.actor.duties:
        if granted in below:
            duties.append((duty, granted))
        elif wanted in desk.offices.below(granted):
            duties.append((duty, wanted))
    if not duties:
        raise Refused(Problem("who.elsewhere", {"office": desk.offices.by_id[wanted].name}))
    desk.actor = replace(desk.actor, duties=tuple(duties))

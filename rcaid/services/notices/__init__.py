"""Public notices: drafted from approved cases, put up, objected to, closed and corrected."""

from rcaid.services.notices.correcting import correct
from rcaid.services.notices.objecting import dismiss, object, uphold
from rcaid.services.notices.publishing import (
    Closed,
    ToList,
    cancel,
    close,
    draft,
    publish,
    usual_phone,
    waiting,
)
from rcaid.services.notices.showing import FORMATS, as_file, shown

__all__ = [
    "FORMATS",
    "Closed",
    "ToList",
    "as_file",
    "cancel",
    "close",
    "correct",
    "dismiss",
    "draft",
    "object",
    "publish",
    "shown",
    "uphold",
    "usual_phone",
    "waiting",
]

"""What an SDMX service answers when it cannot answer: the standard's error codes, their status, one clear line."""

from __future__ import annotations

from xml.sax.saxutils import escape

from pipelines.problems import shortened, visible

NO_RESULTS, SYNTAX, TOO_LARGE, NOT_ACCEPTABLE, NOT_IMPLEMENTED = 100, 140, 130, 406, 501
SERVICE_TOO_LARGE, UNAVAILABLE = 510, 503
#: HTTP status of each error code of the standard; those that are none are themselves a status.
_STATUS = {NO_RESULTS: 404, SYNTAX: 400, TOO_LARGE: 413, SERVICE_TOO_LARGE: 413}
_MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<mes:Error xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" \
xmlns:com="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common">
  <mes:ErrorMessage code="{code}">
    <com:Text xml:lang="en">{text}</com:Text>
  </mes:ErrorMessage>
</mes:Error>
"""
ERROR_TYPE = "application/vnd.sdmx.error+xml;version=2.1"


class Refused(Exception):
    """A request that gets no answer.

    Attributes:
        code: the standard's error code, or the status where it has none.
        status: of HTTP.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(_in_one_line(message))
        self.code = code
        self.status = _STATUS.get(code, code)

    def as_xml(self) -> bytes:
        """The SDMX-ML error message."""
        return _MESSAGE.format(code=self.code, text=escape(str(self))).encode()


def _in_one_line(text: str) -> str:
    """What XML can hold and a line shows; the rest as signs."""
    return "".join(each if each.isprintable() else "\ufffd" for each in shortened(visible(text), 500))

"""Writes the plain controls of forms without a template: the same signs as the library's, at a tenth of the work."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeData, SafeString

from selaras.doors.office.drawn import escaped

FOLDER = "django/forms/widgets"
INPUTS = frozenset(f"{FOLDER}/{name}.html" for name in ("input", "text", "hidden", "number", "email"))
"""Templates of the library that hold nothing but one input."""
TEXTAREA = f"{FOLDER}/textarea.html"


class Controls(DjangoTemplates):
    """The library's renderer of forms; it is asked for everything that is more than one plain element."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        """Write a control."""
        widget = context.get("widget", {})
        if template_name in INPUTS:
            value = "" if widget["value"] is None else f' value="{_shown(widget["value"])}"'
            opened = f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"'
            return SafeString(f"{opened}{value}{_attributes(widget['attrs'])}>")
        if template_name == TEXTAREA and isinstance(widget["value"], str | None):
            # the first line is the library's: without it a browser would swallow an empty first line of the text
            opened = f'<textarea name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>'
            return SafeString(f"{opened}\n{escaped(widget['value'] or '')}</textarea>")
        return super().render(template_name, context, request)


def _shown(value: object) -> str:
    """Write a value as it stands: a number is not divided into groups."""
    return escaped(value if isinstance(value, SafeData) else f"{value}")


def _attributes(attrs: dict[str, Any]) -> str:
    there = [(name, value) for name, value in attrs.items() if value is not False]
    return "".join([f" {escaped(name)}" + ("" if value is True else f'="{_shown(value)}"') for name, value in there])

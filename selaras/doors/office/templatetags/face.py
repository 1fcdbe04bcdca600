"""How pages write icons, numbers, dates, masked numbers and form controls; `{% load face %}`."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_timedelta
from django import forms, template
from django.forms.boundfield import BoundField
from django.template.base import Parser, Token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from selaras.doors.assets.icons import icon_names
from selaras.doors.citing import cite
from selaras.doors.office import drawn

register = template.Library()
# Django's own, which find what is fixed once
register.tag("translate", drawn.translate)
register.tag("url", drawn.url)
register.tag("static", drawn.static_file)

NOTHING = "—"  # a value that is not there; never 0
Day = dt.date | dt.datetime


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Tabler icon in the colour of its text; with a label it speaks, without one a screen reader skips it."""
    return pictured(name, str(label))


class _Icon(template.Node):
    """An icon that is named in the template and says nothing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, _context: template.Context) -> SafeString:
        """Give the icon."""
        return pictured(self.name, "")


_any_icon = register.tags["icon"]


@register.tag("icon")
def _icon(parser: Parser, token: Token) -> template.Node:
    name = drawn.literal(parser.compile_filter(bits[1])) if len(bits := token.split_contents()) == 2 else None
    return _Icon(name) if name else _any_icon(parser, token)  # type: ignore[no-any-return]


@lru_cache(maxsize=1024)
def pictured(name: str, label: str = "") -> SafeString:
    """Give the HTML of an icon."""
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"Icon {name!r} is not in selaras/doors/assets/icons.txt.")
    href = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


@register.filter
def number(value: int | float | Decimal | str | None, digits: int = 0) -> str:
    """1.234.567 in Indonesian, 1,234,567 in English; a missing value is a dash, never 0."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, str):
        return value  # a table cell that is text
    # + 0 turns the computer's negative zero into zero: −0,0 is no number to a reader
    return number_format(round(value, digits) + 0, decimal_pos=digits, force_grouping=True)


@register.filter
def cited(basis: str) -> str:
    """The article of a law as people write it; any other basis as it stands."""
    return cite(basis)


@register.filter
def signed(value: float | None, digits: int = 1) -> str:
    """A weight as +2,1 or −0,4; what rounds to zero has no sign."""
    if value is None:
        return NOTHING
    rounded = round(value, digits)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + number(abs(rounded), digits)


@register.filter
def percent(share: float | Decimal | None, digits: int = 1) -> str:
    """A share (0 to 1) as 12,3 %."""
    return NOTHING if share is None else f"{number(float(share) * 100, digits)}\N{NO-BREAK SPACE}%"


@register.filter
def day(value: Day | None) -> str:
    """21 November 2026."""
    return NOTHING if not value else _dated(_local(value), "d MMMM y", _locale())


@register.filter
def short_day(value: Day | None) -> str:
    """21 Nov 2026."""
    return NOTHING if not value else _dated(_local(value), "d MMM y", _locale())


@register.filter
def moment(value: dt.datetime | None) -> str:
    """21 November 2026, 14.30 WIB: the zone is written, because missions read the same page."""
    if not value:
        return NOTHING
    value = _local(value)
    locale, zone = _locale(), f" {value.tzname()}" if value.tzinfo else ""
    hour = f"{value:%H.%M}" if locale == "id" else f"{value:%H:%M}"
    return f"{_dated(value, 'd MMMM y', locale)}, {hour}{zone}"


@register.filter
def ago(value: Day | None) -> str:
    """3 hari yang lalu; a coming date reads dalam 3 hari."""
    if not value:
        return NOTHING
    if isinstance(value, dt.datetime):
        now = timezone.now() if timezone.is_aware(value) else timezone.localtime().replace(tzinfo=None)
        if abs(value - now) < dt.timedelta(seconds=45):
            return _("just now")
        return format_timedelta(value - now, add_direction=True, locale=_locale())
    days = (value - timezone.localdate()).days
    return (
        _("today")
        if not days
        else format_timedelta(dt.timedelta(days=days), granularity="day", add_direction=True, locale=_locale())
    )


@register.simple_tag
def when(value: Day | None, form: str = "ago") -> str:
    """A <time> element: how long ago (or `day`, `moment`), with the exact time on it."""
    if not value:
        return NOTHING
    exact = moment(value) if isinstance(value, dt.datetime) else day(value)
    same = form == "moment" and isinstance(value, dt.datetime)
    text = exact if same else {"ago": ago, "day": day, "moment": moment, "short_day": short_day}[form](value)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, text)


@register.filter
def mask(value: str | None, shown: int = 4) -> str:
    """•••• •••• •••• 0001: only the last characters of a personal number."""
    text = "".join(str(value or "").split())
    if not text:
        return NOTHING
    kept = text[-shown:] if len(text) > shown * 2 else ""
    dots = "•" * (len(text) - len(kept))
    groups = [dots[i : i + 4] for i in range(0, len(dots), 4)]
    return " ".join([*groups, kept]).strip()


@register.filter
def control(field: BoundField) -> SafeString:
    """A form field's widget with the look of the office; Django itself ties it to its help and error texts."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        look = "choices"  # the group's class; its boxes are drawn by their type
    elif isinstance(widget, forms.CheckboxInput):
        look = "form-check-input"
    elif isinstance(widget, forms.Select):
        look = "form-select"
    else:
        look = "form-control"
    classes = [widget.attrs.get("class", ""), look, "is-invalid" if field.errors else ""]
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def labels(form: forms.Form) -> str:
    """Names and labels of a form's fields, as a form that may wait carries them."""
    return json.dumps([[field.html_name, str(field.label)] for field in form.visible_fields()], ensure_ascii=False)


@register.filter
def is_check(field: BoundField) -> bool:
    """True when a field is one checkbox, whose label stands behind it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def item(values: Sequence[Any], index: int) -> Any:
    """The value at a place of a list; nothing when the list is shorter."""
    return values[index] if index < len(values) else None


@register.filter
def is_going(state: str) -> bool:
    """True while a job may still change."""
    return state in ("queued", "running", "cancelling")


@register.simple_tag(takes_context=True)
def sort_link(context: Mapping[str, Any], key: str) -> dict[str, str]:
    """For a column header: where a click leads (`href`) and how the column is sorted now (`state`, for aria-sort)."""
    query = context["request"].GET.copy()
    now = query.get("sort", "")
    query.pop("page", None)
    query["sort"] = f"-{key}" if now == key else key
    state = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    return {"href": f"?{query.urlencode()}", "state": state}


@register.simple_tag(takes_context=True)
def other_filters(context: Mapping[str, Any], *own: str) -> list[tuple[str, str]]:
    """The page's query as (name, value) pairs without `own` and the page number, for a form's hidden fields."""
    query = context["request"].GET
    left_out = {*own, "page"}
    return [(name, value) for name in query if name not in left_out for value in query.getlist(name)]


def _dated(value: Day, pattern: str, locale: str) -> str:
    return _of_day(value.year, value.month, value.day, pattern, locale)


# A day reads the same for ever: pages are full of the same few.
@lru_cache(maxsize=4096)
def _of_day(year: int, month: int, of_month: int, pattern: str, locale: str) -> str:
    return format_date(dt.date(year, month, of_month), pattern, locale=locale)


def _local(value: Day) -> Any:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _locale() -> str:
    # British dates read in the same order as Indonesian ones.
    return "id" if (get_language() or "id").startswith("id") else "en_GB"

"""Heat and height in words: degrees, humidity, dew point, metres above the sea."""

import re

from assistant.embedded.numbers import number, tidy

_DEGREES = re.compile(
    r"(?<![\d.,])(?P<n>-?\d{1,3}(?:[.,]\d)?)\s*(?:(?:°|degrees?\b)\s*(?P<unit>c\b|f\b|celsius"
    r"|fahrenheit)?(?!\s*(?:incline|gradient|slope))|(?P<short>celsius|fahrenheit)\b)"
)
_HUMIDITY = re.compile(
    r"\b(?P<a>\d{1,3})\s*(?:%|percent)\s*(?:relative\s+)?humid|\bhumidity\s+(?:is\s+|of\s+|at\s+)?"
    r"(?:about\s+)?(?P<b>\d{1,3})\b"
)
_DEW = re.compile(r"\bdew\s*point\s+(?:is\s+|of\s+|at\s+)?(?:about\s+)?(?P<n>-?\d{1,2})\b")
_HEIGHT = re.compile(
    r"\b(?P<n>\d{3,4})\s*(?P<unit>m|met(?:er|re)s?|ft|feet)\s*(?:above|altitude|of\s+altitude|high"
    r"|up\b)|\baltitude\s+(?:is\s+|of\s+)?(?P<k>\d{3,4})\s*(?P<kunit>m|met(?:er|re)s?|ft|feet)\b"
)
_WEATHER = re.compile(
    r"\b(?:outside|outdoors|hot|heat|humid\w*|weather|sunny|sun|forecast|degrees\s+out|dew\s*point"
    r"|slow(?:er)?(?:\s+down)?|paces?|altitude)\b"
    r"|\bit(?:'s|\s+is|\s+will\s+be|'ll\s+be|'s\s+going\s+to\s+be)\s+(?:(?:about|around|over|almost"
    r"|nearly|already)\s+)?\d\d\s*(?:°|degrees)"
)
_ILL = re.compile(r"\b(?:fever\w*|my\s+temp\w*|chills|sick|ill|cough\w*|aches?|symptoms?)\b")
METRES_PER_FOOT = 0.3048
COLDEST, HOTTEST = -40.0, 55.0
FEVER_FROM, FEVER_TO = 37.0, 43.0


def read_weather(text: str) -> dict[str, float] | None:
    """Return heat and height as get_workout takes them, None where a text names neither.

    Degrees that may be a body's are weather only beside words of it.
    """
    found: dict[str, float] = {}
    celsius = _celsius(_DEW.sub(" ", text))
    if celsius is not None and not _ILL.search(text):
        body = FEVER_FROM <= celsius <= FEVER_TO
        if not body or _WEATHER.search(text):
            found["temperature_c"] = celsius
    if "temperature_c" in found:
        if damp := _HUMIDITY.search(text):
            found |= _within("humidity_percent", float(damp["a"] or damp["b"]), 1, 100)
        if dew := _DEW.search(text):
            found |= _within("dew_point_c", float(dew["n"]), -60, 40)
    if high := _HEIGHT.search(text):
        value, unit = float(high["n"] or high["k"]), high["unit"] or high["kunit"]
        metres = round(value * METRES_PER_FOOT) if unit.startswith("f") else value
        found |= _within("altitude_m", metres, -500, 6000)
    return found or None


def _celsius(text: str) -> float | None:
    match = _DEGREES.search(text)
    if match is None:
        return None
    value, unit = number(match["n"]), (match["unit"] or match["short"] or "")[:1]
    if unit == "f" or (not unit and value > HOTTEST):
        value = (value - 32) * 5 / 9
    return tidy(round(value, 1)) if COLDEST <= value <= HOTTEST else None


def _within(name: str, value: float, low: float, high: float) -> dict[str, float]:
    return {name: tidy(value)} if low <= value <= high else {}

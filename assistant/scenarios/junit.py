"""A run as JUnit XML, for build servers."""

import re
from xml.etree import ElementTree as ET

from assistant.scenarios.reports import Report, Result, failure_lines
from assistant.scenarios.values import Mistake

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(report: Report) -> str:
    """Return the report: a case a play, and one for each mistake in a file."""
    suite = ET.Element("testsuite", name="scenarios", time=f"{report.seconds:.3f}")
    failures = 0
    for result in report.results:
        failures += len(result.outcomes) - result.passes
        _add_plays(suite, result)
    for mistake in report.mistakes:
        _add_mistake(suite, mistake)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(failures))
    suite.set("errors", str(len(report.mistakes)))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _add_plays(suite: ET.Element, result: Result) -> None:
    scenario = result.scenario
    for number, outcome in enumerate(result.outcomes, 1):
        play = f" ({number} of {len(result.outcomes)})" if len(result.outcomes) > 1 else ""
        case = ET.SubElement(
            suite,
            "testcase",
            classname=_clean(scenario.file),
            name=_clean(f"{scenario.name}{play}"),
            file=_clean(scenario.file),
            line=str(scenario.line),
            time=f"{outcome.seconds:.3f}",
        )
        if not outcome.passed:
            failure = ET.SubElement(case, "failure", message=_clean(str(outcome.misses[0])))
            failure.text = _clean("\n".join(line.strip() for line in failure_lines(outcome)))


def _add_mistake(suite: ET.Element, mistake: Mistake) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_clean(mistake.file),
        name=f"line {mistake.line}",
        file=_clean(mistake.file),
        line=str(mistake.line),
        time="0.000",
    )
    ET.SubElement(case, "error", message=_clean(str(mistake)))


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)

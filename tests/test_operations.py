"""What the guide for operators shows is what happens: its commands run as they are written."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from postgres_server import Server

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
INSTALLS = "python3 -m venv"
ENDS = "\nkill %1 %2; wait\n"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.skipif(shutil.which("node") is None, reason="one of the examples needs Node")
@pytest.mark.skipif(shutil.which("bash") is None, reason="the guide's lines need bash")
def test_two_workers_answer_the_three_signed_examples(postgres: Server, tmp_path: Path) -> None:
    steps = [block for block in BLOCKS if not block.startswith(INSTALLS)]
    assert len(steps) == len(BLOCKS) - 1 == 4
    script = tmp_path / "guide.sh"
    script.write_text("set -euo pipefail\n" + "\n".join(steps) + ENDS, encoding="utf-8")
    for name in ("examples", "prompts"):
        (tmp_path / name).symlink_to(ROOT / name)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "RUNPLAN_DATABASE_URL": postgres.url(postgres.make()),
        "RUNPLAN_TODAY": "2026-02-10",
        "PORT_1": str(free_port()),
        "PORT_2": str(free_port()),
    }
    done = subprocess.run(
        ["bash", str(script)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    logs = "".join(log.read_text() for log in tmp_path.glob("worker-*.log"))
    assert done.returncode == 0, done.stdout + done.stderr + logs
    replies = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [reply["actions"][0]["tool"] for reply in replies] == [
        "get_plan_summary",
        "log_execution",
        "get_plan_summary",
    ]
    assert "whsec_" not in done.stdout + logs


def test_the_image_runs_the_commands_that_are_tested_here() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert 'ENTRYPOINT ["runplan"]' in dockerfile
    assert 'CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]' in dockerfile
    assert " ".join(["runplan", *services["upgrade"]["command"]]) in GUIDE
    assert all(
        services[worker]["depends_on"]
        == {"upgrade": {"condition": "service_completed_successfully"}}
        for worker in ("worker-1", "worker-2")
    )


def test_the_containers_files_are_well_formed() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_number_that_the_guide_watches_is_measured() -> None:
    from prometheus_client import REGISTRY

    import assistant.telemetry  # noqa: F401  # registers them

    families = [family.name for family in REGISTRY.collect()]
    measured = {f"{name}{end}" for name in families for end in ("", "_count", "_total")}
    watched = set(re.findall(r"`(runplan_\w+)`", GUIDE))
    assert watched
    assert watched <= measured

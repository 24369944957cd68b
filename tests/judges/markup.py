"""What the Nu HTML checker says of pages, letters and the stylesheet."""

import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tests.served import ROOT

CHECKER = Path(__file__).parent / "node_modules/vnu-jar/build/dist/vnu.jar"
STYLESHEET = ROOT / "static/css/portal.css"
# Properties of today's CSS that the checker's list lacks.
NEWER = "CSS: .*(field-sizing|paint-order).*doesn't exist.*"


def judged_markup(pages: Mapping[Path, str]) -> tuple[list[str], Counter[str]]:
    """Check files, told by the page each is of; return the errors, and how often what is warned."""
    told = [*_checked(pages, "--skip-non-html"), *_checked({STYLESHEET: "portal.css"}, "--css")]
    errors = [f"{page}: {words}" for page, is_error, words in told if is_error]
    return errors, Counter(words for _, is_error, words in told if not is_error)


def _checked(files: Mapping[Path, str], how: str) -> list[tuple[str, bool, str]]:
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", how]
    command += ["--filterpattern", NEWER]
    answer = subprocess.run([*command, *map(str, files)], check=True, stderr=subprocess.PIPE)
    names = {path.as_uri(): page for path, page in files.items()}
    return [
        (
            names.get(one.get("url", "").replace("file:/", "file:///", 1), one.get("url", "")),
            one["type"] != "info",
            f"{one['message']} {' '.join(one.get('extract', '').split())[:200]}",
        )
        for one in json.loads(answer.stderr)["messages"]
        if one["type"] != "info" or one.get("subType") == "warning"
    ]

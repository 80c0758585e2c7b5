"""Checks of the ground that no linter knows: constraints.txt holds names, versions and markers, and nothing else."""

import re
import sys
import tomllib
from pathlib import Path

LINE = re.compile(
    r"[a-z0-9][a-z0-9._-]*==[0-9][0-9a-z.]*( ; [a-z_]+ (==|!=|<|>|<=|>=) '[A-Za-z0-9.]+'( and .+| or .+)?)?"
)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def faults_of_constraints(text: str, wanted: list[str]) -> list[str]:
    """One sentence per line that is more than a pinned name, and per dependency that is not pinned."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    faults = [f"constraints.txt: not a name with a version: {line}" for line in lines if not LINE.fullmatch(line)]
    if "://" in text or "--" in text:
        faults.append("constraints.txt: addresses and options do not belong here")
    pinned = {line.split("==")[0] for line in lines}
    for requirement in wanted:
        name = NAME.match(requirement)
        if name is None or name.group().lower().replace("_", "-") not in pinned:
            faults.append(f"constraints.txt: {requirement} is not pinned; run `make constraints`")
    return faults


def main() -> int:
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    faults = faults_of_constraints(Path("constraints.txt").read_text(), wanted)
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

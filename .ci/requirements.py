"""Prints pyproject.toml's dependencies, one a line, for `pip install -r`; the argument is `base` or `dev`.

pip cannot install a project's dependencies without building the project, and this one has nothing to build.
"""

import sys
import tomllib
from pathlib import Path


def main(kind: str) -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]["dev"] if kind == "dev" else []
    print("\n".join([*project["dependencies"], *extras]))


if __name__ == "__main__":
    main(sys.argv[1])

"""Several small script modules as one file, so that a page on a slow line waits for one answer instead of a dozen.

The modules keep their own scopes: each becomes a block, and what it imports is forwarded from the others, so that they
may import each other in circles as modules do. It knows the plain forms that our modules use and refuses others.
"""

import re
from collections.abc import Callable, Iterator

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_FUNCTION = re.compile(r"^export (?=(?:async )?function (\w+))", re.MULTILINE)
_CONSTANT = re.compile(r"^export (?=const (\w+) =(\s*(?:async )?(?:\w+|\([^)]*\)) =>)?)", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*|\bimport\(.*", re.MULTILINE)


class UnknownForm(ValueError):
    """A module imports or exports in a form that bundling does not know."""


def bundle(entry: str, source_of: Callable[[str], str]) -> str:
    """The entry module with all that it imports, as the text of one module. `source_of` reads a module by its name.

    Raises UnknownForm for an import or export that is none of: import { a, b } from "./x.js", export function,
    export async function, export const.
    """
    order = list(dict.fromkeys(_depth_first(entry, source_of, set())))
    exports = {name: _exports(source_of(name)) for name in order}
    places = "".join(f"const ${_safe(name)} = {{}};\n" for name in order)
    return places + "".join(_block(name, source_of(name), exports) for name in order)


def _depth_first(name: str, source_of: Callable[[str], str], seen: set[str]) -> Iterator[str]:
    """Each module after those that it imports, as far as circles allow."""
    if name in seen:
        return
    seen.add(name)
    for found in _IMPORT.finditer(source_of(name)):
        yield from _depth_first(found[2], source_of, seen)
    yield name


def _exports(source: str) -> dict[str, bool]:
    """Names that a module exports, and whether each is a function."""
    functions = {found[1]: True for found in _FUNCTION.finditer(source)}
    return functions | {found[1]: found[2] is not None for found in _CONSTANT.finditer(source)}


def _block(name: str, source: str, exports: dict[str, dict[str, bool]]) -> str:
    forwarded = []
    for found in _IMPORT.finditer(source):
        for imported in found[1].split(", "):
            place = f"${_safe(found[2])}.{imported}"
            if imported not in exports[found[2]]:
                raise UnknownForm(f"{name}.js imports {imported}, which {found[2]}.js does not export.")
            is_function = exports[found[2]][imported]
            forwarded.append(f"const {imported} = {f'(...all) => {place}(...all)' if is_function else place};\n")
    body = _CONSTANT.sub("", _FUNCTION.sub("", _IMPORT.sub("", source)))
    left = _OTHER.search(body)
    if left:
        raise UnknownForm(f"{name}.js: {left[0]}")
    given = ", ".join(exports[name])
    return f"{{\n{''.join(forwarded)}{body}Object.assign(${_safe(name)}, {{ {given} }});\n}}\n"


def _safe(name: str) -> str:
    return name.replace("-", "_")

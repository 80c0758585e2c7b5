"""One file of several modules: own scopes, circles, and nothing that is not understood."""

import pytest

from marketplace.rules.bundling import UnknownForm, bundle

MODULES = {
    "main": 'import { one } from "./one.js";\nimport { words } from "./words.js";\none(words);\n',
    "one": 'import { two } from "./two.js";\nexport function one(x) {\n  two(x);\n}\n',
    "two": 'import { one } from "./one.js";\nexport const two = (x) => one;\nconst own = 1;\n',
    "words": "export const words = JSON.parse('{}');\n",
}


def test_a_module_comes_after_those_it_imports_and_keeps_its_own_names() -> None:
    text = bundle("main", MODULES.__getitem__)
    assert text.index("const two =") < text.index("function one") < text.index("one(words)")
    assert "import " not in text
    assert "export " not in text
    assert text.count("Object.assign(") == 4


def test_functions_are_forwarded_when_called_and_values_taken_at_once() -> None:
    text = bundle("main", MODULES.__getitem__)
    assert "const one = (...all) => $one.one(...all);" in text
    assert "const words = $words.words;" in text


@pytest.mark.parametrize(
    "source",
    [
        'import * as all from "./one.js";\n',
        "export default 1;\n",
        "export { a };\n",
        'const a = await import("./one.js");\n',
        'import { gone } from "./one.js";\n',
    ],
)
def test_what_is_not_understood_is_refused(source: str) -> None:
    with pytest.raises(UnknownForm):
        bundle("x", lambda name: source if name == "x" else MODULES[name])

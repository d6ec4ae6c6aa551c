"""The reference of gdcore: each name that it documents has an example, in both languages' books."""

import pytest

EXAMPLES = {"zh": "示例", "en": "Examples"}


@pytest.mark.parametrize("lang", EXAMPLES)
def test_every_class_and_function_of_the_reference_has_an_example(tree, lang):
    kinds = "contains(@class, 'py class') or contains(@class, 'py function')"
    described = tree(lang, "api").xpath(f"//article//dl[{kinds}]")
    names = {entry.xpath("string(dt/@id)"): entry for entry in described}
    assert {"gdcore.descent.descend", "gdcore.optimizers.Adam", "gdcore.draw.plot.path"} <= {*names}
    code = f"dd/p[@class='rubric'][.='{EXAMPLES[lang]}']/following-sibling::div[1]//pre"
    assert [
        name for name, entry in names.items() if ">>>" not in entry.xpath(f"string({code})")
    ] == []

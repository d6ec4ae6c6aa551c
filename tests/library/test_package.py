"""The package as a whole: what it imports, what it exports, and that all of it is documented."""

import dataclasses
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import zipfile

import pytest

import gdcore
from tests.support.book import ROOT

MODULES = [module.name for module in pkgutil.walk_packages(gdcore.__path__, "gdcore.")]


def public_things():
    """Yield (name, thing) for every public module, function, class and method of gdcore."""
    for module_name in ["gdcore", *MODULES]:
        module = importlib.import_module(module_name)
        yield module_name, module
        for name, thing in vars(module).items():
            ours = getattr(thing, "__module__", None) == module_name
            if name.startswith("_") or not ours or not callable(thing):
                continue
            if not (inspect.isclass(thing) or inspect.isfunction(thing)):
                continue
            yield f"{module_name}.{name}", thing
            if inspect.isclass(thing):
                for member, value in vars(thing).items():
                    if not member.startswith("_") and isinstance(value, property) | callable(value):
                        yield f"{module_name}.{name}.{member}", value


DOCUMENTED = dict(public_things())


def test_the_search_for_public_names_finds_them():
    assert {
        "gdcore",
        "gdcore.descent.Trajectory.best",
        "gdcore.descent.descend",
        "gdcore.draw.plot.path",
        "gdcore.optimizers.GradientDescent.update",
    } <= set(DOCUMENTED)


@pytest.mark.parametrize("name", [n for n in DOCUMENTED if not n.endswith(("value", "grad"))])
def test_every_public_name_has_a_docstring(name):
    doc = DOCUMENTED[name].__doc__
    assert doc and doc.strip(), f"{name} has no docstring"
    assert not doc.startswith(f"{name.split('.')[-1]}("), f"{name} has only a generated docstring"


@pytest.mark.parametrize(
    "name",
    [n for n, thing in DOCUMENTED.items() if inspect.isfunction(thing) and n.count(".") == 2],
)
def test_every_public_function_tells_its_parameters_and_what_it_gives(name):
    function = DOCUMENTED[name]
    for parameter in inspect.signature(function).parameters:
        assert f"\n{parameter} : " in inspect.getdoc(function), (
            f"{name} does not explain {parameter}"
        )
    if inspect.signature(function).return_annotation not in (None, "None"):
        assert "\nReturns\n" in inspect.getdoc(function) or "\nYields\n" in inspect.getdoc(function)


def test_everything_exported_exists():
    assert gdcore.__all__ == sorted(
        gdcore.__all__, key=lambda n: (not n.isupper(), n[0].islower(), n)
    )
    for name in gdcore.__all__:
        assert hasattr(gdcore, name)


def test_importing_gdcore_needs_numpy_and_nothing_else():
    code = (
        "import sys; before = set(sys.modules); import gdcore\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "print(*sorted(new - sys.stdlib_module_names))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = {name for name in run.stdout.split() if "cython" not in name}  # NumPy's own parts
    assert imported == {"gdcore", "numpy"}


def test_the_wheel_holds_gdcore_whole_and_nothing_else(tmp_path):
    """What `python -m build --wheel` asks of the backend."""
    code = f"from flit_core.buildapi import build_wheel; build_wheel({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    [path] = tmp_path.glob("*.whl")
    info = f"gdcore-{gdcore.__version__}.dist-info"
    with zipfile.ZipFile(path) as wheel:
        names = {name for name in wheel.namelist() if not name.startswith(f"{info}/")}
        metadata = wheel.read(f"{info}/METADATA").decode("utf-8")
    files = [file for file in (ROOT / "gdcore").rglob("*") if file.is_file()]
    ours = {file.relative_to(ROOT).as_posix() for file in files if file.suffix != ".pyc"}
    assert names == ours >= {"gdcore/py.typed", "gdcore/descent.py"}
    assert f"\nVersion: {gdcore.__version__}\n" in metadata
    assert (ROOT / "gdcore" / "README.md").read_text(encoding="utf-8") in metadata


def test_the_example_in_the_readme_does_what_it_says():
    [code] = re.findall(
        r"```python\n(.+?)```", (ROOT / "gdcore" / "README.md").read_text("utf-8"), re.S
    )
    names = {}
    exec(code, names)
    assert names["check_grad"]((names["f"], names["grad"]), (-1.2, 1)) < 1e-9
    assert names["run"].status == "converged"
    assert abs(names["run"].last - 1).max() < 0.01


def test_every_objective_is_at_the_top():
    assert {name: getattr(gdcore, name) for name in gdcore.OBJECTIVES} == gdcore.OBJECTIVES
    assert set(gdcore.OBJECTIVES) < set(gdcore.__all__)


def test_values_cannot_be_changed():
    classes = [thing for thing in DOCUMENTED.values() if dataclasses.is_dataclass(thing)]
    assert len(classes) > 20
    assert [thing.__name__ for thing in classes if not thing.__dataclass_params__.frozen] == []

"""The package as a whole: what it imports, what it exports, and that all of it is documented."""

import ast
import contextlib
import dataclasses
import importlib
import inspect
import io
import math
import pkgutil
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import hypothesis
import numpy
import pytest
from lxml import html
from packaging.metadata import Metadata
from PIL import Image, ImageChops, ImageStat
from readme_renderer import markdown

import gdcore
from press import package, picture
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
    for module in map(importlib.import_module, ["gdcore", *MODULES]):
        assert [name for name in getattr(module, "__all__", ()) if not hasattr(module, name)] == []


def test_importing_gdcore_needs_numpy_and_nothing_else():
    code = (
        "import sys; before = set(sys.modules); import gdcore\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "print(*sorted(new - sys.stdlib_module_names))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = {name for name in run.stdout.split() if "cython" not in name}  # NumPy's own parts
    assert imported == {"gdcore", "numpy"}


@pytest.fixture(scope="module")
def wheel_file(tmp_path_factory):
    """What `python -m build --wheel` asks of the backend."""
    folder = tmp_path_factory.mktemp("wheel")
    code = f"from flit_core.buildapi import build_wheel; build_wheel({str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    [path] = folder.glob("*.whl")
    return path


def test_the_wheel_holds_gdcore_whole_and_nothing_else(wheel_file):
    info = f"gdcore-{gdcore.__version__}.dist-info"
    with zipfile.ZipFile(wheel_file) as wheel:
        names = {name for name in wheel.namelist() if not name.startswith(f"{info}/")}
        metadata = wheel.read(f"{info}/METADATA").decode("utf-8")
    files = [file for file in (ROOT / "gdcore").rglob("*") if file.is_file()]
    ours = {file.relative_to(ROOT).as_posix() for file in files if file.suffix != ".pyc"}
    assert names == ours >= {"gdcore/py.typed", "gdcore/descent.py"}
    assert f"\nVersion: {gdcore.__version__}\n" in metadata
    assert (ROOT / "gdcore" / "README.md").read_text(encoding="utf-8") in metadata


URL = "https://example.org/book/"


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """What goes to PyPI: the files of the sdist, and those of the wheel that is made of it."""
    folder = tmp_path_factory.mktemp("packed") / "package"
    package.pack(URL, folder)
    assert len([*folder.iterdir()]) == 2
    [sdist], [wheel] = folder.glob("*.tar.gz"), folder.glob("*.whl")
    with tarfile.open(sdist) as files:
        top = f"{sdist.name.removesuffix('.tar.gz')}/"
        there = {m.name.removeprefix(top): files.extractfile(m).read() for m in files}
    with zipfile.ZipFile(wheel) as files:
        return there, {name: files.read(name) for name in files.namelist()}


def test_the_sdist_has_what_it_needs_and_makes_the_same_wheel(packed, wheel_file):
    sdist, wheel = packed
    ours = {name for name in wheel if name.startswith("gdcore/")}
    more = {"CHANGELOG.md", "CITATION.cff", "LICENSE", "PKG-INFO", "pyproject.toml"}
    assert sdist.keys() == ours | more >= {"gdcore/py.typed", "gdcore/README.md"}
    with zipfile.ZipFile(wheel_file) as files:
        plain = {name: files.read(name) for name in files.namelist()}
    assert wheel.keys() == plain.keys()
    named = {"gdcore/README.md", *(n for n in plain if n.endswith(("METADATA", "RECORD")))}
    assert {name for name in plain if wheel[name] != plain[name]} == named  # they name addresses
    assert len(named) == 3


def test_pypi_takes_both_and_shows_the_picture_and_the_way_to_the_book(packed):
    """As `twine check --strict` asks, and as PyPI itself reads and shows it."""
    sdist, wheel = packed
    [name] = [name for name in wheel if name.endswith("METADATA")]
    assert wheel[name] == sdist["PKG-INFO"]
    about = Metadata.from_email(wheel[name], validate=True)
    assert about.description_content_type.startswith("text/markdown")
    assert about.project_urls == {"Book": URL}
    assert about.license_files == ["LICENSE"]
    page = html.fromstring(markdown.render(about.description))
    [shown] = page.xpath("//img")
    assert shown.get("src") == f"{URL}gdcore.png" and "Himmelblau" in shown.get("alt")
    assert page.xpath("//a/@href[not(starts-with(., '#'))]") == [URL]
    assert len(page.xpath("//pre[@lang='python']")) == 1


def test_without_the_books_address_nothing_is_packed_for_pypi(monkeypatch):
    monkeypatch.delenv("BOOK_URL", raising=False)
    monkeypatch.setattr(package, "pack", None)
    with pytest.raises(SystemExit, match="make package BOOK_URL="):
        package.main()


@pytest.fixture
def with_numpy_alone(wheel_file, tmp_path):
    """Run code where nothing is installed but the wheel and NumPy."""
    with zipfile.ZipFile(wheel_file) as wheel:
        wheel.extractall(tmp_path)
    for folder in Path(numpy.__file__).parents[1].glob("numpy*"):
        (tmp_path / folder.name).symlink_to(folder)
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); "

    def run(code):
        command = [sys.executable, "-I", "-S", "-c", start + code]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    return run


def test_the_wheel_works_with_numpy_alone(with_numpy_alone):
    code = re.search(r">>> (from gdcore.*?)>>> float\((.*?)\)\n(\S+)", gdcore.__doc__, re.DOTALL)
    run = with_numpy_alone(f"{code[1].replace('>>> ', '')}\nprint(float({code[2]}))")
    assert run.stdout.strip() == code[3] == "0.06046617599999997", run.stderr
    run = with_numpy_alone("import gdcore; print(gdcore.__file__)")
    assert run.stdout.strip() != gdcore.__file__


def test_pictures_without_matplotlib_say_what_to_install(with_numpy_alone):
    run = with_numpy_alone("import gdcore.draw")
    assert "gdcore.draw needs Matplotlib" in run.stderr
    assert "pip install 'gdcore[plot]'" in run.stderr


# The Pythons that gdcore claims, and for each the first release of NumPy 2 with a wheel for it.
OLDEST = {"3.11": "2.0.0", "3.12": "2.0.0", "3.13": "2.1.0", "3.14": "2.3.2"}
# What gdcore's own tests may import to run where little is installed.
LITTLE = {"gdcore", "hypothesis", "numpy", "pytest", *sys.stdlib_module_names}


def python_of(version):
    """A Python of a version on this machine: the one that runs, one on the path, or pyenv's."""
    if version == "{}.{}".format(*sys.version_info):
        return sys.executable
    found = [shutil.which(f"python{version}")]
    found += Path.home().glob(f".pyenv/versions/{version}.*/bin/python")
    for python in filter(None, found):
        try:
            run = subprocess.run([python, "-m", "venv", "-h"], capture_output=True)
        except OSError:
            continue
        if run.returncode == 0:
            return python
    return None


def imported(file):
    """Yield the modules that a test imports, also within functions."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def needs_little(file):
    names = set(imported(file))
    draws = any(name.startswith("gdcore.draw") for name in names)
    return not draws and {name.split(".")[0] for name in names} <= LITTLE


def test_the_oldest_numpy_is_the_one_that_gdcore_claims():
    claimed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = next(iter(OLDEST))
    assert claimed["requires-python"] == f">={oldest}"
    assert claimed["dependencies"] == [f"numpy>={OLDEST[oldest].removesuffix('.0')}"]
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert re.findall(r"\n +python: (\[.*\])\n", workflow) == [str([*OLDEST]).replace("'", '"')]


@pytest.mark.slow
@pytest.mark.parametrize("release", ["oldest", "newest"])
@pytest.mark.parametrize("version", OLDEST)
def test_the_wheel_passes_gdcores_own_tests(wheel_file, tmp_path, version, release):
    """In an empty environment of each Python that is here, with the oldest and the newest NumPy."""
    python = python_of(version)
    if python is None:
        pytest.skip(f"Python {version} is not on this machine; gdcore has not been tried on it")
    venv, tests = tmp_path / "venv", tmp_path / "tests"
    subprocess.run([python, "-m", "venv", "--without-pip", venv], check=True)
    wanted = [f"numpy=={OLDEST[version]}" if release == "oldest" else "numpy", wheel_file]
    wanted += [f"{tool.__name__}=={tool.__version__}" for tool in (pytest, hypothesis)]
    pip = [sys.executable, "-m", "pip", "--python", venv / "bin" / "python", "install", "--quiet"]
    subprocess.run([*pip, "--only-binary", ":all:", *wanted], check=True)

    tests.mkdir()
    chosen = [file for file in (ROOT / "tests" / "library").glob("[!.]*.py") if needs_little(file)]
    assert {"test_descent.py", "test_objectives.py", "test_optimizers.py"} <= {
        file.name for file in chosen
    }
    for file in chosen:
        shutil.copy(file, tests)
    (tests / "conftest.py").write_text(
        "import sys, gdcore, hypothesis, numpy\n"
        "hypothesis.settings.register_profile('same', derandomize=True, deadline=None)\n"
        "hypothesis.settings.load_profile('same')\n"
        "def pytest_report_header():\n"
        "    python = '{}.{}'.format(*sys.version_info)\n"
        "    return f'{python} with NumPy {numpy.__version__}: {gdcore.__file__}'\n"
    )
    command = [venv / "bin" / "python", "-m", "pytest", "-W", "error", "-p", "no:cacheprovider"]
    command += ["-o", "doctest_optionflags=NORMALIZE_WHITESPACE", "--doctest-modules"]
    [package] = venv.glob("lib/*/site-packages/gdcore")
    command += [tests, package, f"--ignore={package / 'draw'}"]
    run = subprocess.run(command, cwd=tests, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-4000:]
    numpy_is = re.search(rf"{re.escape(version)} with NumPy (\S+): {venv}/", run.stdout)[1]
    assert (numpy_is == OLDEST[version]) == (release == "oldest")


def test_one_version_is_told_everywhere():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {gdcore.__version__}\n" in citation
    assert f"\n## {gdcore.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_example_in_the_readme_does_what_it_says():
    """Three optimizers go into three valleys; the picture above it is what it draws."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        drawn = picture.drawn(picture.example()).convert("RGB")
    ends = re.findall(r"\[ *(\S+) +(\S+)\] \d+ (\w+)\n", said.getvalue())
    assert [why for *_, why in ends] == ["converged"] * 3
    nearest = {
        min(gdcore.himmelblau.minimizers, key=lambda m: math.dist(m, (float(x1), float(x2))))
        for x1, x2, _ in ends
    }
    assert len(nearest) == 3
    file = ROOT / "gdcore" / "picture.png"
    assert file.stat().st_size <= 60_000
    differs = ImageChops.difference(drawn, Image.open(file).convert("RGB"))
    assert max(ImageStat.Stat(differs).mean) < 0.5


def test_every_objective_is_at_the_top():
    assert {name: getattr(gdcore, name) for name in gdcore.OBJECTIVES} == gdcore.OBJECTIVES
    assert set(gdcore.OBJECTIVES) < set(gdcore.__all__)


def test_values_cannot_be_changed():
    classes = [thing for thing in DOCUMENTED.values() if dataclasses.is_dataclass(thing)]
    assert len(classes) > 20
    assert [thing.__name__ for thing in classes if not thing.__dataclass_params__.frozen] == []

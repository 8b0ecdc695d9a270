import { assert, assertEquals } from "@std/assert";
import { readMetadata } from "../../../lib/adapters/uv/read_metadata.ts";
import type { MetadataResult } from "../../../lib/project/metadata_file.ts";
import { kindOfSetupPy, type SetupPy, tagVersion } from "../../../lib/project/setup_cfg.ts";

function read(text: string, setupPy: SetupPy = "none"): MetadataResult {
  return readMetadata({ component: "plug-a", file: "plug-a@v1.0:setup.cfg", text }, setupPy);
}

Deno.test("readMetadata() reads what a setup.cfg writes out", () => {
  const { metadata, problems } = read(
    `\uFEFF[metadata]
name = plug-a
version = attr: plug_a.__version__
[options]
python_requires = >=3.8
install_requires =
    # not this one
    idna>=3  # why

    six; python_version < "3"
; nor this one
packages = find:
[options.extras_require]
fast = orjson
Slow-One =
    a
    b
`,
  );
  assertEquals(problems, []);
  assertEquals(metadata, {
    name: "plug-a",
    requiresPython: ">=3.8",
    dependencies: ["idna>=3", 'six; python_version < "3"'],
    optionalDependencies: { "fast": ["orjson"], "Slow-One": ["a", "b"] },
    dynamic: ["version"],
    unread: { version: ["plug_a.__version__"] },
    sources: [],
    lines: {
      "name": 2,
      "requires-python": 5,
      "dependencies.0": 8,
      "dependencies.1": 10,
      "optional-dependencies.fast.0": 14,
      "optional-dependencies.Slow-One.0": 16,
      "optional-dependencies.Slow-One.1": 17,
    },
  });
});

Deno.test("readMetadata() splits a list of setup.cfg at semicolons where it is on one line", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["idna>=3; packaging>=20", ["idna>=3", "packaging>=20"]],
    ["idna>=3;packaging>=20;", ["idna>=3", "packaging>=20"]],
    ["idna>=3, <4", ["idna>=3, <4"]],
    ['\n  six; python_version < "3"', ['six; python_version < "3"']],
    ["idna\n  six", ["idna", "six"]],
  ];
  for (const [value, expected] of cases) {
    const { metadata, problems } = read(
      `[options]\ninstall_requires = ${value}\n[options.extras_require]\nx: ${value}\n`,
    );
    assertEquals(problems, [], value);
    assertEquals(metadata?.dependencies, expected, value);
    assertEquals(metadata?.optionalDependencies["x"], expected, value);
  }
});

Deno.test("readMetadata() joins what a backslash goes on in the next line, as setuptools does", () => {
  const { metadata, problems } = read(
    `[options.extras_require]
testing =
    pytest-black >= 0.3.7; \\
    # workaround for a bug
    python_implementation != "PyPy"
    pytest >= 6
open =
    six
    last \\
`,
  );
  assertEquals(problems, []);
  assertEquals(metadata?.optionalDependencies, {
    testing: ['pytest-black >= 0.3.7;python_implementation != "PyPy"', "pytest >= 6"],
    open: ["six"],
  });
  assertEquals(metadata?.lines["optional-dependencies.testing.0"], 3);
  assertEquals(metadata?.lines["optional-dependencies.testing.1"], 6);
});

Deno.test("readMetadata() leaves unchecked what it cannot read of a setup.cfg, and says where", () => {
  const { metadata, problems } = read(
    `[metadata]
name = plug-a
version = 1.x
[options]
python_requires = 3.8+
install_requires =
    six
    idna >
[options.extras_require]
docs =
    %(sphinx)s
`,
  );
  assertEquals(metadata?.dependencies, ["six"]);
  assertEquals(metadata?.optionalDependencies, { docs: [] });
  assertEquals([metadata?.version, metadata?.requiresPython], [undefined, undefined]);
  assertEquals(
    problems.map(({ severity, message, sides: [side] }) =>
      `${severity} ${message.split(" of plug-a")[0]} ${side?.file}:${side?.line}`
    ),
    [
      'unchecked the version "1.x" plug-a@v1.0:setup.cfg:3',
      'unchecked requires-python "3.8+" plug-a@v1.0:setup.cfg:5',
      'unchecked the requirement "idna >" plug-a@v1.0:setup.cfg:8',
      'unchecked the requirement "%(sphinx)s" plug-a@v1.0:setup.cfg:11',
    ],
  );
  for (const text of ["a = b\n", "[a]\nb = 1\nb = 2\n", "[a]\n[a]\n", "[a]\nb\n"]) {
    const { metadata, problems } = read(text);
    assertEquals([metadata, problems.length, problems[0]?.severity], [undefined, 1, "unchecked"]);
  }
});

Deno.test("readMetadata() puts the tags of [egg_info] behind a version of setup.cfg", () => {
  const cases: readonly [string, string, string | undefined][] = [
    ["1.0", "tag_build = dev", "1.0.dev0"],
    ["1.0", "tag-build = .post3\ntag_date = 0", "1.0.post3"],
    ["1.0", "tag_build =", "1.0"],
    ["1.0.dev0", "tag_build = dev", "1.0.dev0"],
    ["1.0rc1", "tag_build = rc1", "1.0rc1"],
    ["1.0", "tag_date = 1", undefined],
    ["1.0", "tag_build = -SNAPSHOT", undefined],
  ];
  for (const [version, tags, expected] of cases) {
    const text = `[metadata]\nversion = ${version}\n[egg_info]\n${tags}\n`;
    assertEquals(read(text).metadata?.version, expected, tags);
    assertEquals(tagVersion(text, version), expected, tags);
  }
});

Deno.test("readMetadata() counts as dynamic what a setup.cfg has computed", () => {
  const { metadata } = read(
    "[options]\ninstall_requires = file: requirements.txt\n[options.extras_require]\n" +
      "docs = file: docs.txt\n",
  );
  assertEquals(metadata?.dynamic, ["name", "version", "dependencies", "optional-dependencies"]);
});

Deno.test("readMetadata() holds back with a setup.cfg beside which a setup.py may say otherwise", () => {
  const text = "[metadata]\nname = plug-a\nversion = 1.0\n";
  for (const kind of ["none", "bare"] as const) {
    const { metadata } = read(text, kind);
    assertEquals([metadata?.dynamic, metadata?.guesses], [[], undefined]);
  }
  const { metadata } = read(text, "program");
  assertEquals(metadata?.dynamic, ["dependencies", "optional-dependencies", "requires-python"]);
  assert(metadata?.guesses?.includes("version"));
});

Deno.test("kindOfSetupPy() tells a call of setup() from a program", () => {
  const bare = [
    "from setuptools import setup\nsetup()\n",
    '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n"""For old tools."""\nimport setuptools\n\n' +
    'if __name__ == "__main__":\n    setuptools.setup()  # all is in setup.cfg\n',
    "\uFEFFimport setuptools\r\nsetuptools.setup( )\r\n",
  ];
  const programs = [
    "from setuptools import setup\nsetup(use_scm_version=True)\n",
    "from setuptools import setup\nimport sys\nsetup()\n",
    "from distutils.core import setup\nsetup()\n",
    "exec(open('x').read())\nfrom setuptools import setup\nsetup()\n",
    "from setuptools import setup\nsetup()\nsetup(name='x')\n",
    "",
  ];
  for (const text of bare) assertEquals(kindOfSetupPy(text), "bare", text);
  for (const text of programs) assertEquals(kindOfSetupPy(text), "program", text);
  assertEquals(kindOfSetupPy(undefined), "none");
});

Deno.test("readMetadata() reads a hostile setup.cfg, and Poetry's tables, in no time", () => {
  const long = " ".repeat(400_000);
  const lines = "    aaaa \\\n".repeat(40_000);
  const texts = [
    `[metadata]\nname${long}x\n`,
    `[options]\ninstall_requires =\n${lines}`,
    `[options]\ninstall_requires = a${long};${long}b\n`,
  ];
  const start = performance.now();
  for (const text of texts) read(text);
  assertEquals(kindOfSetupPy(`import setuptools\n${long}\n"""${long}`), "program");
  const poetry = `[tool.poetry.dependencies]\na = "1${long}1"\nb = "${"1.".repeat(200_000)}"\n` +
    '[build-system]\nbuild-backend = "poetry.core.masonry.api"\n[tool.poetry]\nname = "x"\n';
  readMetadata({ component: "plug-a", file: "pyproject.toml", text: poetry });
  assert(performance.now() - start < 5000);
});

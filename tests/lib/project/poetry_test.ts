import { assert, assertEquals } from "@std/assert";
import {
  platformMarkerOfPoetry,
  pythonMarkerOfPoetry,
  pythonOfPoetry,
  specifiersOfPoetry,
} from "../../../lib/project/poetry_constraint.ts";
import { readMetadata } from "../../../lib/adapters/uv/read_metadata.ts";
import type { MetadataResult } from "../../../lib/project/metadata_file.ts";
import { parseSpecifiers } from "../../../lib/versions/specifiers.ts";

const BUILD = '[build-system]\nrequires = ["poetry-core"]\n' +
  'build-backend = "poetry.core.masonry.api"\n';

function read(text: string): MetadataResult {
  return readMetadata({ component: "plug-a", file: "plug-a/pyproject.toml", text: text + BUILD });
}

function readTable(dependencies: string, more = ""): MetadataResult {
  return read(
    `[tool.poetry]\nname = "plug-a"\nversion = "1.0"\n[tool.poetry.dependencies]\n${dependencies}\n${more}\n`,
  );
}

// What poetry-core 2.5.0 writes into METADATA.
const SPECIFIERS = [
  ["1.* || 2.*", ">=1.dev0,<3"],
  ["^1.2.3", ">=1.2.3,<2.0.0"],
  ["^0", ">=0,<1"],
  ["^0.0", ">=0.0,<0.1"],
  ["^0.0.3", ">=0.0.3,<0.0.4"],
  ["^0.2.3", ">=0.2.3,<0.3.0"],
  ["^1.0a1", ">=1.0a1,<2.0"],
  ["^2.0.0rc1", ">=2.0.0rc1,<3.0.0"],
  ["~1.2a1", ">=1.2a1,<1.3"],
  ["~1.2.3", ">=1.2.3,<1.3.0"],
  ["~1", ">=1,<2"],
  ["~1.2", ">=1.2,<1.3"],
  ["~=1.4.5", ">=1.4.5,<1.5.0"],
  ["*", ""],
  ["1.2", "==1.2"],
  ["=1.2", "==1.2"],
  ["==1.2.*", "==1.2.*"],
  ["!=1.2.*", "!=1.2.*"],
  ["1.2.*", "==1.2.*"],
  [">=1 <2", ">=1,<2"],
  [">= 1.0, < 2", ">=1.0,<2"],
  [">=1,!=1.5,<2", ">=1,!=1.5,<2"],
  ["^1.2,<1.5", ">=1.2,<1.5"],
  [">=1,<2,", ">=1,<2"],
  ["!=1.5", "!=1.5"],
  ["^1.2 !=1.3", ">=1.2,!=1.3,<2.0"],
  ["v1.2", "==1.2"],
  ["^v1.2", ">=1.2,<2.0"],
  ["x", ""],
  ["1.2.3.4.*", "==1.2.3.4.*"],
  ["^1.2.3.4", ">=1.2.3.4,<2.0.0.0"],
  ["~1.2.3.4", ">=1.2.3.4,<1.3.0.0"],
  ["^0.0.0.1", ">=0.0.0.1,<0.0.1.0"],
  [">=1.2.*", ">=1.2"],
  ["^1!2.0", ">=1!2.0,<1!3.0"],
  ["^1.0.post1", ">=1.0.post1,<2.0"],
  [">=1.0-beta", ">=1.0b0"],
  ["!=1.2.*,!=1.3.*", "!=1.2.*,!=1.3.*"],
  [">=1,!=1.5.*,<2", ">=1,!=1.5.*,<2"],
  ["~0", ">=0,<1"],
  ["~0.0", ">=0.0,<0.1"],
  ["^3.11 , <3.14", ">=3.11,<3.14"],
  ["*,<3", "<3"],
  ["2.0+cpu", "==2.0+cpu"],
  [">=1|>=2", ">=1"],
  ["~1.2.0a1", ">=1.2.0a1,<1.3.0"],
  ["~1a1", ">=1a1,<2"],
  ["^0.2.0a1", ">=0.2.0a1,<0.3.0"],
  ["^0.0.3a1", ">=0.0.3a1,<0.0.4"],
  ["~=1.4a1", ">=1.4a1,<2.0"],
  ["^0.0.0", ">=0.0.0,<0.0.1"],
] as const;

const NO_SPECIFIERS = [
  "^1.0 || ^2.0",
  "^1.0|^3.0",
  "<2 || >2",
  "1.x",
  "===1.2",
  "",
  "latest",
  ">1,<1",
  "==1.2,!=1.2",
  "^1 || 3",
  ">=2.0,<3.0 || >3.5,<4",
  "^2,^1",
];

Deno.test("specifiersOfPoetry() allows the versions that poetry-core writes", () => {
  for (const [constraint, expected] of SPECIFIERS) {
    const specifiers = specifiersOfPoetry(constraint);
    assert(specifiers.ok, constraint);
    const [mine, theirs] = [specifiers.value, expected].map(parseSpecifiers);
    assert(mine?.ok && theirs?.ok, `${constraint}: ${specifiers.value}`);
    assertEquals(boundsOf(mine.value.ranges), boundsOf(theirs.value.ranges), constraint);
  }
});

/** The ends of ranges, without the zeros that change nothing. */
function boundsOf(value: unknown): string {
  return JSON.stringify(value, (key, it) => {
    if (key !== "release") return it === Infinity ? "infinity" : it;
    const release = it as readonly number[];
    return release.slice(0, release.findLastIndex((number) => number !== 0) + 1);
  });
}

Deno.test("specifiersOfPoetry() gives none where poetry-core writes what no requirement can say", () => {
  for (const constraint of NO_SPECIFIERS) assert(!specifiersOfPoetry(constraint).ok, constraint);
});

// What poetry-core 2.5.0 writes as Requires-Python.
const PYTHONS = [
  ["^3.9", ">=3.9,<4.0"],
  ["3.9", ">=3.9,<3.10"],
  ["3", ">=3.0,<4.0"],
  ["3.9.1", "==3.9.1"],
  ["*", ""],
  ["3.9.*", ">=3.9,<3.10"],
  [
    "~3.9 || ~3.11",
    ">=3.9,!=2.7.*,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*,!=3.5.*,!=3.6.*,!=3.7.*,!=3.8.*,!=3.13.*,!=3.14.*,!=3.15.*",
  ],
  [">=3.6, !=3.7.*", ">=3.6,!=2.7.*,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*,!=3.5.*"],
  ["^3.8 || ^3.10", ">=3.8,<4.0"],
  ["~2.7 || ^3.5", ">=2.7,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*"],
  [">=3.6,!=3.7.1", ">=3.6,!=2.7.*,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*,!=3.5.*"],
  [">3.8", ">3.8"],
  ["<=3.11", "<=3.11"],
  ["~3", ">=3,<4"],
  [
    "^3.9,!=3.9.7,!=3.10.*",
    ">=3.9,!=2.7.*,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*,!=3.5.*,!=3.6.*,!=3.7.*,!=3.8.*",
  ],
  [">=3.9.1,<4.0", ">=3.9.1,<4.0"],
] as const;

Deno.test("pythonOfPoetry() allows the versions that poetry-core writes", () => {
  for (const [constraint, expected] of PYTHONS) {
    const specifiers = pythonOfPoetry(constraint);
    assert(specifiers.ok, constraint);
    const [mine, theirs] = [specifiers.value, expected].map(parseSpecifiers);
    assert(mine?.ok && theirs?.ok, `${constraint}: ${specifiers.value}`);
    assertEquals(boundsOf(mine.value.ranges), boundsOf(theirs.value.ranges), constraint);
  }
  for (const constraint of ["", "latest", ">3.9 foo"]) assert(!pythonOfPoetry(constraint).ok);
});

Deno.test("pythonMarkerOfPoetry() compares python_version, and python_full_version where it must", () => {
  const cases = {
    "*": "",
    "^3.8": 'python_version >= "3.8" and python_version < "4.0"',
    "3.9": 'python_version == "3.9"',
    "3.9.*": 'python_version >= "3.9" and python_version < "3.10"',
    "!=3.9.*": '(python_version < "3.9" or python_version >= "3.10")',
    "!=3.9": 'python_full_version != "3.9.0"',
    ">3.9": 'python_full_version > "3.9.0"',
    "<=3.9": 'python_full_version <= "3.9.0"',
    "3.9.1": 'python_full_version == "3.9.1"',
    ">=3.9.1,<3.12": 'python_full_version >= "3.9.1" and python_version < "3.12"',
    "<3.8 || >=3.10": '(python_version < "3.8") or (python_version >= "3.10")',
  };
  for (const [constraint, value] of Object.entries(cases)) {
    assertEquals(pythonMarkerOfPoetry(constraint), { ok: true, value }, constraint);
  }
});

Deno.test("platformMarkerOfPoetry() compares sys_platform", () => {
  const cases = {
    "*": "",
    "linux": 'sys_platform == "linux"',
    "!=win32,!=darwin": 'sys_platform != "win32" and sys_platform != "darwin"',
    "linux || darwin": '(sys_platform == "linux") or (sys_platform == "darwin")',
  };
  for (const [platform, value] of Object.entries(cases)) {
    assertEquals(platformMarkerOfPoetry(platform), { ok: true, value }, platform);
  }
  assert(!platformMarkerOfPoetry(">=linux").ok);
});

Deno.test("readMetadata() reads Poetry's dependencies as poetry-core writes them", () => {
  const cases = {
    '"^1.2"': ["foo>=1.2,<2.0"],
    '{ version = "^1", extras = ["a", "B_c"] }': ["foo[a,B_c]>=1,<2"],
    '{ version = "*", python = "^3.8", platform = "linux" }': [
      'foo ; (python_version >= "3.8" and python_version < "4.0") and (sys_platform == "linux")',
    ],
    '{ version = "1.0", markers = "os_name == \'nt\' or extra == \'x\'", python = "<3.9" }': [
      `foo==1.0 ; (os_name == 'nt' or extra == 'x') and (python_version < "3.9")`,
    ],
    '[{ version = "^1", python = "<3.10" }, { version = "^2", python = ">=3.10" }]': [
      'foo>=1,<2 ; python_version < "3.10"',
      'foo>=2,<3 ; python_version >= "3.10"',
    ],
    '{ git = "https://example.org/a.git", tag = "v1", subdirectory = "py" }': [
      "foo @ git+https://example.org/a.git@v1#subdirectory=py",
    ],
    '{ git = "git@example.org:a/b.git", branch = "main" }': [
      "foo @ git+ssh://git@example.org/a/b.git@main",
    ],
    '{ git = "git@example.org:8080/a/b.git", rev = "abc" }': [
      "foo @ git+ssh://git@example.org:8080/a/b.git@abc",
    ],
    '{ path = "../lib", develop = true }': ["foo @ file:../lib"],
    '{ path = "/srv/lib" }': ["foo @ file:///srv/lib"],
    '{ file = "dist/x-1.whl" }': ["foo @ file:dist/x-1.whl"],
    '{ url = "https://example.org/x.zip", subdirectory = "q" }': [
      "foo @ https://example.org/x.zip#subdirectory=q",
    ],
    '{ version = "^1", source = "mirror", allow-prereleases = true }': ["foo>=1,<2"],
    '{ version = "^1", optional = true }': [],
    '{ version = "^1", optional = true, markers = "extra == \'x\'" }': [
      "foo>=1,<2 ; extra == 'x'",
    ],
  };
  for (const [value, expected] of Object.entries(cases)) {
    const { metadata, problems } = readTable(`foo = ${value}`);
    assertEquals(problems, [], value);
    assertEquals(metadata?.dependencies, expected, value);
  }
});

Deno.test("readMetadata() reads Poetry's extras, and leaves its groups alone", () => {
  const { metadata, problems } = readTable(
    `python = ">=3.9"
a = "^1"
b = { version = "^1", optional = true }
[tool.poetry.dependencies.D_d]
version = "^1"
optional = true
[tool.poetry.extras]
One = ["b", "a"]
two = ["d-d", "b", "nope"]
three = []
[tool.poetry.dev-dependencies]
pytest = "^7"
[tool.poetry.group.docs.dependencies]
sphinx = "^7"
`,
  );
  assertEquals(problems, []);
  assertEquals(metadata, {
    name: "plug-a",
    version: "1.0",
    requiresPython: ">=3.9",
    // What an extra names is no longer needed without it.
    dependencies: [],
    optionalDependencies: {
      One: ["b>=1,<2", "a>=1,<2"],
      two: ["D_d>=1,<2", "b>=1,<2"],
      three: [],
    },
    dynamic: [],
    sources: [],
    lines: {
      "name": 2,
      "version": 3,
      "requires-python": 5,
      "optional-dependencies.One.0": 7,
      "optional-dependencies.One.1": 6,
      "optional-dependencies.two.0": 8,
      "optional-dependencies.two.1": 7,
    },
  });
});

Deno.test("readMetadata() leaves unchecked what it cannot read of Poetry's tables, and says where", () => {
  const { metadata, problems } = readTable(
    'python = "3.x.y"\na = "^1.0 || ^3.0"\nb = { version = "1", markers = "broken ==" }\nc = 3\n' +
      'd = { git = "../d" }\n"e e" = "^1"\nf = "^1"',
  );
  assertEquals(metadata?.requiresPython, undefined);
  assertEquals(metadata?.dependencies, ["a", "b", "c", "d", "f>=1,<2"]);
  assertEquals(
    problems.map((it) => [it.severity, it.message.split(" of plug-a")[0], it.sides[0]?.line]),
    [
      ["unchecked", 'the Python version "3.x.y"', 5],
      ["unchecked", "the dependency on a", 6],
      ["unchecked", "the dependency on b", 7],
      ["unchecked", "the dependency on c", 8],
      ["unchecked", "the dependency on d", 9],
      ["unchecked", "the dependency on e e", 10],
    ],
  );
});

Deno.test("readMetadata() puts [project] and Poetry's tables together as poetry-core and uv do", () => {
  const poetry = '[tool.poetry.dependencies]\npython = "^3.9"\na = "^1"\n' +
    'b = { version = "^1", optional = true }\n[tool.poetry.extras]\none = ["b"]\n';
  const own = [["a>=1,<2"], { one: ["b>=1,<2"] }, ">=3.9,<4.0"];
  const cases: readonly [string, readonly unknown[]][] = [
    ["", own],
    ['dynamic = ["dependencies"]', own],
    ['dynamic = ["dependencies", "optional-dependencies"]', own],
    ['dynamic = ["dependencies"]\nrequires-python = ">=3.8"', [own[0], own[1], ">=3.8"]],
    // uv goes by what is not dynamic without a build.
    ["dependencies = []", [[], {}, undefined]],
    ['dependencies = ["q>=1"]', [["q>=1"], {}, undefined]],
    ['dependencies = ["q"]\ndynamic = ["optional-dependencies"]', [["q"], {}, ">=3.9,<4.0"]],
    [
      'dynamic = ["dependencies"]\noptional-dependencies = { one = ["z"] }',
      [["a>=1,<2"], { one: ["z"] }, ">=3.9,<4.0"],
    ],
    [
      'optional-dependencies = { one = ["z"] }',
      [[], { one: ["z"] }, ">=3.9,<4.0"],
    ],
    [
      'dependencies = ["q"]\noptional-dependencies = { one = ["z"] }\ndynamic = ["requires-python"]',
      [["q"], { one: ["z"] }, ">=3.9,<4.0"],
    ],
  ];
  for (const [project, expected] of cases) {
    const { metadata, problems } = read(
      `[project]\nname = "plug-a"\nversion = "1"\n${project}\n${poetry}`,
    );
    assertEquals(problems, []);
    const { dependencies, optionalDependencies, requiresPython } = metadata!;
    const found: readonly unknown[] = [dependencies, optionalDependencies, requiresPython];
    assertEquals(found, expected, project);
  }
  const { metadata } = read(
    '[project]\nname = "plug-a"\ndynamic = ["version", "dependencies"]\n' +
      '[tool.poetry]\nversion = "3"\n[tool.poetry.dependencies]\na = "1"\n',
  );
  assertEquals([metadata?.version, metadata?.dependencies], ["3", ["a==1"]]);
});

Deno.test("readMetadata() reads Poetry's tables only where Poetry builds the package", () => {
  const text = '[tool.poetry]\nname = "plug-a"\nversion = "1.0"\n';
  const file = { component: "plug-a", file: "plug-a/pyproject.toml" };
  for (const build of ["", '[build-system]\nbuild-backend = "hatchling.build"\n']) {
    assertEquals(readMetadata({ ...file, text: text + build }).metadata, undefined);
  }
  const project =
    '[project]\nname = "plug-a"\nversion = "2.0"\n[tool.poetry.dependencies]\na = "1"\n' +
    '[build-system]\nbuild-backend = "hatchling.build"\n';
  assertEquals(readMetadata({ ...file, text: project }).metadata?.dependencies, []);
});

Deno.test("readMetadata() does not know a version that poetry-dynamic-versioning computes", () => {
  const text =
    '[tool.poetry]\nname = "plug-a"\nversion = "0.0.0"\n[tool.poetry-dynamic-versioning]\n';
  const build = '[build-system]\nrequires = ["poetry-core", "poetry-dynamic-versioning"]\n' +
    'build-backend = "poetry_dynamic_versioning.backend"\n';
  const versionOf = (text: string) => {
    const { metadata } = readMetadata({ component: "plug-a", file: "pyproject.toml", text });
    return [metadata?.version, metadata?.dynamic];
  };
  assertEquals(versionOf(`${text}enable = true\n${build}`), [undefined, ["version"]]);
  // It is off unless it is switched on, and takes no part where the build does not name it.
  assertEquals(versionOf(`${text}${build}`), ["0.0.0", []]);
  assertEquals(versionOf(`${text}enable = true\n${BUILD}`), ["0.0.0", []]);
});

Deno.test("readMetadata() says that Poetry builds no package without package-mode", () => {
  const { problems } = read(
    '[tool.poetry]\nname = "plug-a"\nversion = "1"\npackage-mode = false\n',
  );
  assertEquals(problems.map(({ code, severity }) => [code, severity]), [[
    "metadata-broken",
    "error",
  ]]);
});

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Component } from "../../../lib/reconcile/model.ts";
import { reconcile } from "../../../lib/reconcile/reconcile.ts";
import { bareMetadata, check, codes, makeApp, makePlugin, type ProjectOptions } from "./build.ts";

Deno.test("reconcile() finds nothing where everything fits", () => {
  const found = codes(
    { dependencies: ["plug-a>=1", "idna"] },
    makePlugin("plug-a", { python: ">=3.8", dependencies: ["idna>=3", "plug-b~=1.2"] }),
    makePlugin("plug-b", { dependencies: ["idna<4", "Plug_A"] }),
  );
  assertEquals(found, []);
});

Deno.test("reconcile() reports two components that exclude each other, with both sides and a fix", () => {
  const prod = { mode: "prod", file: "plug-d@v1.2.0:pyproject.toml" } as const;
  const [problem, ...rest] = check(
    {},
    makePlugin("plug-c", { dependencies: ["six", "idna >= 3.7"] }),
    makePlugin("plug-d", { dependencies: ["IDNA<3"], component: prod }),
  );
  assertEquals(rest, []);
  assertEquals(problem, {
    code: "requirements-conflict",
    severity: "error",
    message: "plug-c 1.2.0 needs idna>=3.7, plug-d 1.2.0 needs IDNA<3",
    sides: [
      {
        component: "plug-c",
        file: "packages/plug-c/pyproject.toml",
        line: 4,
        requirement: "idna >= 3.7",
      },
      { component: "plug-d", file: "plug-d@v1.2.0:pyproject.toml", line: 4, requirement: "IDNA<3" },
    ],
    fix: "change idna>=3.7 in packages/plug-c/pyproject.toml:4, " +
      "or pin plug-d to a version that allows idna>=3.7",
  });
});

Deno.test("reconcile() reports a conflict of three that is none between two of them", () => {
  const plugins = [
    makePlugin("plug-a", { dependencies: ["x>0"] }),
    makePlugin("plug-b", { dependencies: ["x!=1.5.*"] }),
    makePlugin("plug-c", { dependencies: ["x>=1.5,<1.7"] }),
    makePlugin("plug-d", { dependencies: ["x<9"] }),
    makePlugin("plug-e", { dependencies: ["x!=1.6.*"] }),
  ];
  const [problem, ...rest] = check({}, ...plugins);
  assertEquals(rest, []);
  assertEquals(
    problem?.message,
    "plug-b 1.2.0 needs x!=1.5.*, plug-c 1.2.0 needs x>=1.5,<1.7, plug-e 1.2.0 needs x!=1.6.*",
  );
  for (const left of [1, 2, 4]) {
    assertEquals(codes({}, ...plugins.filter((_, index) => index !== left)), []);
  }
});

Deno.test("reconcile() reports a requirement that nothing can meet", () => {
  const [problem] = check({}, makePlugin("plug-a", { dependencies: ["x>=2,<1"] }));
  assertEquals(problem?.message, "plug-a 1.2.0 needs x>=2,<1, and no version is like that");
});

Deno.test("reconcile() tells one quarrel once, whoever takes part in it, and independent ones apart", () => {
  const many = Array.from(
    { length: 5 },
    (_, index) => makePlugin(`plug-${index}`, { dependencies: [`idna>=3.${index}`, "six>=1"] }),
  );
  const problems = check(
    { dependencies: ["six<1"] },
    ...many,
    makePlugin("old", { dependencies: ["idna<3"] }),
  );
  assertEquals(problems.map((problem) => problem.message), [
    "the app needs six<1, plug-0 1.2.0 and 4 more need six>=1",
    "plug-0 1.2.0 needs idna>=3.0, old 1.2.0 needs idna<3; 4 more requirements are concerned",
  ]);
  assertEquals(problems[1]?.sides.length, 6);
});

Deno.test("reconcile() sees no conflict where no environment has both sides", () => {
  const split = (a: string, b: string, app = {}) =>
    codes(
      app,
      makePlugin("plug-a", { dependencies: [`idna>=3; ${a}`] }),
      makePlugin("plug-b", { dependencies: [`idna<3; ${b}`] }),
    );
  assertEquals(split("python_version < '3.11'", "python_version >= '3.11'"), []);
  assertEquals(split("python_version < '3.9'", "os_name == 'posix'"), []);
  assertEquals(split("sys_platform == 'win32'", "os_name == 'nt'"), ["requirements-conflict"]);
  const linux = { toml: "[tool.uv]\nenvironments = [\"sys_platform == 'linux'\"]" };
  assertEquals(split("sys_platform == 'win32'", "os_name == 'nt'", linux), []);
  const [problem] = check(
    {},
    makePlugin("plug-a", { dependencies: ["idna>=3; sys_platform == 'win32'"] }),
    makePlugin("plug-b", { dependencies: ["idna<3"] }),
  );
  assert(problem?.message.includes("(on win32"), problem?.message);
});

Deno.test("reconcile() counts extras that are asked for, through other extras as well", () => {
  const a = makePlugin("plug-a", {
    extras: { fast: ["idna<3"], all: ["plug-a[fast]"], odd: ["?"] },
  });
  const asking = (text: string) => makePlugin("plug-b", { dependencies: [text, "idna>=3"] });
  const bad = ["requirement-invalid"] as const;
  assertEquals(codes({}, a, asking("plug-a")), bad);
  assertEquals(codes({}, a, asking("plug-a[fast]")), [...bad, "requirements-conflict"]);
  assertEquals(codes({}, a, asking("plug-a[All]")), [...bad, "requirements-conflict"]);
  assertEquals(codes({}, a, asking("plug-a[fast]; python_version < '3'")), bad);
  const asked = { ...a, extras: ["fast"] };
  assertEquals(codes({}, asked, asking("plug-a")), [...bad, "requirements-conflict"]);
  const marked = makePlugin("plug-a", {
    dependencies: ["idna<3; extra == 'fast'"],
    extras: { fast: [] },
  });
  assertEquals(codes({}, marked, asking("plug-a")), []);
  assertEquals(codes({}, marked, asking("plug-a[fast]")), ["requirements-conflict"]);
});

Deno.test("reconcile() counts all of the app's groups and extras, as uv locks them, includes resolved", () => {
  const plugin = makePlugin("plug-a", { dependencies: ["idna>=3"] });
  const groups = '[dependency-groups]\ndocs = [{ include-group = "Lint" }]\nlint = ["idna<3"]\n';
  assertEquals(codes({ toml: groups }, plugin), ["requirements-conflict"]);
  assertEquals(codes({ toml: `${groups}[tool.uv]\ndefault-groups = []` }, plugin), [
    "requirements-conflict",
  ]);
  assertEquals(codes({ extras: { old: ["idna<3"] } }, plugin), ["requirements-conflict"]);
});

Deno.test("reconcile() tells a place once, however many groups include it", () => {
  const toml =
    '[dependency-groups]\ndocs = [{ include-group = "lint" }]\nlint = ["plug-a>=2", "idna<3"]\n' +
    'all = [{ include-group = "docs" }, { include-group = "lint" }]\n';
  const plugin = makePlugin("plug-a", { version: "1.0", dependencies: ["idna>=3"] });
  const found = check({ toml }, plugin);
  assertEquals(
    found.map(({ sides }) => sides.map((it) => `${it.component}: ${it.requirement}`)),
    [["app: idna<3", "plug-a: idna>=3"], ["app: plug-a>=2", "plug-a: 1.0"]],
  );
});

Deno.test("reconcile() heeds what [tool.uv] leaves out, and what it says instead of a package", () => {
  const a = makePlugin("plug-a", { version: "1.0", dependencies: ["plug-b>=2", "idna<3"] });
  const b = makePlugin("plug-b", { version: "1.0", dependencies: ["idna>=3"] });
  assertEquals(codes({}, a, b), ["requirement-unmet", "requirements-conflict"]);
  const uv = (line: string) => ({ toml: `[tool.uv]\n${line}\n` });
  assertEquals(codes(uv('exclude-dependencies = ["Plug_B"]'), a, b), []);
  // One package's requirements alone, and those of one of its versions rather than of any.
  const scoped = (whose: string, list: string) => `{ package = ${whose}, dependencies = ${list} }`;
  const any = '{ name = "Plug_A" }';
  const fits = scoped(any, '["plug-b>=1", "idna>=3"]');
  assertEquals(codes(uv(`override-dependencies = ["click", ${fits}]`), a, b), []);
  assertEquals(
    codes(uv(`exclude-dependencies = ["x", ${scoped(any, '["Plug-B", "idna"]')}]`), a, b),
    [],
  );
  const other = scoped('{ name = "plug-b" }', '["idna<3"]');
  assertEquals(codes(uv(`override-dependencies = [${other}]`), a, b), ["requirement-unmet"]);
  const exact = scoped('{ name = "plug-a", version = "1.0" }', '["plug-b==1.0"]');
  assertEquals(codes(uv(`override-dependencies = [${exact}, ${fits}]`), a, b), [
    "requirements-conflict",
  ]);
  const later = scoped('{ name = "plug-a", version = "2.0" }', '["plug-b==1.0"]');
  assertEquals(codes(uv(`override-dependencies = [${later}]`), a, b), [
    "requirement-unmet",
    "requirements-conflict",
  ]);
  const added = scoped('{ name = "plug-b" }', '["plug-a>=2"]');
  assertEquals(codes(uv(`override-dependencies = [${fits}, ${added}]`), a, b), [
    "requirement-unmet",
  ]);
  const stated = (...entries: string[]) =>
    uv(`dependency-metadata = [${entries.map((it) => `{ name = "Plug_A", ${it} }`).join(", ")}]`);
  assertEquals(codes(stated('version = "1.0", requires-dist = ["idna>=3"]'), a, b), []);
  // uv takes no entry without a version, and none where there are several.
  const bad = ["requirement-unmet", "requirements-conflict"] as const;
  assertEquals(codes(stated("requires-dist = []"), a, b), bad);
  assertEquals(codes(stated('version = "1.0"', 'version = "2.0"'), a, b), bad);
  const late = makePlugin("plug-c", { dependencies: ["plug-a[x]>=2"] });
  const two = 'version = "2.0", provides-extra = ["x"]';
  assertEquals(codes(stated(two), a, b, late), []);
  const extra = `${two}, requires-dist = ["plug-b>=2; extra == 'x'"]`;
  assertEquals(codes(stated(extra), a, b), []);
  assertEquals(codes(stated(extra), a, b, late), ["requirement-unmet"]);
  const python = stated('version = "1.0", requires-python = ">=3.99"');
  assertEquals(codes(python, a, b), ["python-incompatible"]);
  const open = { ...makePlugin("plug-a", {}), metadata: undefined, unchecked: "offline" };
  assertEquals(codes({}, open), ["metadata-unchecked"]);
  assertEquals(codes(stated('version = "1.0"'), open), []);
});

Deno.test("reconcile() keeps apart what [tool.uv] conflicts keeps apart", () => {
  const plugin = makePlugin("plug-a", { version: "1.0" });
  const extras = { old: ["idna<3"], new: ["idna>=3"], odd: ["plug-a>=2"] };
  const conflicts = (...sets: string[]) => `[tool.uv]\nconflicts = [${sets.join(", ")}]\n`;
  const apart = conflicts('[{ extra = "Old" }, { extra = "new" }]');
  assertEquals(codes({ extras }, plugin), ["requirements-conflict", "requirement-unmet"]);
  assertEquals(codes({ extras, toml: apart }, plugin), ["requirement-unmet"]);
  const foreign = conflicts('[{ package = "other", extra = "old" }, { extra = "new" }]');
  assertEquals(codes({ extras, toml: foreign }, plugin), [
    "requirements-conflict",
    "requirement-unmet",
  ]);
  const groups = '[dependency-groups]\ng = ["idna>=3"]\n';
  const both = conflicts('[{ extra = "old" }, { group = "g" }]');
  assertEquals(codes({ extras: { old: ["idna<3"] }, toml: groups + both }), []);
  const many = Array.from({ length: 9 }, (_, at) => `[{ extra = "a${at}" }, { extra = "b${at}" }]`);
  assertEquals(codes({ extras, toml: conflicts(...many) }, makePlugin("plug-a", {})), [
    "requirements-conflict",
    "requirement-unmet",
    "metadata-unchecked",
  ]);
});

Deno.test("reconcile() counts a group for the Python versions that uv takes it for", () => {
  const plugin = makePlugin("plug-a", { dependencies: ["idna>=3; python_version < '3.12'"] });
  const group = '[dependency-groups]\ng = ["idna<3"]\n';
  assertEquals(codes({ toml: group }, plugin), ["requirements-conflict"]);
  const late = `${group}[tool.uv]\ndependency-groups.g = { requires-python = ">=3.12" }\n`;
  assertEquals(codes({ toml: late }, plugin), []);
});

Deno.test("reconcile() asks for nothing beside a requirement of the user's, wherever it stands", () => {
  const a = makePlugin("plug-a", {
    dependencies: ["plug-b>=2"],
    extras: { fast: ["plug-b>=3"] },
    component: { extras: ["fast"] },
  });
  const b = makePlugin("plug-b", { version: "1.0", component: { require: false } });
  const windows = "plug-a; sys_platform == 'win32'";
  const [problem, ...rest] = check({ extras: { o: [windows] } }, a, b);
  assertEquals(rest, []);
  assertEquals(
    problem?.message,
    "plug-a 1.2.0 needs plug-b>=2, plug-b is 1.0 (on win32, AMD64, ARM64)",
  );
  const record = '[tool.hsm]\npackages.plug-a = { requirement = "plug-a[fast]" }\n';
  const injected = { dependencies: ["plug-a[fast]"], extras: { o: [windows] }, toml: record };
  assertEquals(check(injected, a, b).map((it) => it.message), [
    "plug-a 1.2.0 needs plug-b>=2, plug-b is 1.0",
    "plug-a 1.2.0 needs plug-b>=3, plug-b is 1.0",
  ]);
});

Deno.test("reconcile() takes a checkout that the app's own specifier has not caught up with for a warning", () => {
  const severities = (app: ProjectOptions, ...components: readonly Component[]) =>
    check(app, ...components).map((it) => `${it.severity}: ${it.message}`);
  const told = "the app needs plug-a<4, plug-a is 4.1";
  for (
    const app of [
      { dependencies: ["plug-a<4"] },
      { extras: { o: ["plug-a<4"] } },
      { toml: '[dependency-groups]\ng = ["plug-a<4"]\n' },
      { toml: '[tool.uv]\nconstraint-dependencies = ["plug-a<4"]\n' },
    ]
  ) {
    const dev = makePlugin("plug-a", { version: "4.1", component: { mode: "dev" } });
    const prod = makePlugin("plug-a", { version: "4.1", component: { mode: "prod" } });
    assertEquals(severities(app, dev), [`warning: ${told}`]);
    assertEquals(severities(app, prod), [`error: ${told}`]);
    const other = makePlugin("plug-b", { dependencies: ["plug-a<4"] });
    assertEquals(severities(app, dev, other), [
      "error: plug-b 1.2.0 needs plug-a<4, plug-a is 4.1",
      `warning: ${told}`,
    ]);
  }
});

Deno.test("reconcile() leaves open what no environment has together and uv may not keep apart", () => {
  const severities = (app: ProjectOptions, ...components: readonly Component[]) =>
    check(app, ...components).map((it) => it.severity);
  const a = (marker: string) => makePlugin("plug-a", { dependencies: [`idna<3${marker}`] });
  const b = (...list: string[]) => makePlugin("plug-b", { dependencies: list });
  assertEquals(severities({}, a("; sys_platform == 'win32'"), b("idna>=3; os_name == 'posix'")), [
    "unchecked",
  ]);
  // It does keep Python versions apart, what one list itself keeps apart, and what is resolved on its own.
  assertEquals(
    severities({}, a("; python_version < '3.11'"), b("idna>=3; python_version > '3.10'")),
    [],
  );
  const split = b("idna>=3; sys_platform != 'win32'", "idna<4; sys_platform == 'win32'");
  assertEquals(severities({}, a("; sys_platform == 'win32'"), split), []);
  const environments = "environments = [\"sys_platform == 'win32'\", \"sys_platform == 'linux'\"]";
  assertEquals(
    severities(
      { toml: `[tool.uv]\n${environments}\n` },
      a("; sys_platform == 'win32'"),
      b("idna>=3; sys_platform == 'linux'"),
    ),
    [],
  );
  // The marker of who requires it does not count either.
  const owner = makePlugin("plug-a", {
    dependencies: ["plug-b>=2; sys_platform == 'win32'"],
    component: { require: false },
  });
  assertEquals(
    severities({ dependencies: ["plug-a; sys_platform == 'linux'"] }, owner, b()),
    ["unchecked"],
  );
});

Deno.test("reconcile() leaves to the user what the user's overrides settle, and heeds constraints", () => {
  const plugins = [
    makePlugin("plug-a", { dependencies: ["idna>=3"] }),
    makePlugin("plug-b", { dependencies: ["idna<3"] }),
  ];
  assertEquals(codes({ toml: '[tool.uv]\noverride-dependencies = ["idna>=3"]' }, ...plugins), []);
  const managed = makePlugin("plug-c", { dependencies: ["plug-a>=9"] });
  const own = (text: string) => ({
    toml: `[tool.uv]\noverride-dependencies = ${JSON.stringify([text, "idna"])}\n`,
  });
  assertEquals(codes(own("plug-a"), ...plugins, managed), []);
  // An override counts in place of what everybody asks for, HSM's own requirement included.
  const d = makePlugin("plug-d", { extras: { fast: ["plug-a>=9"] } });
  assertEquals(codes({}, ...plugins, d), ["requirements-conflict"]);
  assertEquals(codes(own("Plug_D[fast]"), ...plugins, d), ["requirement-unmet"]);
  assertEquals(codes(own("plug-d[fast]; sys_platform == 'nowhere' and os_name == 'nt'"), d), []);
  const asked = { ...d, extras: ["fast"] };
  assertEquals(codes({}, plugins[0]!, asked), ["requirement-unmet"]);
  assertEquals(codes(own("plug-d"), plugins[0]!, asked), []);
  const constrained = { toml: '[tool.uv]\nconstraint-dependencies = ["idna<2"]' };
  assertEquals(codes(constrained, plugins[0]!), ["requirements-conflict"]);
});

Deno.test("reconcile() checks requirements on managed packages against their versions", () => {
  const a = makePlugin("plug-a", { version: "1.4.0" });
  const [problem, ...rest] = check(
    { dependencies: ["plug-a>=1"] },
    a,
    makePlugin("plug-b", { dependencies: ["plug-a>=2"] }),
    makePlugin("plug-c", { dependencies: ["Plug.A >= 2"] }),
  );
  assertEquals(rest, []);
  assertEquals(problem?.code, "requirement-unmet");
  assertEquals(problem?.message, "plug-b 1.2.0 and 1 more need plug-a>=2, plug-a is 1.4.0");
  assertEquals(
    problem?.fix,
    "check out a version of plug-a that meets plug-a>=2, " +
      "or change plug-a>=2 in packages/plug-b/pyproject.toml:4",
  );
  assertEquals(problem?.sides.map((side) => side.requirement), [
    "plug-a>=2",
    "Plug.A >= 2",
    "1.4.0",
  ]);
  assertEquals(codes({ dependencies: ["plug-a>=2"] }, a), ["requirement-unmet"]);
  assertEquals(codes({ dependencies: ["plug-a>=2; python_version < '3.9'"] }, a), []);
  const host = makePlugin("plug-b", { dependencies: ["app>=2"] });
  assertEquals(codes({}, host), ["requirement-unmet"]);
});

Deno.test("reconcile() takes pre-releases and local versions of managed packages as PEP 440 orders them", () => {
  const at = (version: string, demand: string) =>
    codes({ dependencies: [`plug-a${demand}`] }, makePlugin("plug-a", { version }));
  assertEquals(at("2.0.dev1", ">=1"), []);
  assertEquals(at("2.0.dev1", ">=2"), ["requirement-unmet"]);
  assertEquals(at("2.0.dev1", "<2"), ["requirement-unmet"]);
  assertEquals(at("1.0+g1", "==1.0"), []);
  assertEquals(at("1.0+g1", ">1.0"), ["requirement-unmet"]);
  const [problem] = check(
    { dependencies: ["plug-a>=2"] },
    makePlugin("plug-a", { version: "2.0.dev1" }),
  );
  assert(problem?.fix.includes(">=2.0.dev1 would allow it"), problem?.fix);
});

Deno.test("reconcile() leaves a version that is computed open, where somebody depends on it", () => {
  const a = makePlugin("plug-a", { version: undefined } as Record<string, undefined>);
  assertEquals(codes({ dependencies: ["plug-a"] }, a), []);
  const [problem, ...rest] = check({ dependencies: ["plug-a>=2"] }, a);
  assertEquals(rest, []);
  assertEquals([problem?.code, problem?.severity], ["version-unknown", "unchecked"]);
});

Deno.test("reconcile() tells each demand on a version that is computed with those who make it", () => {
  const a = makePlugin("plug-a", { version: undefined } as Record<string, undefined>);
  const needing = (name: string, demand: string) =>
    makePlugin(name, { dependencies: [`plug-a${demand}`] });
  const demands = ["==3", ">=7", ">= 7", ">=6.2", "<9", "!=8"];
  const [problem, ...rest] = check(
    {},
    a,
    ...demands.map((demand, index) => needing(`plug-${index}`, demand)),
  );
  assertEquals(rest, []);
  assertEquals(
    problem?.message,
    "plug-0 1.2.0 needs plug-a==3, plug-1 1.2.0 and 1 more need plug-a>=7, plug-3 1.2.0 needs " +
      "plug-a>=6.2, 2 more need other versions, the version of plug-a is computed when it is built",
  );
  assertEquals(problem?.sides.length, 7);
});

/** A component about which a program may say otherwise. */
function guessed(component: Component): Component {
  const { metadata } = component;
  const guesses = [
    "name",
    "version",
    "requires-python",
    "dependencies",
    "optional-dependencies",
  ] as const;
  return { ...component, metadata: { ...metadata!, guesses } };
}

Deno.test("reconcile() reports what follows from a guess, and not as an error", () => {
  const cases: readonly (readonly Component[])[] = [
    [
      guessed(makePlugin("plug-a", { dependencies: ["idna>=3"] })),
      makePlugin("plug-b", { dependencies: ["idna<3"] }),
    ],
    [guessed(makePlugin("plug-a")), makePlugin("plug-b", { dependencies: ["plug-a>=2"] })],
    [makePlugin("plug-a"), guessed(makePlugin("plug-b", { dependencies: ["plug-a>=2"] }))],
    [guessed(makePlugin("plug-a")), makePlugin("plug-b", { dependencies: ["plug-a[nope]"] })],
    [makePlugin("plug-a"), guessed(makePlugin("plug-b", { dependencies: ["plug-a[nope]"] }))],
    [guessed(makePlugin("plug-a", { python: ">=3.12" }))],
    [guessed(makePlugin("plug-a", { python: "<3" }))],
    [
      guessed(makePlugin("plug-a", { dependencies: ["x @ https://example.org/1"] })),
      makePlugin("plug-b", { dependencies: ["x @ https://example.org/2"] }),
    ],
    [guessed(makePlugin("plug-a", { component: { metadata: bareMetadata("plug-x") } }))],
  ];
  for (const [index, components] of cases.entries()) {
    const problems = check({}, ...components);
    assertEquals(problems.map((it) => it.severity), ["unchecked"], `case ${index}`);
    assertMatch(
      problems[0]!.fix,
      /^let the package manager judge it .*, for a build may say otherwise; or /,
    );
  }
});

Deno.test("reconcile() keeps what is certain apart from what follows from a guess", () => {
  const demand = { dependencies: ["idna>=3"] };
  const found = check(
    { dependencies: ["idna<3"] },
    guessed(makePlugin("plug-a", demand)),
    makePlugin("plug-b", demand),
    makePlugin("plug-c", { dependencies: ["plug-d>=2"] }),
    guessed(makePlugin("plug-e", { dependencies: ["plug-d>=2"] })),
    makePlugin("plug-d"),
  );
  assertEquals(found.map(({ severity, message }) => `${severity}: ${message}`), [
    "error: the app needs idna<3, plug-b 1.2.0 needs idna>=3",
    "error: plug-c 1.2.0 needs plug-d>=2, plug-d is 1.2.0",
    "unchecked: plug-e 1.2.0 needs plug-d>=2, plug-d is 1.2.0",
  ]);
});

Deno.test("reconcile() names the file that a field is from", () => {
  const plugin = makePlugin("plug-a", { dependencies: ["six", "idna>=3"], python: ">=3.12" });
  const files = { "dependencies": "packages/plug-a/setup.cfg" };
  const [python, conflict] = check(
    { dependencies: ["idna<3"] },
    { ...plugin, metadata: { ...plugin.metadata!, files } },
  );
  assertEquals(python?.sides[0]?.file, "packages/plug-a/pyproject.toml");
  assertEquals(conflict?.sides.map((it) => it.file), ["pyproject.toml", files.dependencies]);
  assert(conflict?.fix.endsWith("change idna>=3 in packages/plug-a/setup.cfg:5"), conflict?.fix);
});

Deno.test("reconcile() does not compare paths, which are relative to whoever names them", () => {
  const at = (name: string, url: string) => makePlugin(name, { dependencies: [`x @ ${url}`] });
  assertEquals(codes({}, at("plug-a", "file:../x"), at("plug-b", "file:lib/x")), []);
  assertEquals(codes({}, at("plug-a", "file:///a/x"), at("plug-b", "file:///b/x")), [
    "requirements-conflict",
  ]);
});

Deno.test("reconcile() compares requires-python with the app's, where the component is installed", () => {
  const needing = (python: string, app: string, dependencies: readonly string[] = []) =>
    codes({ python: app, dependencies }, makePlugin("plug-a", { python }));
  const bad = ["python-incompatible"] as const;
  assertEquals(needing(">=3.9", ">=3.9"), []);
  assertEquals(needing(">=3.8,<4", ">=3.9"), []);
  assertEquals(needing("!=3.10.*", ">=3.9"), []);
  assertEquals(needing(">=3.12", ">=3.9"), bad);
  assertEquals(needing(">=3.9.5", ">=3.9"), bad);
  assertEquals(needing("<3.9", ">=3.9"), bad);
  assertEquals(needing(">=3.9,<3.11", ">=3.12"), bad);
  assertEquals(needing(">=3.12", ">=3.9", ["plug-a; python_version >= '3.12'"]), []);
  assertEquals(needing(">=3.12", ">=3.9", ["plug-a; sys_platform == 'win32'"]), bad);
  assertEquals(needing(">=three", ">=3.9"), ["python-invalid"]);
  assertEquals(codes({ python: ">=3.9,<3.9" }), bad);
  const app = makeApp();
  const { requiresPython: _, ...open } = app;
  const apart = [
    makePlugin("plug-a", { python: ">=3.12" }),
    makePlugin("plug-b", { python: "<3.10" }),
  ];
  const found = reconcile({ app: open, components: apart }).problems;
  assertEquals(found.map((problem) => problem.message), [
    "plug-a 1.2.0 needs Python >=3.12, plug-b 1.2.0 needs Python <3.10",
  ]);
});

Deno.test("reconcile() compares names normalized", () => {
  const named = (name: string | undefined) => {
    const metadata = { ...bareMetadata("plug-a"), version: "1" };
    const { name: _, ...nameless } = metadata;
    const all = name === undefined ? nameless : { ...metadata, name };
    return codes({}, makePlugin("plug-a", { component: { metadata: all } }));
  };
  assertEquals(named("Plug_A"), []);
  assertEquals(named("plug-b"), ["name-mismatch"]);
  assertEquals(named(undefined), ["name-missing"]);
});

Deno.test("reconcile() reports extras that a package does not have, and suggests the nearest", () => {
  const a = makePlugin("plug-a", { extras: { fast: [] } });
  const b = makePlugin("plug-b", { dependencies: ["plug-a[fasst]"] });
  const [problem, ...rest] = check({}, a, b);
  assertEquals(rest, []);
  assertEquals(problem?.code, "extra-unknown");
  assertEquals(problem?.message, "plug-b asks for plug-a[fasst], plug-a 1.2.0 has only fast");
  assert(problem?.fix.startsWith("write fast instead of fasst"), problem?.fix);
  assertEquals(codes({}, { ...a, extras: ["nope"] }), ["extra-unknown"]);
  assertEquals(codes({}, { ...a, extras: ["Fast"] }), []);
});

Deno.test("reconcile() reports what cannot be read, and checks the others all the same", () => {
  const found = check(
    {},
    makePlugin("plug-a", { version: "one", dependencies: ["idna>>3", "six>=1"] }),
    makePlugin("plug-b", { dependencies: ["six<1"] }),
    makePlugin("plug-c", { component: { metadata: undefined, unchecked: "offline" } }),
    makePlugin("plug-d", { toml: "[project" }),
  );
  assertEquals(found.map((problem) => problem.code), [
    "requirement-invalid",
    "version-invalid",
    "metadata-broken",
    "requirements-conflict",
    "metadata-unchecked",
  ]);
  assertEquals(found.at(-1)?.message, "plug-c was not checked: offline");
  assertEquals(found.at(-1)?.severity, "unchecked");
  const markers = { toml: '[tool.uv]\nenvironments = ["platform == 1"]' };
  assertEquals(codes(markers), ["marker-invalid"]);
  const impossible = {
    toml: "[tool.uv]\nenvironments = [\"os_name == 'nt' and sys_platform == 'linux'\"]",
  };
  assertEquals(codes(impossible), ["metadata-unchecked"]);
});

Deno.test("reconcile() leaves computed fields open", () => {
  const dynamic = { ...bareMetadata("plug-a"), dynamic: ["dependencies", "optional-dependencies"] };
  const a = makePlugin("plug-a", { component: { metadata: dynamic, extras: ["any"] } });
  assertEquals(codes({}, a), ["metadata-unchecked"]);
});

Deno.test("reconcile() says when the manifest's source replaces a URL, and compares URLs of others", () => {
  const url = "plug-a @ https://example.org/a.whl";
  assertEquals(codes({}, makePlugin("plug-a"), makePlugin("plug-b", { dependencies: [url] })), [
    "source-overridden",
  ]);
  const from = (place: string) => ({ dependencies: [`x @ https://example.org/${place}`] });
  assertEquals(codes({}, makePlugin("plug-a", from("1")), makePlugin("plug-b", from("1"))), []);
  assertEquals(codes({}, makePlugin("plug-a", from("1")), makePlugin("plug-b", from("2"))), [
    "requirements-conflict",
  ]);
});

Deno.test("reconcile() looks only at what is installed", () => {
  const lonely = makePlugin("plug-a", {
    dependencies: ["idna<3"],
    component: { require: false },
  });
  const b = (list: readonly string[]) =>
    makePlugin("plug-b", { dependencies: ["idna>=3", ...list] });
  assertEquals(codes({}, lonely, b([])), []);
  assertEquals(codes({}, lonely, b(["plug-a"])), ["requirements-conflict"]);
  assertEquals(codes({}, lonely, b(["plug-a; sys_platform == 'nowhere' and os_name == 'nt'"])), []);
});

Deno.test("reconcile() gives plain data", () => {
  const result = reconcile({
    app: makeApp({ dependencies: ["idna<3"] }),
    components: [makePlugin("plug-a", { dependencies: ["idna>3"], component: { require: false } })],
  });
  assertEquals(JSON.parse(JSON.stringify(result)), result);
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { parse } from "yaml";
import { parseManifest } from "../../lib/manifest/parse.ts";
import { parseVersion } from "../../lib/versions/versions.ts";
import { type TestApp, testApp } from "../harness/app.ts";
import { filesIn, PROJECT } from "../harness/ci.ts";
import { asked, BRANCH, branches, forgedApp, forgeEnvironment } from "../harness/forge.ts";
import { must, type Run, start } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { makeBin } from "../harness/shells.ts";
import { readBlocks } from "../harness/steps.ts";

/** The block of docs/guides/bots.md that is in a language. */
async function block(language: string): Promise<string> {
  const blocks = readBlocks(await Deno.readTextFile(`${PROJECT}docs/guides/bots.md`));
  const found = blocks.filter((it) => it.language === language);
  assertEquals(found.length, 1);
  return found[0]?.lines.join("\n") ?? "";
}

/** The manager for hsm.yaml in the settings that the guide tells. */
interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStringsStrategy: string;
  readonly matchStrings: readonly string[];
  readonly packageNameTemplate: string;
  readonly datasourceTemplate: string;
  readonly versioningTemplate: string;
}

const { customManagers, packageRules } = JSON.parse(await block("json"));
const manager: Manager = customManagers[0];

/** A pin as Renovate sees it: the package, its tag, and where its tags are. */
type Found = readonly [name: string, tag: string, git: string];

/** What Renovate finds with the strategy `recursive`: each expression looks through what the one before it matched. */
function find(text: string): readonly Found[] {
  let found = [{ text, groups: {} as Readonly<Record<string, string | undefined>> }];
  for (const expression of manager.matchStrings) {
    found = found.flatMap((it) =>
      [...it.text.matchAll(new RegExp(expression, "g"))]
        .map((match) => ({ text: match[0], groups: { ...it.groups, ...match.groups } }))
    );
  }
  return found.map(({ groups }) => [
    groups["depName"] ?? "",
    groups["currentValue"] ?? "",
    filled(manager.packageNameTemplate, groups),
  ]);
}

/** A template of Renovate's, as far as this one goes: conditions, the innermost first, and values. */
function filled(template: string, values: Readonly<Record<string, string | undefined>>): string {
  const condition =
    /\{\{#if (\w+)\}\}((?:(?!\{\{[#/])[^])*?)(?:\{\{else\}\}((?:(?!\{\{[#/])[^])*?))?\{\{\/if\}\}/;
  let text = template;
  for (let next = ""; next !== text;) {
    next = text;
    text = text.replace(condition, (_, name, yes, no = "") => values[name] ? yes : no);
  }
  return text.replaceAll(/\{\{\{(\w+)\}\}\}/g, (_, name) => values[name] ?? "");
}

/** What is to be found: HSM's own word on a manifest. Undefined where it is none. */
function expected(text: string): readonly Found[] | undefined {
  try {
    const { packages } = parseManifest({ shared: { path: "hsm.yaml", text } });
    return packages.flatMap(({ name, pin, git }) => {
      const tag = pin !== undefined && "tag" in pin ? String(pin.tag) : "";
      return parseVersion(tag) === undefined ? [] : [[name, tag, git ?? ""] as const];
    });
  } catch {
    return undefined;
  }
}

Deno.test("Renovate finds in each hsm.yaml of the documents the pins that HSM finds there", async () => {
  const found = new Map<string, readonly Found[]>();
  for (const document of ["README.md", ...await filesIn("docs", "md")]) {
    for (
      const { line, language, lines } of readBlocks(
        await Deno.readTextFile(join(PROJECT, document)),
      )
    ) {
      const text = `${lines.join("\n")}\n`;
      const pins = language === "yaml" && lines.includes("packages:") ? expected(text) : undefined;
      if (pins === undefined) continue;
      assertEquals(find(text), pins, `${document}:${line}`);
      found.set(`${document}:${line}`, pins);
    }
  }
  assert(found.size >= 9, `${found.size} manifests`);
  const [first] = found.values();
  assertEquals(first, [
    ["my-plugin", "v1.2.0", "https://github.com/org/my-plugin"],
    ["other-plugin", "v0.3.1", "https://github.com/org/other-plugin"],
  ]);
});

Deno.test("Renovate finds pins in every form, and nothing else", () => {
  const text = `# yaml-language-server: $schema=.hsm/schema.json
packages: # all of them
  short: v1.0.0
  quoted: "1.10" # a comment

  # between: v9.9.9
  long:
    # git: https://example.com/elsewhere
    tag: '2024.1'
    tag_prefix: v
    path: ../2.0
  own:
    tag: v3.0.0rc1

    git: ssh://git@example.com/own.git
  line: { tag: v4.0.0, git: "git@example.com:team/line.git" }
  bare: {tag: v5.0.0}
  a-branch: { branch: 1.x }
  a-commit:
    rev: 0123456
  prefixed: libs/prefixed/v1.0.0
  without:
    mode: dev
git: "https://example.com/team/{name}.git" # for all others
verify:
  - echo v1.0.0
packages_dir: v2
`;
  const team = (name: string) => `https://example.com/team/${name}.git`;
  const pins: readonly Found[] = [
    ["short", "v1.0.0", team("short")],
    ["quoted", "1.10", team("quoted")],
    ["long", "2024.1", team("long")],
    ["own", "v3.0.0rc1", "ssh://git@example.com/own.git"],
    ["line", "v4.0.0", "git@example.com:team/line.git"],
    ["bare", "v5.0.0", team("bare")],
  ];
  assertEquals(find(text), pins);
  assertEquals(expected(text), pins);
  // The last line need not end, and one repository may hold them all.
  const mono = "git: ../mono.git\npackages:\n  a: v1.0.0\n  b:\n    tag: v2.0.0";
  assertEquals(find(mono), [["a", "v1.0.0", "../mono.git"], ["b", "v2.0.0", "../mono.git"]]);
  assertEquals(find(""), []);
});

Deno.test("Renovate finds pins however a person writes YAML, and goes by no comment", () => {
  const text = `# git: https://example.com/none
packages :

  "quoted": v1.0.0
  'spaced' : V2.0
 \t
  own:
    "tag" : v3.0.0 # , git: https://example.com/comment
    'git' : "https://example.com/forks/{name}.git"
  line: {
    tag: v4.0.0,
    git: "https://example.com/forks/{name}",
    }
  short: v5.0.0 # { tag: v9.9.9, git: https://example.com/comment }
  none: { mode: dev } # { tag: v9.9.9 }
'git' : 'https://example.com/team/{name}'
`;
  const pins: readonly Found[] = [
    ["quoted", "v1.0.0", "https://example.com/team/quoted"],
    ["spaced", "V2.0", "https://example.com/team/spaced"],
    ["own", "v3.0.0", "https://example.com/forks/own.git"],
    ["line", "v4.0.0", "https://example.com/forks/line"],
    ["short", "v5.0.0", "https://example.com/team/short"],
  ];
  const begun = "git: ../{name}\npackages:\n  a: v1.0.0\n";
  for (const end of ["\n", "\r\n"]) {
    const written = text.replaceAll("\n", end);
    assertEquals(find(written), pins);
    assertEquals(expected(written), pins);
    // A byte order mark comes before the first key, whichever it is.
    for (const it of [begun, begun.replace(/(.*\n)([^]*)/, "$2$1")]) {
      assertEquals(find(`\ufeff${it.replaceAll("\n", end)}`), [["a", "v1.0.0", "../a"]]);
    }
  }
});

Deno.test("Renovate's settings take tags by the order that HSM takes, by expressions that RE2 reads", () => {
  assertEquals(manager.managerFilePatterns, ["/(^|/)hsm\\.yaml$/"]);
  assertEquals(manager.matchStringsStrategy, "recursive");
  assertEquals([manager.datasourceTemplate, manager.versioningTemplate], ["git-tags", "pep440"]);
  assertEquals(packageRules.map((it: { versioning: string }) => it.versioning), ["pep440"]);
  for (const it of manager.matchStrings) {
    assert(!/\(\?(?:[=!]|<[=!])|\\[1-9k]/.test(it), it);
  }
});

Deno.test("what Renovate changes for a release is what hsm sync would change", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
  const [[, , git = ""] = []] = find(await app.read("hsm.yaml"));
  const source = (tag: string) => `plug-a = { git = "${git}", tag = "${tag}" }`;
  const edit = async (file: string, from: string, to: string) => {
    const text = await app.read(file);
    assertStringIncludes(text, from);
    await app.write(file, text.replace(from, to));
  };
  await edit("hsm.yaml", "plug-a: v1.0.0", "plug-a: v1.1.0");
  await edit("pyproject.toml", source("v1.0.0"), source("v1.1.0"));
  await must([uvProgram(), "lock", "--quiet", "--upgrade-package", "plug-a"], {
    cwd: app.root,
    env: app.env,
  });
  await app.untouched(async () => {
    (await app.hsm("sync", "--locked")).expect({ code: 0, stdout: "" });
  });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.1.0");
});

/** Runs the step of the guide's workflow that is its own, as a runner does. */
async function update(app: TestApp): Promise<Run & { readonly summary: string }> {
  const { jobs } = parse(await block("yaml"));
  const script = jobs.update.steps.at(-1).run;
  const bin = await makeBin(app);
  const env = forgeEnvironment(app);
  const temp = join(app.folder, "temp");
  await Deno.mkdir(temp, { recursive: true });
  const summary = join(temp, "summary");
  await Deno.writeTextFile(summary, "");
  const run = await start(["bash", "-e", "-c", script], {
    cwd: app.root,
    env: { ...env, PATH: `${bin}:${env["PATH"]}`, RUNNER_TEMP: temp, GITHUB_STEP_SUMMARY: summary },
  }).ended;
  return Object.assign(run, { summary: await Deno.readTextFile(summary) });
}

Deno.test("docs/guides/bots.md: the workflow does nothing where there is nothing to update", async () => {
  await using app = await forgedApp();
  const before = await branches(app);
  await app.unchanged(async () => {
    const run = await update(app);
    run.expect({ code: 0, stdout: "" });
    assertEquals(run.summary, "");
  });
  assertEquals([await asked(app, "create"), await branches(app)], [undefined, before]);
});

Deno.test("docs/guides/bots.md: the workflow keeps one pull request, and tells what does not fit", async () => {
  await using app = await forgedApp();
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
  const url = "https://example.com/app/pull/7\n";
  const again = async () => {
    await app.git(".", "switch", "-q", "main");
    return (await update(app)).expect({ code: 0, stdout: url });
  };
  const first = await update(app);
  first.expect({ code: 0, stdout: url });
  const body = "- **plug-a** v1.0.0 → v1.1.0\n";
  assertEquals(first.summary, body);
  const file = join(app.folder, "temp/body.md");
  assertEquals(
    await asked(app, "create"),
    `pr\ncreate\n--head\nhsm-update\n--title\nUpdate plug-a\n--body-file\n${file}\n`,
  );
  assertEquals(await Deno.readTextFile(file), body);
  assertEquals(
    await app.git(".", "diff", "--name-only", "main", "hsm-update"),
    "hsm.yaml\npyproject.toml\nuv.lock\n",
  );
  const pushed = await branches(app);
  assertStringIncludes(pushed, BRANCH);

  // Nothing is pushed that is there, and so nothing is built or reviewed anew.
  await again();
  assertEquals(await branches(app), pushed);

  await app.plugin("plug-a").release({
    name: "plug-a",
    version: "2.0.0",
    dependencies: ["plug-b>=2"],
  });
  await app.plugin("plug-b").release({ name: "plug-b", version: "1.1.0" });
  const third = await again();
  assertEquals(third.code, 0);
  assertEquals(
    await asked(app, "edit"),
    `pr\nedit\n7\n--title\nUpdate plug-b\n--body-file\n${file}\n`,
  );
  assertEquals(
    (await Deno.readTextFile(file)).replace(/ Cannot sync[^]*/, " …"),
    "- **plug-b** v1.0.0 → v1.1.0\n- **plug-a** stays at v1.0.0: …",
  );
  assertEquals(await branches(app) === pushed, false);
});

Deno.test("docs/guides/bots.md: the workflow takes what moves whatever the package manager", async () => {
  await using app = await forgedApp({
    pyproject: "",
    manifest:
      "adapter: pip\ngit: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n",
    files: { "requirements.txt": "plug-a\n" },
  });
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
  (await update(app)).expect({ code: 0, stdout: "https://example.com/app/pull/7\n" });
  assertEquals(
    await app.git(".", "diff", "--name-only", "main", "hsm-update"),
    "hsm.yaml\npylock.hsm.toml\nrequirements-hsm.txt\n",
  );
  assertEquals(await app.git(".", "status", "--porcelain"), "");
});

Deno.test("docs/guides/bots.md: the workflow fails where HSM cannot look, and pushes nothing", async () => {
  await using app = await forgedApp();
  const before = await branches(app);
  await app.write("hsm.yaml", `${await app.read("hsm.yaml")}nonsense: 1\n`);
  const run = await update(app);
  run.expect({ code: 1, stdout: "" });
  assertEquals([await asked(app, "create"), await branches(app)], [undefined, before]);
});

/**
 * Random pyproject.toml files and plans for them.
 *
 * @module
 */

import type { Injection, InjectionPlan } from "../../../../lib/adapters/uv/inject.ts";
import type { UvSource } from "../../../../lib/adapters/uv/source_table.ts";
import { arrayText, type Choices, HOSTILE } from "../../toml/choices.ts";

/** Names that plans and files both draw from; some are one and the same package. */
const NAMES = ["plug-a", "Plug.B", "plug_c", "plug-d", "PLUG--A", "e"] as const;
const REQUIREMENTS = ["plug-a>=1", "Plug_B[fast]", "plug-c ; python_version != 3", "idna", "e"];
const GROUPS = ["dev", "plugins", "Plug.Ins"];
const SOURCES = [
  `{ git = "https://example.com/x", tag = "v1" }`,
  `{path="../x"}`,
  `{ workspace = true }`,
  `{ path = "packages/plug-a", editable = true }`,
  `[{ index = "a", marker = "sys_platform == 'linux'" }, { path = '../y' }]`,
];

/** A random pyproject.toml. Lines with `keep-` in them are nothing to HSM. */
export function randomPyproject(choices: Choices): string {
  const style = choices.pick(["\n", "\r\n", "mixed"]);
  const eol = style === "mixed" ? "\n" : style;
  const indent = choices.pick(["", "", "  ", "\t"]);
  const root: string[] = [];
  const blocks: string[][] = [];
  let count = 0;
  const keep = (text: string) => `${text}keep-${count++}`;
  const list = (entries: readonly string[]) => arrayText(choices, entries, eol, indent);

  const project = [`name = "app"`, keep("# "), `version = "1" # x`];
  if (choices.oneIn(2)) project.push(`dependencies = ${list(choices.some(REQUIREMENTS, 3))}`);
  if (choices.oneIn(8)) project.push(`dynamic = ${choices.pick(['["dependencies"]', '["x"]'])}`);
  if (choices.oneIn(6)) project.push(`optional-dependencies.o = ${list(["plug-d"])}`);
  switch (choices.below(6)) {
    case 1:
      root.push(...project.map((line) => line.startsWith("#") ? line : `project.${line}`));
      break;
    case 2:
      root.push(`project = { name = "app", version = "1" }`);
      break;
    case 3:
      break;
    default:
      blocks.push(["[project]", ...project.map((line) => indent + line)]);
  }

  if (choices.oneIn(2)) {
    const groups = choices.some(GROUPS.slice(0, 2), 2)
      .map((group) => `${group} = ${list(choices.some(REQUIREMENTS, 2))}`);
    const form = choices.below(4);
    if (form === 1) root.push(`dependency-groups = { dev = ["e"] }`);
    else if (form === 2) root.push(...groups.map((line) => `dependency-groups.${line}`));
    else blocks.push(["[dependency-groups]", ...groups]);
  }

  const names = choices.some(NAMES.slice(0, 4), 3);
  const value = () => choices.pick(SOURCES);
  const pairs = () => names.map((name) => `${keyText(choices, name)} = ${value()}`);
  const dotted = (prefix: string) =>
    names.flatMap((name) => [
      `${prefix}${keyText(choices, name)}.git = "g"`,
      ...choices.some([`# between`, ``], 1),
      `${prefix}${keyText(choices, name)}.tag = "t" # tag`,
    ]);
  const keys = choices.some([
    `constraint-dependencies = ${list(choices.some(REQUIREMENTS, 2))}`,
    `override-dependencies = ${list(choices.some(REQUIREMENTS, 2))}`,
    keep("x = '''\n[tool.hsm]\n") + "'''",
  ], 3);
  const workspace = `exclude = ${list(choices.some(["packages/x", "./packages/y/"], 2))}`;
  switch (choices.below(13)) {
    case 0:
      break;
    case 1:
      blocks.push(["[tool.uv]", ...keys], [
        "[tool.uv.sources]",
        ...pairs().map((it) => indent + it),
      ]);
      break;
    case 2:
      blocks.push(["[tool.uv.sources]", keep("# "), ...pairs(), keep("# ")], [
        "[tool.uv]",
        ...keys,
      ]);
      break;
    case 3:
      blocks.push([
        "[tool.uv]",
        ...keys,
        choices.oneIn(2)
          ? `sources = { ${pairs().join(", ")} } # end`
          : `sources = {${
            names.flatMap((it) => [` "${it}".git = 'g'`, `"${it}".tag = 't' `]).join()
          }}`,
      ]);
      break;
    case 4:
      blocks.push(["[tool.uv]", ...keys, ...pairs().map((it) => `sources.${it}`)]);
      break;
    case 5:
      blocks.push(["[tool.uv.sources]", ...dotted("")]);
      break;
    case 6:
      for (const name of names) {
        blocks.push([
          `${indent}[ tool.uv . sources.${keyText(choices, name)} ] # sub`,
          `${indent}git = "g"`,
          ...choices.some(["# in it", `${indent}tag = "t" # end`], 2),
        ]);
      }
      if (choices.oneIn(2)) blocks.push(["[tool.uv.workspace]", workspace]);
      break;
    case 7:
      for (const name of names) {
        const header = `[[tool.uv.sources.${keyText(choices, name)}]]`;
        blocks.push([header, `index = "a"`, "", header, `path = "b"`, keep("# ")]);
      }
      break;
    case 8:
      blocks.push([
        "[tool]",
        `uv = { ${choices.pick(["", `sources = { ${pairs().join(", ")} }`])} }`,
      ]);
      break;
    case 9:
      blocks.push(["[tool]", "uv.index-url = 'x'", ...pairs().map((it) => `uv.sources.${it}`)]);
      break;
    case 10:
      root.push("tool.uv.index-url = 'x'", ...dotted("tool.uv.sources."));
      break;
    case 11:
      root.push(`tool = { ${choices.pick(["", "uv = {}", "x = 1", "uv = { sources = { } }"])} }`);
      break;
    default:
      blocks.push(["[tool.uv.workspace]", workspace, keep("# ")]);
  }
  if (!root.some((line) => line.startsWith("tool")) || choices.oneIn(30)) {
    blocks.push([keep("[tool.ruff] # "), keep("a = 1 # "), keep("# ")]);
    blocks.push([keep("[[x.y]] #"), "", keep("'é 🎉' = '''\n[project]\n") + "'''"]);
  }
  for (let at = blocks.length; at > 1; at--) {
    if (choices.oneIn(2)) blocks.push(...blocks.splice(choices.below(at), 1));
  }
  const gap = () => choices.pick(["", "", "\n", "\n\n", `\n${keep("# ")}\n`]);
  const head = choices.pick(["", "", keep("# ") + "\n", "\n"]);
  const parts = [...(root.length > 0 ? [root] : []), ...blocks].map((lines) =>
    lines.join("\n") + "\n"
  );
  let text = head + parts.map((part) => part + gap()).join("");
  text = text.replace(/\n+$/, choices.pick(["\n", "", "\n\n\n", "  ", "\n# end"]));
  text = text.replaceAll("\r\n", "\n");
  if (style !== "\n") {
    text = text.replaceAll("\n", () => style === "\r\n" || choices.oneIn(2) ? "\r\n" : "\n");
  }
  return choices.pick(["", "", "\uFEFF"]) + text;
}

/** A random plan. */
export function randomPlan(choices: Choices): InjectionPlan {
  const names = choices.some(NAMES, 4);
  const seen = new Set<string>();
  const packages = names.flatMap((name) => {
    const key = name.toLowerCase().replace(/[-_.]+/g, "-");
    if (seen.has(key)) return [];
    seen.add(key);
    return [randomInjection(choices, name)];
  });
  const entries = (items: readonly string[]) => choices.oneIn(3) ? choices.some(items, 3) : [];
  return {
    packages,
    constraints: entries(["plug-a", "plug-d>=2", choices.pick(HOSTILE)]),
    overrides: entries(["plug-c", "e"]),
    excludes: entries(["packages/x", "packages/y", choices.pick(HOSTILE)]),
  };
}

function randomInjection(choices: Choices, name: string): Injection {
  return {
    name,
    source: randomSource(choices, name),
    extras: choices.some(["fast", "slow"], 2),
    group: choices.pick([undefined, "dev", "plug-ins", choices.pick(HOSTILE)]),
    require: !choices.oneIn(3),
  };
}

/** A random source, with strings that nobody would expect. */
export function randomSource(choices: Choices, name: string): UvSource {
  const text = choices.oneIn(2) ? choices.pick(HOSTILE) : name;
  switch (choices.below(4)) {
    case 0:
      return { kind: "path", path: `packages/${text}` };
    case 1:
      return { kind: "workspace", path: text };
    case 2:
      return { kind: "git", git: `https://example.com/${text}`, tag: text };
    default:
      return { kind: "git", git: text, rev: "abc", subdirectory: text };
  }
}

function keyText(choices: Choices, name: string): string {
  if (name.includes(".")) return `"${name}"`;
  return choices.pick([name, `"${name}"`, `'${name}'`]);
}

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parse } from "smol-toml";
import { counted } from "../../../harness/tally.ts";
import { HsmError } from "../../../../lib/errors.ts";
import { normalizeName, requirementName } from "../../../../lib/names.ts";
import { type InjectionPlan, injectSources } from "../../../../lib/adapters/uv/inject.ts";
import { requirementText } from "../../../../lib/project/wishes.ts";
import { sourceTable } from "../../../../lib/adapters/uv/source_table.ts";
import { Choices, FUZZ_CASES, tape } from "../../toml/choices.ts";
import { randomPlan, randomPyproject, randomSource } from "./random_pyproject.ts";

const NOTHING: InjectionPlan = { packages: [], constraints: [], overrides: [], excludes: [] };

// deno-lint-ignore no-explicit-any -- the tests' own idea of the data, kept as loose as it comes
type Data = any;

/** The text's data, by another parser; tables as maps. */
function dataOf(text: string): Data {
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== "object" || value === null) return value;
    return new Map(Object.entries(value).map(([key, item]) => [key, convert(item)]));
  };
  return convert(parse(text.replace(/^\uFEFF/, "")));
}

function at(data: Data, path: readonly string[], make?: () => Data): Data {
  let value = data;
  for (const [place, key] of path.entries()) {
    if (value?.get(key) === undefined) {
      if (make === undefined) return undefined;
      value.set(key, place === path.length - 1 ? make() : new Map());
    }
    value = value.get(key);
  }
  return value;
}

/** What the plan makes of the data, said in another way than the code says it. */
function wantedData(text: string, plan: InjectionPlan): Data {
  const data = dataOf(text);
  const lists: string[][] = [
    at(data, ["project", "dependencies"]) ?? [],
    at(data, ["project", "optional-dependencies", "o"]) ?? [],
    ...(at(data, ["dependency-groups"])?.values() ?? []),
  ];
  const required = new Set(lists.flat().map(requirementName));
  const sameKey = (table: Map<string, unknown>, key: string) =>
    [...table.keys()].find((it) => it === key) ??
      [...table.keys()].find((it) => normalizeName(it) === normalizeName(key)) ?? key;
  for (const injection of plan.packages) {
    const { name, group, require } = injection;
    const sources = at(data, ["tool", "uv", "sources"], () => new Map());
    sources.set(sameKey(sources, name), new Map(Object.entries(sourceTable(injection.source))));
    if (!require || required.has(normalizeName(name))) continue;
    const path = group === undefined ? ["project", "dependencies"] : [
      "dependency-groups",
      sameKey(at(data, ["dependency-groups"], () => new Map()), group),
    ];
    at(data, path, () => []).push(requirementText(injection));
  }
  const add = (path: string[], entries: readonly string[], keyOf: (it: string) => string) => {
    const seen = new Set((at(data, path) ?? []).map(keyOf));
    for (const entry of entries) {
      if (!seen.has(keyOf(entry))) at(data, path, () => []).push(entry);
      seen.add(keyOf(entry));
    }
  };
  const nameOf = (it: string) => requirementName(it) ?? it;
  add(["tool", "uv", "constraint-dependencies"], plan.constraints, nameOf);
  add(["tool", "uv", "override-dependencies"], plan.overrides, nameOf);
  const folderOf = (it: string) => it.replace(/^(\.\/+)+/, "").replace(/\/+$/, "");
  add(["tool", "uv", "workspace", "exclude"], plan.excludes, folderOf);
  return data;
}

/** One text for all data that are the same but for the order of keys and entries, the spelling of names, and HSM's record. */
function canonical(data: Data): string {
  const write = (value: Data, path: string): string => {
    if (Array.isArray(value)) return `[${value.map((it) => write(it, path)).sort().join()}]`;
    if (!(value instanceof Map)) return JSON.stringify(value);
    const entries = [...value].filter(([key]) => `${path}.${key}` !== ".tool.hsm");
    const named = [".tool.uv.sources", ".dependency-groups"].includes(path);
    const lines = entries.map(([key, it]) =>
      `${JSON.stringify(named ? normalizeName(key) : key)}:${write(it, `${path}.${key}`)}`
    );
    return `{${lines.sort().join()}}`;
  };
  const text = write(data, "");
  // A record in a file without any other tool.
  return text.replace(/"tool":\{\},?/, "").replace(/,}$/, "}");
}

/** The lines that are nothing to HSM, as bytes; the last line of `original` may have got a line ending. */
function keptLines(text: string, original: string): string[] {
  const last = original.slice(original.lastIndexOf("\n") + 1);
  return text.split("\n").filter((line) => line.includes("keep-"))
    .map((line) => line === `${last}\r` ? last : line);
}

function recordOf(text: string): unknown {
  return at(dataOf(text), ["tool", "hsm"]);
}

Deno.test("injectSources() writes the plan, touches nothing else, and undoes it to the byte", () => {
  let refused = 0;
  let invalid = 0;
  const cases = Math.ceil(FUZZ_CASES * 0.5);
  fc.assert(
    fc.property(tape, tape, (fileTape, planTape) => {
      const choices = new Choices(planTape);
      const text = randomPyproject(new Choices(fileTape));
      const plans = [randomPlan(choices), randomPlan(choices)] as const;
      try {
        parse(text.replace(/^\uFEFF/, ""));
      } catch {
        invalid++;
        return;
      }
      try {
        let present = text;
        for (const plan of plans) {
          const { text: injected } = injectSources(present, plan);
          assertEquals(canonical(dataOf(injected)), canonical(wantedData(text, plan)));
          assertEquals(keptLines(injected, text), keptLines(text, text));
          assertEquals(injectSources(injected, plan), { text: injected, changes: [] });
          assertEquals(injectSources(injected, NOTHING).text, text);
          present = injected;
        }
        const switched = plans[1].packages.map((injection) => ({
          ...injection,
          source: randomSource(choices, injection.name),
        }));
        const { text: other } = injectSources(present, { ...plans[1], packages: switched });
        assertEquals(recordOf(other), recordOf(present));
        assertEquals(injectSources(other, plans[1]).text, present);
        assertEquals(injectSources(other, NOTHING).text, text);
      } catch (error) {
        if (!(error instanceof HsmError)) throw error;
        assertEquals(error.code, "pyproject-unsupported");
        assert(
          /there is no \[project\]|is dynamic|are one package|several places/.test(error.message),
          `${error.message}\n${text}`,
        );
        refused++;
      }
    }),
    counted(cases),
  );
  console.log(`${cases} cases: ${refused} refused, ${invalid} no TOML`);
  assert(refused < cases / 2, `${refused} of ${cases} refused`);
  assert(invalid < cases / 10, `${invalid} of ${cases} are no TOML`);
});

import { assert, assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { dirname, fromFileUrl, join, normalize } from "@std/path";
import deno from "../deno.json" with { type: "json" };
import { type Declaration, readDoc } from "../tools/declarations.ts";
import { readImports } from "../tools/imports.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** All that `@hsm/hsm` exports: whoever adds a name takes care that a newcomer can read them all. */
const NAMES = `
  Adapter Command CommandContext HsmError HsmErrorCode HsmEvent Manifest ManifestPackage MappedPackage Mode
  OpenWorkspaceOptions Pin PipelineOptions PipelineResult Problem Reporter Shell Source SyncPlan Workspace
  add apply check checkStaged clone consoleReporter defineCommand dev diff doctor eject exec graph history hsmCommands init inject
  install installWorkspace list map newPackage openWorkspace option outdated pin plan prod pull pullApp remove runCli schema silentReporter
  status sync syncWorkspace undo update updateEach
`.trim().split(/\s+/);

const MOST = 60;

/** The files of the entries, from the root. */
const ENTRIES = Object.values(deno.exports).map((it) => normalize(it));

async function denoDoc(...args: readonly string[]) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, said] = [stdout, stderr].map((it) => new TextDecoder().decode(it));
  return { success, stdout: out!, stderr: said! };
}

/** What files export. */
async function exportsOf(files: readonly string[]): Promise<readonly Declaration[]> {
  const found = await readDoc(...files);
  return found.filter((it) => it.declarationKind === "export" && it.kind !== "moduleDoc");
}

const fileOf = ({ location }: Declaration) => fromFileUrl(location.filename).slice(ROOT.length);
const tagsOf = ({ jsDoc }: Declaration, kind: string) =>
  jsDoc?.tags?.filter((it) => it.kind === kind) ?? [];
const isOf = (it: Declaration, kind: string) => tagsOf(it, kind).length > 0;

/** The names of all entries where they are declared, but for those that are exported for HSM itself. */
const PUBLIC = (await exportsOf(ENTRIES)).filter((it) =>
  it.kind !== "reference" && !isOf(it, "internal")
);

const CODES: ReadonlySet<string> = new Set(
  [...(await Deno.readTextFile(join(ROOT, "lib/errors.ts"))).matchAll(/^ {2}\| "([a-z-]+)"/gm)]
    .map(([, code = ""]) => code),
);

Deno.test("@hsm/hsm has few names, and it is known which", async () => {
  const names = new Set((await exportsOf(["mod.ts"])).map((it) => it.name));
  assertEquals([...names].sort(), NAMES.toSorted());
  assert(names.size <= MOST, `${names.size} names`);
});

Deno.test("each task is an entry of its own, with its command beside it", async () => {
  const paths = new Map(
    Object.entries(deno.exports).map(([path, file]) => [normalize(file), path]),
  );
  for await (const { path } of walk(join(ROOT, "tasks"), { maxDepth: 1, exts: ["ts"] })) {
    const file = path.slice(ROOT.length);
    if (!/^export .*\b\w+Command\b/m.test(await Deno.readTextFile(path))) continue;
    assertEquals(paths.get(file), `./${file.slice(0, -3).replaceAll("_", "-")}`, file);
  }
});

Deno.test("all that the entries export is documented, and says what it refers to", async () => {
  const { success, stderr } = await denoDoc("--lint", ...ENTRIES);
  assert(success, stderr);
});

/** The names whose examples do not run where they stand, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  runCli: "ends the process, which a test must not; examples/custom_cli.ts runs",
};

Deno.test("each name of @hsm/hsm, and each function and class of others, has an example; deno task ok:docs runs them", () => {
  const without = PUBLIC.filter((it) =>
    (["function", "class", "variable", "namespace"].includes(it.kind) || NAMES.includes(it.name)) &&
    // What a command is good for it says as data, for its help.
    !(it.kind === "variable" && it.name.endsWith("Command")) && !isOf(it, "deprecated") &&
    !tagsOf(it, "example").some(({ doc = "" }) =>
      /^```ts\n/m.test(doc) || (it.name in NOT_RUN && doc.includes("```ts ignore\n"))
    )
  );
  assertEquals(without.map((it) => `${fileOf(it)}: ${it.name}`), []);
});

Deno.test("each name that is deprecated says since when, what to take instead, and when it goes", () => {
  const deprecated = PUBLIC.filter((it) => isOf(it, "deprecated"));
  assert(deprecated.length > 0);
  const known = new Set(PUBLIC.map((it) => it.name));
  for (const it of deprecated) {
    const [{ doc = "" } = {}] = tagsOf(it, "deprecated");
    const [, instead = ""] =
      /^Since 0\.\d+: .*\{@linkcode (\w+)\}.*; gone in 0\.\d+\.$/s.exec(doc) ?? [];
    assert(known.has(instead), `${it.name}: ${doc}`);
  }
});

/** What a docstring's `@throws` names: codes of errors, and tasks that throw what it throws, too. */
function namedBy(
  it: Declaration,
): { readonly codes: readonly string[]; readonly tasks: readonly string[] } {
  const doc = tagsOf(it, "throws").filter(({ type }) => type === "HsmError")
    .map(({ doc = "" }) => doc).join("\n");
  const quoted = (text: string) =>
    [...text.matchAll(/`([A-Za-z][A-Za-z-]*)`/g)].map(([, name = ""]) => name);
  return {
    codes: quoted(doc).filter((it) => CODES.has(it) || it.includes("-")),
    tasks: [...doc.matchAll(/what ((?:`\w+`(?:, | and )?)+) throws?/g)]
      .flatMap(([, names = ""]) => quoted(names)),
  };
}

Deno.test("each @throws {HsmError} names codes of errors that there are, and tasks", () => {
  const tasks = new Set(PUBLIC.filter((it) => it.kind === "function").map((it) => it.name));
  const throwing = PUBLIC.filter((it) =>
    tagsOf(it, "throws").some(({ type }) => type === "HsmError")
  );
  assert(throwing.length > 30, `${throwing.length} of them`);
  for (const it of throwing) {
    const named = namedBy(it);
    assert(named.codes.length + named.tasks.length > 0, `${it.name} names none`);
    assertEquals(named.codes.filter((code) => !CODES.has(code)), [], it.name);
    assertEquals(named.tasks.filter((task) => !tasks.has(task)), [], it.name);
  }
});

/**
 * Codes that a task's own files seem to throw, and which nobody gets from it.
 *
 * By the file of the task: why none, or by the functions of lib that are documented to throw them.
 */
const NOT_THROWN: Readonly<Record<string, string | Readonly<Record<string, string>>>> = {
  "tasks/add.ts": {
    switchMode: "the packages are in the manifest by then",
    prodSource: "the pin is there",
  },
  "tasks/doctor.ts": "whatever is wrong is a finding",
};

Deno.test("each task names the codes that it throws, and those of the parts that it is made of", async () => {
  const lib = await Array.fromAsync(walk(join(ROOT, "lib"), { includeDirs: false, exts: ["ts"] }));
  const thrownBy = new Map<string, readonly string[]>();
  for (const it of await exportsOf(lib.map(({ path }) => path))) {
    thrownBy.set(`${fileOf(it)} ${it.name}`, namedBy(it).codes);
  }
  const byTask = new Map(PUBLIC.map((it) => [it.name, it]));
  const allNamed = (it: Declaration): readonly string[] => {
    const { codes, tasks } = namedBy(it);
    return [
      ...codes,
      ...tasks.flatMap((task) => byTask.has(task) ? allNamed(byTask.get(task)!) : []),
    ];
  };
  const wrong: string[] = [];
  let judged = 0;
  for (const [file, nodes] of Map.groupBy(PUBLIC, fileOf)) {
    if (!JUDGED.includes(file)) continue;
    const named = new Set(nodes.flatMap(allNamed));
    for (const own of await filesOf(file)) {
      for (const { code, by } of await thrownIn(own, thrownBy)) {
        judged++;
        const not = NOT_THROWN[file];
        if (named.has(code) || (typeof not === "object" ? by in not : not !== undefined)) continue;
        wrong.push(`${file} does not name ${code}: ${by}`);
      }
    }
  }
  assertEquals([...new Set(wrong)].sort(), []);
  assert(judged > 100, `${judged} judged`);
});

/** What throws by itself: the tasks, and opening a workspace. */
const JUDGED = [...ENTRIES.filter((it) => it.startsWith("tasks/")), "lib/workspace/open.ts"];

/** A task's file, and those of its folder. */
async function filesOf(task: string): Promise<readonly string[]> {
  const folder = join(ROOT, task.replace(/\.ts$/, ""));
  const files = await Array.fromAsync(walk(folder, { exts: ["ts"] })).catch(() => []);
  return [task, ...files.map(({ path }) => path.slice(ROOT.length))];
}

/** The codes of the errors that a file makes by itself, or that what it imports is documented to throw. */
async function thrownIn(file: string, thrownBy: ReadonlyMap<string, readonly string[]>) {
  const text = await Deno.readTextFile(join(ROOT, file));
  const own = [...text.matchAll(/new HsmError\(\s*"([a-z-]+)"/g)].map(([, code = ""]) => ({
    code,
    by: file,
  }));
  const imports = [
    ...text.matchAll(/^import \{([^}]*)\} from "([^"]+)"/gm),
    ...text.matchAll(/const \{([^}]*)\} = await import\("([^"]+)"\)/g),
  ];
  const others = imports.flatMap(([, names = "", from = ""]) => {
    const source = normalize(join(dirname(file), from));
    return names.split(",").map((it) => it.trim()).flatMap((by) =>
      (thrownBy.get(`${source} ${by}`) ?? []).map((code) => ({ code, by }))
    );
  });
  return [...own, ...others];
}

Deno.test("the executable takes of the tasks what the package exports, and nothing else", async () => {
  const { imports } = await readImports();
  const taken = imports.filter(({ from, to }) =>
    (from === "tasks/mod.ts" || (from === "cli.ts" && to !== "tasks/mod.ts")) &&
    to.startsWith("tasks/")
  );
  assert(taken.length > 20, `${taken.length} imports`);
  assertEquals(taken.filter(({ to }) => !ENTRIES.includes(to)), []);
});

import { assertEquals, assertRejects } from "@std/assert";
import { editedFiles, writeSources } from "../../../../lib/adapters/pip/writer.ts";
import { changedSources, ownedBy, usesOf } from "../../../../lib/adapters/pip/uses.ts";
import type { AppFiles, WantedPackage } from "../../../../lib/adapters/adapter.ts";
import type { Source } from "../../../../lib/source.ts";

type Texts = Readonly<Record<string, string>>;

function filesOf(texts: Texts): AppFiles {
  const read = (file: string) => Promise.resolve(texts[file]);
  return {
    environment: undefined,
    read,
    pyproject: async () => await read("pyproject.toml") ?? "",
    has: (path) => path in texts,
  };
}

const GIT: Source = { kind: "git", git: "https://example.com/a", tag: "v1" };

function wanted(name: string, more: Partial<WantedPackage> = {}): WantedPackage {
  return {
    ...{ name, key: name, git: undefined, pin: undefined, tagPrefix: undefined },
    ...{ subdirectory: undefined, extras: [], group: undefined, require: true, mode: "prod" },
    ...{ path: `packages/${name}`, checkout: undefined, submodules: true, lfs: false },
    inject: "pyproject",
    ...{ source: GIT, ...more },
  };
}

async function write(texts: Texts, ...packages: WantedPackage[]): Promise<Texts> {
  const { texts: written } = await writeSources(filesOf(texts), { packages });
  const after = { ...texts };
  for (const [file, text] of written) {
    if (text === undefined) delete after[file];
    else after[file] = text;
  }
  return after;
}

const linesOf = (texts: Texts, file = "requirements-hsm.txt") =>
  texts[file]?.split("\n").filter((it) => !/^#|^$/.test(it));

Deno.test("writeSources() brings the app itself where pip can install it, and its requirements", async () => {
  const cases: readonly (readonly [Texts, readonly string[]])[] = [
    [{}, []],
    [{ "requirements.txt": "idna\n" }, ["-r requirements.txt"]],
    [{ "pyproject.toml": '[project]\nname = "app"\n' }, ["-e ."]],
    [{ "pyproject.toml": "[tool.ruff]\n" }, []],
    [{ "setup.py": "" }, ["-e ."]],
    [{ "setup.cfg": "[flake8]\n" }, []],
    [{ "setup.cfg": "[metadata]\nname = app\n" }, ["-e ."]],
    [{ "setup.py": "", "requirements.txt": "-e .[dev]\n" }, ["-r requirements.txt"]],
    [{ "setup.py": "", "requirements.txt": "-c c.txt\n", "c.txt": "-e .\n" }, [
      "-e .",
      "-r requirements.txt",
    ]],
    // Whose own file brings HSM's is not brought by that in turn.
    [{ "requirements.txt": "-r more.txt", "more.txt": "-r requirements-hsm.txt" }, []],
  ];
  for (const [texts, lines] of cases) {
    const after = await write(texts, wanted("a"));
    assertEquals(linesOf(after), ["a @ git+https://example.com/a@v1", ...lines]);
    for (const [file, text] of Object.entries(texts)) assertEquals(after[file], text);
  }
});

Deno.test("writeSources() writes a line for each package, where it stays whatever its mode is", async () => {
  const path: Source = { kind: "path", path: "packages/b" };
  const packages = [
    wanted("a"),
    wanted("b", { source: path, extras: ["x"] }),
    wanted("c", { require: false, extras: ["x"] }),
    wanted("d", { require: false, source: { kind: "path", path: "packages/d" } }),
  ];
  const first = await write({}, ...packages);
  assertEquals(linesOf(first), [
    "-c constraints-hsm.txt",
    "a @ git+https://example.com/a@v1",
    "-e ./packages/b[x]  # b",
    "-e ./packages/d  # d",
  ]);
  assertEquals(linesOf(first, "constraints-hsm.txt"), ["c @ git+https://example.com/a@v1"]);
  assertEquals(await write(first, ...packages), first);
  assertEquals(await ownedBy(filesOf(first)), ["c", "a", "b", "d"]);
  const uses = await usesOf(filesOf(first));
  assertEquals([uses.get("a"), uses.get("b")], [GIT, { ...path, editable: true }]);
  assertEquals(
    await changedSources(filesOf(first), [
      { package: "a", source: GIT },
      { package: "b", source: { kind: "path", path: "packages/c" } },
      { package: "c", source: { ...GIT, branch: "v1", tag: undefined } as unknown as Source },
      { package: "e", source: GIT },
    ]),
    ["b", "c", "e"],
  );
  // What is not known stays as it is; what is not named goes.
  const kept = await write(
    first,
    wanted("b", { source: undefined }),
    wanted("e", { source: undefined }),
  );
  assertEquals([linesOf(kept), kept["constraints-hsm.txt"]], [
    ["-e ./packages/b[x]  # b"],
    undefined,
  ]);
  assertEquals(await write(first), {});
});

Deno.test("writeSources() leaves the ends of lines to git", async () => {
  const first = await write({}, wanted("a"));
  const crlf = { "requirements-hsm.txt": first["requirements-hsm.txt"]!.replaceAll("\n", "\r\n") };
  assertEquals(await write(crlf, wanted("a")), crlf);
});

Deno.test("writeSources() sets aside what pip-compile has found, and leaves what people ask for", async () => {
  const text = "a==0.9\n    # via -r requirements.in\na>=0.5\nidna==3.7\n";
  assertEquals((await write({ "requirements.txt": text }, wanted("a")))["requirements.txt"], text);
  const after = await write({ "requirements.txt": text, "requirements.in": "a\n" }, wanted("a"));
  assertEquals(after["requirements.txt"], `# a==0.9  # set aside by hsm${text.slice(6)}`);
  const { changes } = await writeSources(filesOf(after), { packages: [] });
  assertEquals(changes.slice(1), [
    { package: "a", what: "line of requirements.txt", action: "add", to: "a==0.9" },
  ]);
  const back = await write(after);
  assertEquals(back["requirements.txt"], text);
});

Deno.test("writeSources() keeps an empty file for the user's line that brings it", async () => {
  const own = { "requirements.txt": "-r requirements-hsm.txt\n" };
  const after = await write(await write(own, wanted("a")));
  assertEquals([linesOf(after), after["requirements.txt"]], [[], own["requirements.txt"]]);
});

Deno.test("writeSources() refuses what pip cannot do", async () => {
  const refused = (texts: Texts, message: string, ...packages: WantedPackage[]) =>
    assertRejects(() => write(texts, ...packages), Error, message);
  const pyproject = (line: string) => ({
    "pyproject.toml": `[project]\nname = "app"\ndependencies = ["${line}"]\n`,
  });
  await refused({}, "pip knows no dependency groups", wanted("a", { group: "dev" }));
  await refused(pyproject("a @ git+https://x/a"), "pip cannot overrule that", wanted("a"));
  await refused(pyproject("idna"), "app is the app itself", wanted("app"));
  await refused({ "requirements-hsm.txt": "idna\n" }, "it is none of hsm's");
  await refused(
    { "pylock.hsm.toml": 'lock-version = "1.0"\n' },
    "it is none of hsm's",
    wanted("a"),
  );
  await write(pyproject("b @ git+https://x/b"), wanted("a"));
});

Deno.test("editedFiles() names HSM's files and what requirements.txt reaches inside the root", async () => {
  const files = {
    "requirements.txt": "-r a/b.txt\n-c ../x.txt\n-r https://example.com/r.txt\n-r /etc/r.txt\n" +
      "-r ${HOME}/r.txt\n-r missing.txt\n-r requirements.txt\n",
    "a/b.txt": "-r ../c.txt\n-r ../../d.txt\n",
    "c.txt": "-r a/b.txt\n",
    "../d.txt": "",
    "../x.txt": "",
    "requirements/dev.txt": "",
  };
  assertEquals(await editedFiles(filesOf(files)), [
    "requirements-hsm.txt",
    "constraints-hsm.txt",
    "requirements.txt",
    "a/b.txt",
    "c.txt",
  ]);
});

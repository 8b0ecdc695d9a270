import { assertEquals, assertThrows } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { knownWith } from "../../../lib/manifest/adapter_names.ts";
import { editManifest } from "../../../lib/manifest/edit.ts";
import { parseManifest } from "../../../lib/manifest/parse.ts";
import { writtenForm } from "../../../lib/manifest/stand_ins.ts";

function files(shared: string, local?: string) {
  return {
    shared: { path: "hsm.yaml", text: shared },
    ...(local === undefined ? {} : { local: { path: "hsm.local.yaml", text: local } }),
  };
}

/** How the packages are injected. */
function injected(shared: string, local?: string): readonly string[] {
  return parseManifest(files(shared, local)).packages.map((it) => it.inject);
}

/** The first lines of what is wrong. */
function problems(shared: string, local?: string, adapters = knownWith(UV)): readonly string[] {
  const error = assertThrows(() => parseManifest(files(shared, local), adapters), HsmError);
  assertEquals([error.code, error.exitStatus], ["manifest-invalid", 2]);
  return error.causes.map((it) => it.split("\n")[0]!);
}

const UV = { name: "uv", can: { takesEnvironment: false, standsIn: true } };

const PACKAGES = "packages:\n  a: v1\n  b: { tag: v1, inject: pyproject }\n" +
  "  c: { tag: v1, inject: environment }\n";

Deno.test("`inject` of a package wins over that at the top, and hsm.local.yaml over hsm.yaml", () => {
  assertEquals(injected(PACKAGES), ["pyproject", "pyproject", "environment"]);
  const top = `inject: environment\n${PACKAGES}`;
  assertEquals(injected(top), ["environment", "pyproject", "environment"]);
  assertEquals(injected(PACKAGES, "inject: environment\n"), [
    "environment",
    "pyproject",
    "environment",
  ]);
  assertEquals(injected(top, "inject: pyproject\n"), ["pyproject", "pyproject", "environment"]);
  assertEquals(
    injected(top, "packages:\n  a: { inject: pyproject }\n  c: { inject: pyproject }\n"),
    [
      "pyproject",
      "pyproject",
      "pyproject",
    ],
  );
  // Of a short form that comes later it is not lost.
  assertEquals(injected(PACKAGES, "packages:\n  c: v2\n"), [
    "pyproject",
    "pyproject",
    "environment",
  ]);
});

Deno.test("`inject` is one of two words, and where it is not, the place is told", () => {
  assertEquals(problems("inject: environ\n"), [
    "hsm.yaml:1:9: expected `pyproject` or `environment`, got `environ`, did you mean `environment`?",
  ]);
  assertEquals(problems("inject:\npackages:\n  a: { inject: true }\n", "inject: [environment]\n"), [
    "hsm.yaml:1:8: expected `pyproject` or `environment`, got nothing",
    "hsm.yaml:3:16: expected `pyproject` or `environment`, got `true`",
    "hsm.local.yaml:1:9: expected `pyproject` or `environment`, got a list",
  ]);
});

Deno.test("`inject: environment` is refused wherever it stands, with a package manager that knows no stand-ins", () => {
  const refused = (place: string, adapter: string) =>
    `${place}: expected \`pyproject\`, with ${adapter} no checkout can stand in for what is locked`;
  for (const adapter of ["poetry", "pip"]) {
    const head = `adapter: ${adapter}\n`;
    assertEquals(problems(`${head}${PACKAGES}`), [refused("hsm.yaml:5:25", adapter)]);
    assertEquals(problems(`${head}inject: environment\npackages:\n  a: v1\n`), [
      refused("hsm.yaml:2:9", adapter),
    ]);
    assertEquals(
      problems(`${head}packages:\n  a: v1\n`, "packages:\n  a: { inject: environment }\n"),
      [refused("hsm.local.yaml:2:16", adapter)],
    );
    assertEquals(
      problems(`${head}packages:\n  a: v1\n`, "inject: environment\n"),
      [refused("hsm.local.yaml:1:9", adapter)],
    );
    // By another way of YAML's it is there as well.
    assertEquals(
      problems(`${head}packages:\n  a: &x { inject: environment }\n  b: *x\n  c: {<<: *x}\n`)
        .length > 0,
      true,
    );
    assertEquals(injected(`${head}inject: pyproject\npackages:\n  a: v1\n`), ["pyproject"]);
  }
  // One of a script's own may know them.
  const toy = (standsIn: boolean) =>
    knownWith({ name: "toy", can: { takesEnvironment: false, standsIn } });
  const text = "adapter: toy\ninject: environment\npackages:\n  a: v1\n";
  assertEquals(problems(text, undefined, toy(false)), [refused("hsm.yaml:2:9", "toy")]);
  assertEquals(parseManifest(files(text), toy(true)).packages[0]?.inject, "environment");
});

Deno.test("hsm.local.yaml holds as little of `inject` as it takes, and all else stays", () => {
  const local = (text: string) => ({ path: "hsm.local.yaml", text });
  const set = (value: string) =>
    ({ kind: "set-package-key", package: "a", key: "inject", value }) as const;
  const unset = { kind: "unset-package-key", package: "a", key: "inject" } as const;
  const mine = "# mine\npackages:\n  a:\n    mode: dev # now\n";
  const text = editManifest(local(mine), [set("environment")]);
  assertEquals(text, `${mine}    inject: environment\n`);
  assertEquals(editManifest(local(text), [set("pyproject")]), `${mine}    inject: pyproject\n`);
  assertEquals(editManifest(local(text), [unset]), mine);
  assertEquals(editManifest(local("packages:\n  a:\n    inject: environment\n"), [unset]), "");
  assertEquals(
    editManifest({ path: "hsm.yaml", text: "packages:\n  a: v1 # why\n" }, [set("environment")]),
    "packages:\n  a: { tag: v1, inject: environment } # why\n",
  );
});

Deno.test("writtenForm() has what a checkout stands in for in production, and leaves out what has no pin", () => {
  const read = (text: string) => parseManifest(files(text));
  const plain = read("mode: dev\npackages:\n  a: v1\n  b: ~\n");
  assertEquals(writtenForm(plain), plain);
  const manifest = read(
    "mode: dev\npackages:\n  a: v1\n  b: { tag: v1, inject: environment }\n" +
      "  c: { inject: environment }\n  d: { inject: environment, mode: prod }\n" +
      "  e: { tag: v1, inject: environment, mode: prod }\n",
  );
  const form = writtenForm(manifest);
  assertEquals(form.packages.map(({ name, mode }) => [name, mode]), [
    ["a", "dev"],
    ["b", "prod"],
    ["e", "prod"],
  ]);
  assertEquals(writtenForm(manifest), form);
});

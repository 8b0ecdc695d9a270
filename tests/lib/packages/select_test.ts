import { assertEquals, assertThrows } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { parseManifest } from "../../../lib/manifest/parse.ts";
import { selectPackages } from "../../../lib/packages/select.ts";
import { selectDevPackages } from "../../../lib/packages/select.ts";

const NAMES = ["plug-a", "Plug_B", "plug-c2", "other.one"];

const manifest = manifestOf(
  `git: ssh://git@example.com/{name}\npackages:\n${
    NAMES.map((it) => `  ${it}: { tag: v1, mode: ${it === "plug-a" ? "prod" : "dev"} }\n`).join("")
  }`,
);

function manifestOf(text: string) {
  return parseManifest({ shared: { path: "hsm.yaml", text } });
}

function selected(...names: string[]): readonly string[] {
  return selectPackages(manifest, names).map((it) => it.name);
}

Deno.test("selectPackages() takes names and globs, each package once, in the manifest's order", () => {
  assertEquals(selectPackages(manifest, undefined).map((it) => it.name), NAMES);
  assertEquals(selected(), []);
  assertEquals(selected("other-one", "PLUG.A"), ["plug-a", "other.one"]);
  assertEquals(selected("plug-*"), ["plug-a", "Plug_B", "plug-c2"]);
  assertEquals(selected("PLUG_*", "plug-a"), ["plug-a", "Plug_B", "plug-c2"]);
  assertEquals(selected("plug-?"), ["plug-a", "Plug_B"]);
  assertEquals(selected("plug-[bc]*"), ["Plug_B", "plug-c2"]);
  assertEquals(selected("plug-[!b-z]"), ["plug-a"]);
  assertEquals(selected("plug[-_.]a"), ["plug-a"]);
  assertEquals(selected("*.one"), ["other.one"]);
  assertEquals(selected("plug-{a,c*}"), ["plug-a", "plug-c2"]);
  assertEquals(selected("*"), NAMES);
  assertEquals(selectPackages(manifestOf("packages: {}\n"), ["*"]), []);
});

Deno.test("selectPackages() says which names and globs stand for no package", () => {
  for (
    const word of ["x-*", "plug", "plug-??x", "plug-[z-a]", "plug-[a", "(plug-a)*"]
  ) {
    const error = assertThrows(() => selected("plug-a", word), HsmError);
    assertEquals(error.code, "package-unknown");
    assertEquals(error.message, `Cannot find \`${word}\` in hsm.yaml`);
  }
  const error = assertThrows(() => selected("y*", "z*"), HsmError);
  assertEquals(error.message, "Cannot find `y*`, `z*` in hsm.yaml");
  assertEquals(error.hint, "it names plug-a, Plug_B, plug-c2, other.one");
  const empty = assertThrows(() => selectPackages(manifestOf(""), ["a*"]), HsmError);
  assertEquals(empty.hint, "hsm.yaml names no packages yet");
});

Deno.test("selectDevPackages() takes of a glob what is in dev mode, and refuses a name that is not", () => {
  const dev = (...names: string[]) =>
    selectDevPackages(manifest, names, "pull").map((it) => it.name);
  assertEquals(dev("plug-*"), ["Plug_B", "plug-c2"]);
  assertEquals(dev("plug-[a]"), []);
  const error = assertThrows(() => dev("*", "plug-a"), HsmError);
  assertEquals(error.message, "Cannot pull plug-a: in prod mode there is no checkout");
});

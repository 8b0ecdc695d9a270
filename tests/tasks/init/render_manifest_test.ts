import { assertEquals } from "@std/assert";
import { type NewPackage, renderManifest } from "../../../tasks/init/render_manifest.ts";

const SCHEMA = "# yaml-language-server: $schema=.hsm/schema.json\n";

function plugin(name: string, more: Partial<NewPackage> = {}): NewPackage {
  return {
    name,
    git: `https://example.com/org/${name}.git`,
    pin: { tag: "v1" },
    mode: "prod",
    ...more,
  };
}

Deno.test("renderManifest() writes what packages have in common once", () => {
  const { text, skipped } = renderManifest([
    plugin("plug-a"),
    plugin("other", { git: "git@example.com:other.git" }),
    plugin("plug-b", { mode: "dev", pin: { branch: "main" }, path: "sources/plug-b" }),
    plugin("Plug.C", { pin: { rev: "0123456789012345678901234567890123456789" } }),
    plugin("plug-d", { git: "https://example.com/org/renamed.git", path: "sources/plug-d" }),
  ]);

  assertEquals(skipped, []);
  assertEquals(
    text,
    `${SCHEMA}git: https://example.com/org/{name}.git
packages_dir: sources
packages:
  plug-a: v1
  other:
    git: git@example.com:other.git
    tag: v1
  plug-b:
    branch: main
    mode: dev
  Plug.C: "0123456789012345678901234567890123456789"
  plug-d:
    git: https://example.com/org/renamed.git
    tag: v1
`,
  );
});

Deno.test("renderManifest() makes no folder that holds something else the one of the checkouts", () => {
  const packages = [plugin("plug-a", { path: "src/plug-a" })];

  assertEquals(
    renderManifest(packages, { occupied: new Set(["src"]) }).text,
    `${SCHEMA}git: https://example.com/org/{name}.git
packages:
  plug-a:
    tag: v1
    path: src/plug-a
`,
  );
});

Deno.test("renderManifest() takes a repository for all only where names tell the rest", () => {
  const at = (git: string) => renderManifest([plugin("a", { git })]).text.split("\n")[1];
  assertEquals(at("git@example.com:a.git"), "git: git@example.com:{name}.git");
  assertEquals(at("https://example.com/a/"), "git: https://example.com/{name}/");
  assertEquals(at("https://example.com/ba.git"), "packages:");
  assertEquals(at("https://example.com/a.tar"), "packages:");
  assertEquals(at("../a"), "git: ../{name}");
});

Deno.test("renderManifest() leaves out what a manifest cannot hold, and says why", () => {
  const { text, packages, skipped } = renderManifest([
    plugin("plug-a", { git: "https://me:s3cret@example.com/plug-a" }),
    plugin("plug-b", { path: ".git/plug-b" }),
    plugin("plug-c", { pin: { tag: "a..b" } }),
    plugin("PLUG_C"),
  ]);

  assertEquals(packages.map((it) => it.name), ["PLUG_C"]);
  assertEquals(skipped.map((it) => it.name), ["plug-a", "plug-b", "plug-c"]);
  assertEquals(JSON.stringify([text, skipped]).includes("s3cret"), false);
});

Deno.test("renderManifest() begins an empty manifest, to which packages can be added", () => {
  assertEquals(renderManifest([]).text, `${SCHEMA}packages:\n`);
  assertEquals(
    renderManifest([], { git: "https://example.com/{name}", packagesDir: "plugins/" }).text,
    `${SCHEMA}git: https://example.com/{name}\npackages_dir: plugins\npackages:\n`,
  );
});

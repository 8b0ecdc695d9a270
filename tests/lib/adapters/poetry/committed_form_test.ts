import { assertEquals } from "@std/assert";
import { inCommittedForm } from "../../../../lib/adapters/poetry/committed_form.ts";
import { type Injection, injectSources } from "../../../../lib/adapters/poetry/inject.ts";

const APPS = [
  '[project]\nname = "app"\ndependencies = ["idna", "own[fast] @ git+https://x/own@v1"]\n',
  '[tool.poetry]\nname = "app"\n[tool.poetry.dependencies]\npython = "^3.11"\nown = { git = "https://x/own", extras = ["fast"] }\n',
];

function write(text: string, isDev: boolean): string {
  const packages = ["own", "plug", "other"].map((name): Injection => ({
    name,
    source: isDev
      ? { kind: "path", path: `packages/${name}` }
      : { kind: "git", git: `https://example.com/${name}`, tag: "v1" },
    extras: name === "other" ? ["x"] : [],
    group: name === "other" ? "web" : undefined,
    require: name !== "plug",
  }));
  return injectSources(text, { packages }).text;
}

Deno.test("poetry: what is left of a difference to the committed text are the user's own edits", () => {
  for (const text of APPS) {
    const committed = write(text, false);
    const dev = write(text, true);
    assertEquals(dev === committed, false);
    assertEquals(inCommittedForm("pyproject.toml", committed, dev), committed);
    const mine = "\n[tool.mine]\nx = 1\n";
    assertEquals(inCommittedForm("pyproject.toml", committed, dev + mine), committed + mine);
    // What is committed is nothing that HSM writes.
    const other = committed.replace('tag = "v1"', 'tag = "v1", allow-prereleases = true');
    assertEquals(inCommittedForm("pyproject.toml", other, dev + mine), undefined);
  }
});

import { assertEquals } from "@std/assert";
import { createStyle } from "../../lib/text/style.ts";
import { renderTree } from "../../tasks/graph/tree.ts";
import { renderProblem } from "../../lib/reconcile/render_problem.ts";
import { paintDiff } from "../../lib/text/diff.ts";
import { type Page, PLAIN } from "../../lib/text/page.ts";
import { printable } from "../../lib/text/printable.ts";
import { renderFindings } from "../../tasks/doctor/render_findings.ts";
import { describeStatus } from "../../tasks/status.ts";
import { testApp } from "../harness/app.ts";

const style = createStyle(true);
const { bold, cyan, dim, green, red, yellow } = style;

/** In colour it is the same text, and nothing of it is lost on its way to the terminal. */
function inColour(render: (page: Page) => string): string {
  const text = render({ ...PLAIN, style });
  assertEquals(printable(text, { colors: true }), text);
  assertEquals(printable(text), render(PLAIN));
  return text;
}

Deno.test("hsm status shows in colour what is well and what is not", () => {
  const text = inColour((page) =>
    describeStatus([
      { package: "a", mode: "prod", pin: { tag: "v1" }, drift: [] },
      {
        package: "b",
        mode: "dev",
        checkout: { path: "packages/b", state: "missing" },
        drift: [{ code: "not-cloned", message: "is not cloned" } as never],
      },
    ], page)
  );
  assertEquals(
    text,
    `${dim("package")}  ${dim("mode")}  ${dim("pin")}  ${dim("checkout")}  ${dim("installed")}  ${
      dim("state")
    }
${bold("a")}        prod  v1   -         -          ${green("ok")}
${bold("b")}        dev   -    ${red("missing")}   -          ${yellow("is not cloned")}
`,
  );
});

Deno.test("hsm check shows in colour how much a problem matters, and what to do", () => {
  const problem = (severity: "error" | "warning" | "unchecked") => ({
    code: "requirement-unmet",
    severity,
    message: "a needs b>=2",
    sides: [{ component: "a", file: "pyproject.toml", line: 3, requirement: "b>=2" }],
    fix: "run `hsm update b`",
  } as const);
  const rest = ` a needs b>=2\n${bold("  a")}  ${dim("pyproject.toml:3")}  b>=2\n  ${
    cyan("fix:")
  } run \`hsm update b\`\n`;
  const shown = (severity: "error" | "warning" | "unchecked") =>
    inColour((page) => renderProblem(problem(severity), page));
  assertEquals(shown("error"), red(bold("error:")) + rest);
  assertEquals(shown("warning"), yellow(bold("warning:")) + rest);
  assertEquals(shown("unchecked"), bold("unchecked:") + rest);
  assertEquals(
    renderProblem({ ...problem("error"), message: "one sentence that is too long for it" }, {
      ...PLAIN,
      width: 30,
    }),
    `error: one sentence that is
too long for it
  a  pyproject.toml:3  b>=2
  fix: run \`hsm update b\`
`,
  );
});

Deno.test("a difference is shown in git's colours, whatever its lines begin with", () => {
  const diff = "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n same\r\n--- old\n+new\x1b[2J\n";
  assertEquals(
    inColour(({ style }) => paintDiff(diff, style)),
    `${bold("--- a/x")}\n${bold("+++ b/x")}\n${cyan("@@ -1,3 +1,3 @@")}\n same\r\n${
      red("--- old")
    }\n${green("+new")}\n`,
  );
});

Deno.test("hsm doctor shows in colour what is well, and folds where the terminal is narrow", () => {
  const findings = [
    { check: "git", state: "ok", message: "2.39.5" },
    {
      check: ".gitignore",
      state: "warning",
      message: "packages/ is not ignored, so git shows checkouts",
      fix: "run `hsm sync`, which adds what is missing\nand more",
    },
    { check: "uv", state: "error", message: "two\nlines" },
  ] as const;
  const fix = `  ${cyan("fix:")} run \`hsm sync\`, which adds what is missing\n    and more\n`;
  assertEquals(
    inColour((page) => renderFindings(findings, page)),
    `${green("ok")}       ${bold("git")}         2.39.5
${yellow("warning")}  ${bold(".gitignore")}  packages/ is not ignored, so git shows checkouts
${fix}${red("error")}    ${bold("uv")}          two
    lines
`,
  );
  assertEquals(
    renderFindings(findings, { ...PLAIN, width: 40 }),
    `ok       git
        2.39.5
warning  .gitignore
        packages/ is not ignored, so git
        shows checkouts
  fix: run \`hsm sync\`, which adds what
    is missing
    and more
error    uv
        two
    lines
`,
  );
});

Deno.test("hsm graph shows in colour what a tree is about", () => {
  const graph = {
    nodes: [
      { name: "app", mode: "app" },
      { name: "a", mode: "dev", from: "packages/a", problem: "packages/a is missing" },
    ],
    edges: [{ from: "app", to: "a", versions: ">=1" }],
  } as const;
  assertEquals(
    inColour(({ style }) => renderTree(graph, style)),
    `${bold("app")}\n${dim("└── ")}${bold("a")} >=1  ${dim("dev: packages/a")}  ${
      yellow("! packages/a is missing")
    }\n`,
  );
});

Deno.test("hsm colours its results where --color asks for it, and only there", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const plain = await app.hsm("diff");
  for (const command of ["diff", "list", "status", "check", "doctor", "graph", "sync --dry-run"]) {
    const words = command.split(" ");
    const { stdout } = await app.hsm("--color=always", ...words);
    // deno-lint-ignore no-control-regex
    assertEquals(/\x1b\[/.test(stdout), command !== "list", command);
    assertEquals(printable(stdout), (await app.hsm(...words)).stdout, command);
  }
  const json = await app.hsm("--color=always", "diff", "--json");
  assertEquals(json.stdout, (await app.hsm("diff", "--json")).stdout);
  plain.expect({ code: 0, stdout: /^plug-a {2}- → prod v1\.0\.0/ });
});

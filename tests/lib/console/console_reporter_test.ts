import { assertEquals } from "@std/assert";

async function outputOf(script: string): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--quiet",
      `--config=${new URL("../../../deno.json", import.meta.url).pathname}`,
      script,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

const IMPORT = `import { consoleReporter, HsmError } from "@hsm/hsm";`;

Deno.test("consoleReporter() writes to standard error what hsm writes", async () => {
  const speak = `it.info("done"); it.warn("careful"); it.command(["git", "x"], 1.2);`;
  const said = (options: string) =>
    outputOf(`${IMPORT} const it = consoleReporter(${options}); ${speak}`);
  assertEquals(await said(""), "done\nwarning: careful\n");
  assertEquals(await said("{ verbose: true }"), "done\nwarning: careful\n$ git x (1 ms)\n");
  assertEquals(await said("{ quiet: true }"), "");
});

Deno.test("an HsmError that nobody catches shows nothing harmful", async () => {
  const evil = "x\x1b[2J\u202e\nfits";
  const write = (options: string) =>
    outputOf(
      `${IMPORT} const evil = ${
        JSON.stringify(evil)
      }; throw new HsmError("uv-failed", evil, ${options});`,
    );
  for (const options of ["{ causes: [evil], hint: evil }", "{ cause: new Error(evil) }"]) {
    const text = await write(options);
    // Deno's own colours are off.
    // deno-lint-ignore no-control-regex
    assertEquals(/[\x1b\u202e]/.test(text), false, JSON.stringify(text));
    assertEquals(text.startsWith("error: x\\u{1b}[2J\\u{202e}\\nfits\n"), true, text);
  }
});

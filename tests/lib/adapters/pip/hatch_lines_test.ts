import { assertEquals, assertRejects } from "@std/assert";
import { HATCH_COMMAND, writeHatchLines } from "../../../../lib/adapters/pip/hatch_lines.ts";
import { HsmError } from "../../../../lib/errors.ts";

type Texts = Readonly<Record<string, string>>;

async function write(texts: Texts, isWanted: boolean): Promise<Texts> {
  const files = { read: (file: string) => Promise.resolve(texts[file]) };
  const written = await writeHatchLines(files, isWanted ? [] : undefined);
  return { ...texts, ...Object.fromEntries(written.texts) as Texts };
}

/** Writes the command, and checks that doing it again changes nothing and that nothing of it stays behind. */
async function put(texts: Texts): Promise<Texts> {
  const written = await write(texts, true);
  assertEquals(await write(written, true), written);
  assertEquals(await write(written, false), texts);
  return written;
}

const APP = `[project]
name = "app" # the app
`;

const RECORD = (created: string) =>
  `[tool.hsm]
# What hsm added to this file, so that it can take it out again
version = 2
adapter = "pip"
${created}
commands = ['"{env:HATCH_UV:uv}" pip install --quiet --no-sources -r "{root}/pylock.hsm.toml"']
`;

Deno.test("hatch: the lock file is installed before the project, and that goes without a trace", async () => {
  assertEquals(await put({ "pyproject.toml": APP }), {
    "pyproject.toml": `${APP}
[tool.hatch.envs.default]
pre-install-commands = [
    '"{env:HATCH_UV:uv}" pip install --quiet --no-sources -r "{root}/pylock.hsm.toml"',
]

${
      RECORD(
        'created = [\n    "tool.hatch.envs.default",\n    "tool.hatch.envs.default.pre-install-commands",\n]',
      )
    }`,
  });
});

Deno.test("hatch: commands of the user's own stay, and come first", async () => {
  const text = `${APP}
[tool.hatch.envs.default]
installer = "pip"
pre-install-commands = ["echo 1"] # mine

[tool.hatch.envs.test]
dependencies = ["pytest"]
`;
  const { "pyproject.toml": written } = await put({ "pyproject.toml": text });
  assertEquals(
    written,
    text.replace('["echo 1"]', `["echo 1", ${JSON.stringify(HATCH_COMMAND)}]`) +
      `
[tool.hsm]
# What hsm added to this file, so that it can take it out again
version = 2
adapter = "pip"
commands = ['${HATCH_COMMAND}']
`,
  );
});

Deno.test("hatch: it is written where hatch reads its environments", async () => {
  const inFile = { "pyproject.toml": APP, "hatch.toml": '[envs.default]\npython = "3.11"\n' };
  const written = await put(inFile);
  assertEquals(written["pyproject.toml"], APP);
  assertEquals(
    written["hatch.toml"],
    `[envs.default]
python = "3.11"
pre-install-commands = [
    '${HATCH_COMMAND}',
]

${RECORD('created = ["envs.default.pre-install-commands"]')}`,
  );
  // Who has such a file has all of Hatch's settings there.
  const bare = await put({ "pyproject.toml": APP, "hatch.toml": "[version]\n" });
  assertEquals(bare["pyproject.toml"], APP);
  // Hatch takes the environments from one file, and they are in the other one.
  const both = { "pyproject.toml": `${APP}[tool.hatch.envs.default]\n`, "hatch.toml": "[build]\n" };
  assertEquals((await put(both))["hatch.toml"], "[build]\n");
});

Deno.test("hatch: where the environments move to another file the command goes with them", async () => {
  const before = await write({ "pyproject.toml": APP }, true);
  const moved = await put({ "pyproject.toml": APP, "hatch.toml": "[envs.default]\n" });
  assertEquals(await write({ ...before, "hatch.toml": "[envs.default]\n" }, true), moved);
});

Deno.test("hatch: a command that the user has written is the user's", async () => {
  const text = `[tool.hatch.envs.default]\npre-install-commands = ['${HATCH_COMMAND}']\n`;
  assertEquals(await put({ "pyproject.toml": text }), { "pyproject.toml": text });
});

Deno.test("hatch: what is another's in [tool.hsm] is left alone, and wrong settings are told", async () => {
  const other = '[tool.hsm]\ncreated = ["tool.uv.sources"]\npackages.a = { requirement = "a" }\n';
  assertEquals(await write({ "pyproject.toml": other }, false), { "pyproject.toml": other });
  assertEquals(await write({ "pyproject.toml": "[" }, false), { "pyproject.toml": "[" });
  for (const file of ["pyproject.toml", "hatch.toml"]) {
    const texts = { "pyproject.toml": APP, [file]: "[envs\n" };
    const told = await assertRejects(() => write(texts, true), HsmError);
    assertEquals(told.code, "pyproject-invalid");
    assertEquals(told.message.startsWith(`Cannot read ${file}: `), true, told.message);
  }
  const wrong = {
    "pyproject.toml": APP,
    "hatch.toml": '[envs.default]\npre-install-commands = "x"\n',
  };
  const error = await assertRejects(() => write(wrong, true), HsmError);
  assertEquals(error.code, "pyproject-invalid");
  assertEquals(
    error.message.split("\n")[0],
    "Cannot read hatch.toml: envs.default.pre-install-commands must be an array",
  );
});

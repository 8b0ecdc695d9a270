import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { appWithMono, GENAI, OLLAMA, release } from "../harness/mono.ts";
import { pluginPyproject } from "../harness/repository.ts";
import { wrapGit } from "../harness/wrap_git.ts";

const FOUND_OLLAMA = "Found ollama-haystack in the folder integrations/ollama of its repository\n";

/** What hsm.yaml says of the packages. */
async function packages(app: TestApp): Promise<string> {
  const text = await app.read("hsm.yaml");
  return text.slice(text.indexOf("packages:\n") + "packages:\n".length);
}

/** A git that notes which commits are fetched. */
async function notedFetches(app: TestApp) {
  const log = join(app.folder, "fetches");
  const env = await wrapGit(app, { fetch: `for word; do :; done; echo "$word" >> '${log}'` });
  const take = async () => {
    const text = await Deno.readTextFile(log).catch(() => "");
    await Deno.remove(log).catch(() => {});
    // uv's own name both sides.
    return text.split("\n").filter((it) => it !== "" && !it.startsWith("+"));
  };
  return { env, take };
}

Deno.test("hsm add finds the folder in which a repository has the name, and takes that one's releases", async () => {
  await using app = await appWithMono();
  const mono = app.plugin("mono");
  // They bear the name, and are not what the folder's releases are called.
  await mono.git("tag", "integrations/ollama-haystack-v9.0.0");
  await mono.git("tag", "ollama-haystack-8.0.0");
  await release(mono, OLLAMA, "3.1.0", "integrations/ollama-v3.1.0");
  const { env, take } = await notedFetches(app);

  (await app.hsmWith(env, "add", "Ollama_Haystack", "--git", mono.url)).expect({
    code: 0,
    stdout: "+  Ollama_Haystack  integrations/ollama-v3.1.0  prod\n",
    stderr: /^Found Ollama_Haystack in the folder integrations\/ollama of its repository\n/,
  });

  // What is read of the tag is not fetched again by the check.
  assertEquals(await take(), ["HEAD", "refs/tags/integrations/ollama-v3.1.0"]);
  assertEquals(
    await packages(app),
    `  Ollama_Haystack:
    git: ${mono.url}
    tag: integrations/ollama-v3.1.0
    subdirectory: integrations/ollama
`,
  );
  assertEquals(await app.python("import ollama_haystack; print(ollama_haystack.VALUE)"), "3.1.0");
});

Deno.test("hsm add fetches nothing but the release where a repository has one package", async () => {
  await using app = await testApp({
    plugins: ["plain", { name: "inside", folder: "python" }],
    manifest: "git: {remotes}/{name}\npackages:\n",
  });
  const { env, take } = await notedFetches(app);

  (await app.hsmWith(env, "add", "plain")).expect({ code: 0, stdout: "+  plain  v1.0.0  prod\n" });
  assertEquals(await take(), ["refs/tags/v1.0.0"]);
  (await app.hsmWith(env, "add", "inside")).expect({
    code: 0,
    stdout: "+  inside  v1.0.0  prod\n",
    stderr: /^Found inside in the folder python of its repository\n/,
  });

  assertEquals(
    await packages(app),
    "  plain: v1.0.0\n  inside:\n    tag: v1.0.0\n    subdirectory: python\n",
  );
  assertEquals(await app.python("import plain, inside; print(inside.VALUE)"), "1.0.0");
});

Deno.test("hsm add --dev chooses the pin by the folder that it finds, cloned or not", async () => {
  await using app = await appWithMono();
  const mono = app.plugin("mono");
  await mono.git("tag", "v9.0");
  const add = ["add", "ollama-haystack", "--git", mono.url, "--dev"];
  const entry = `  ollama-haystack:
    git: ${mono.url}
    tag: integrations/ollama-v3.0.0
    subdirectory: integrations/ollama
`;
  const stdout = "+  ollama-haystack  integrations/ollama-v3.0.0  dev\n";

  (await app.hsm(...add, "--no-sync")).expect({ code: 0, stdout, stderr: FOUND_OLLAMA });
  assertEquals(await packages(app), entry);
  assertEquals(await app.exists("packages"), false);

  await app.write("hsm.yaml", "packages:\n");
  await app.write("hsm.local.yaml", "");
  (await app.hsm(...add, "--yes")).expect({
    code: 0,
    stdout,
    stderr: /^Found .*\nCloned ollama-haystack into packages\/ollama-haystack\n/,
  });
  assertEquals(await packages(app), entry);
  (await app.hsm("prod", "ollama-haystack")).expect({
    code: 0,
    stdout: "ollama-haystack  dev → prod\n",
  });
  assertStringIncludes(await app.read("pyproject.toml"), 'subdirectory = "integrations/ollama"');
  assertEquals(await app.python("import ollama_haystack; print(ollama_haystack.VALUE)"), "3.0.0");

  // A checkout is what will be worked on: where it has the package counts, not where its remote has.
  await mono.git("mv", "integrations", "elsewhere");
  await mono.git("commit", "-q", "-m", "Move");
  await app.write("hsm.yaml", "packages:\n");
  (await app.hsm(...add, "--no-sync")).expect({ code: 0, stdout, stderr: FOUND_OLLAMA });
  assertEquals(await packages(app), entry);
});

Deno.test("hsm add writes the folder down that a package has at its pin", async () => {
  await using app = await appWithMono();
  const mono = app.plugin("mono");
  await Deno.mkdir(join(mono.path, "python"));
  await mono.git("mv", "integrations", "python/integrations");
  await mono.git("commit", "-q", "-m", "Move");
  const moved = (await mono.git("rev-parse", "HEAD")).trim();
  const before = (await mono.git("rev-parse", "HEAD~")).trim();
  const add = async (...args: string[]) => {
    await app.write("hsm.yaml", "packages:\n");
    const run = await app.hsm("add", "ollama-haystack", "--git", mono.url, "--no-sync", ...args);
    run.expect({ code: 0 });
    return (await packages(app)).split("\n").slice(2).join("\n");
  };
  const entry = (pin: string, folder: string) => `    ${pin}\n    subdirectory: ${folder}/ollama\n`;

  const tag = "integrations/ollama-v3.0.0";
  assertEquals(await add(), entry(`tag: ${tag}`, "integrations"));
  assertEquals(await add("--tag", tag), entry(`tag: ${tag}`, "integrations"));
  assertEquals(await add("--branch", "main"), entry("branch: main", "python/integrations"));
  assertEquals(await add("--rev", moved), entry(`rev: ${moved}`, "python/integrations"));
  assertEquals(await add("--rev", before), entry(`rev: ${before}`, "integrations"));
});

Deno.test("hsm add says what to do where the name is in several folders, or in none", async () => {
  await using app = await appWithMono();
  const mono = app.plugin("mono");
  const text = await pluginPyproject({ name: "ollama-haystack" });
  await mono.commit("templates/new/pyproject.toml", text, "templates/new/v1.0");
  const add = (...args: string[]) => app.hsm("add", ...args, "--git", mono.url);

  await app.untouched(async () => {
    const several = {
      code: 2,
      stdout: "",
      stderr:
        "error: Cannot find ollama-haystack in its repository: integrations/ollama, templates/new all have this name\n" +
        "hint: say where it lies with `--subdirectory DIR`\n",
    };
    (await add("ollama-haystack")).expect(several);
    (await add("ollama-haystack", "--dev", "--yes")).expect(several);
    (await add("other", "--tag", "templates/new/v1.0")).expect({
      code: 2,
      stdout: "",
      stderr:
        "error: Cannot find other in its repository: no pyproject.toml at templates/new/v1.0 has this name\n" +
        "hint: say where it lies with `--subdirectory DIR`\n",
    });
    await mono.git("tag", "-d", "libs/genai/v4.3.5");
    (await add("langchain-genai")).expect({
      code: 2,
      stdout: "",
      stderr:
        "error: Cannot add langchain-genai: none of its remote's release tags is known to be its own\n" +
        "  cause: integrations/ollama-v, newest integrations/ollama-v3.0.0\n" +
        "  cause: templates/new/v, newest templates/new/v1.0\n" +
        "hint: say which are its own with `--tag-prefix integrations/ollama-v` or `--tag TAG`\n",
    });
  });
  (await add("ollama-haystack", "--subdirectory", OLLAMA.folder, "--no-sync")).expect({
    code: 0,
    stdout: "+  ollama-haystack  integrations/ollama-v3.0.0  prod\n",
    stderr: "",
  });
});

Deno.test("hsm add finds a package of Poetry's in a repository that is one of Poetry's too", async () => {
  await using app = await appWithMono();
  const mono = app.plugin("mono");
  const poetry = (name: string) =>
    `[tool.poetry]\nname = "${name}"\nversion = "1.0"\n` +
    '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n';
  await mono.commit("libs/bytes/pyproject.toml", poetry("poet-bytes"), "libs/bytes/v2.0");
  await mono.commit("pyproject.toml", poetry("poet-root"), "libs/bytes/v2.1");
  const line = (folder: string) => `Found poet-bytes in the folder ${folder} of its repository\n`;
  const stdout = (mode: string) => `+  poet-bytes  libs/bytes/v2.1  ${mode}\n`;
  const add = ["add", "poet-bytes", "--git", mono.url, "--no-sync"];

  (await app.hsm(...add)).expect({ code: 0, stdout: stdout("prod"), stderr: line("libs/bytes") });
  await app.write("hsm.yaml", "packages:\n");
  await app.git(".", "clone", "-q", mono.url, "packages/poet-bytes");
  (await app.hsm(...add, "--dev")).expect({
    code: 0,
    stdout: stdout("dev"),
    stderr: line("libs/bytes"),
  });
});

Deno.test("hsm add follows no link, and takes no folder that may not be one, of a repository", async () => {
  await using app = await appWithMono();
  const mono = app.plugin("mono");
  const text = await pluginPyproject({ name: "hidden" });
  await mono.commit("a\nb/pyproject.toml", text, "hidden-1.0");
  await mono.commit("src.toml", text);
  await Deno.mkdir(join(mono.path, "linked"));
  await Deno.symlink("../src.toml", join(mono.path, "linked/pyproject.toml"));
  await mono.commit("more", "", "libs/genai/v5.0");
  const add = ["add", "hidden", "--git", mono.url, "--no-sync"];

  await app.untouched(async () => {
    (await app.hsm(...add)).expect({
      code: 2,
      stdout: "",
      stderr:
        "error: Cannot edit hsm.yaml: expected a folder inside the repository, got `a\\nb`: it must not hold control characters\n",
    });
  });
  await Deno.remove(join(mono.path, "a\nb"), { recursive: true });
  await mono.commit("more", "1", "hidden-1.1");
  (await app.hsm(...add)).expect({
    code: 2,
    stdout: "",
    stderr: /no pyproject\.toml at hidden-1\.1/,
  });
  (await app.hsm("add", GENAI.name, "--git", mono.url, "--no-sync")).expect({
    code: 0,
    stdout: "+  langchain-genai  libs/genai/v5.0  prod\n",
  });
});

Deno.test("hsm add takes several packages of one repository at once", async () => {
  await using app = await appWithMono();
  const { url } = app.plugin("mono");

  (await app.hsm("add", OLLAMA.name, GENAI.name, "--git", url, "--no-sync")).expect({
    code: 0,
    stdout: `+  ollama-haystack  integrations/ollama-v3.0.0  prod
+  langchain-genai  libs/genai/v4.3.5           prod
`,
    stderr: `Found ollama-haystack in the folder integrations/ollama of its repository
Found langchain-genai in the folder libs/genai of its repository
`,
  });
});

import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";
import { appWithMono, GENAI, OLLAMA, release } from "../harness/mono.ts";

const MONO = `git: {remotes}/mono
packages:
  ollama-haystack:
    tag: integrations/ollama-v3.0.0
    subdirectory: integrations/ollama
  langchain-genai: { tag: libs/genai/v4.3.5, subdirectory: libs/genai }
`;

Deno.test("hsm add says so where the tags have no prefix at all", async () => {
  await using app = await testApp({
    plugins: ["plug"],
    manifest: "git: {remotes}/{name}\npackages:\n",
  });
  const tagPrefix = ["add", "plug", "--tag-prefix", "plug-"];
  const outcome = (newest: string) => ({
    code: 2,
    stdout: "",
    stderr: `error: Cannot add plug: none of its remote's release tags begins with plug-
  cause: ${newest}
hint: leave \`--tag-prefix\` out for these, or name a version with \`--tag TAG\`
`,
  });

  (await app.hsm(...tagPrefix)).expect(outcome("v, newest v1.0.0"));
  await app.plugin("plug").git("tag", "1.0.0", "v1.0.0");
  await app.plugin("plug").git("tag", "-d", "v1.0.0");
  (await app.hsm(...tagPrefix)).expect(outcome("no prefix, newest 1.0.0"));
});

Deno.test("hsm update moves each package along the tags that begin as its pin does", async () => {
  await using app = await appWithMono(MONO);
  const mono = app.plugin("mono");
  (await app.hsm("sync")).expect({ code: 0 });
  await release(mono, OLLAMA, "3.10.0", "integrations/ollama-v3.10.0");
  await release(mono, OLLAMA, "3.9.0", "integrations/ollama-v3.9.0");
  await release(mono, GENAI, "5.0.0rc1", "libs/genai/v5.0.0rc1");
  for (const tag of ["v9.0", "libs/genai-extra/v8.0", "integrations/ollama-ng-v7.0", "genai-6.0"]) {
    await mono.git("tag", tag);
  }
  const before = await app.read("hsm.yaml");

  await app.untouched(async () => {
    (await app.hsm("outdated")).expect({
      code: 0,
      stdout: "ollama-haystack  integrations/ollama-v3.0.0  → integrations/ollama-v3.10.0\n",
      stderr: "",
    });
    (await app.hsm("update", "--pre", "--dry-run")).expect({
      code: 0,
      stdout: `ollama-haystack  integrations/ollama-v3.0.0 → integrations/ollama-v3.10.0
langchain-genai  libs/genai/v4.3.5 → libs/genai/v5.0.0rc1
`,
      stderr: "",
    });
  });
  (await app.hsm("update")).expect({
    code: 0,
    stdout: "ollama-haystack  integrations/ollama-v3.0.0 → integrations/ollama-v3.10.0\n",
  });

  assertEquals(await app.read("hsm.yaml"), before.replace("ollama-v3.0.0", "ollama-v3.10.0"));
  assertEquals(
    await app.python("import ollama_haystack; print(ollama_haystack.VALUE)"),
    "3.10.0",
  );
});

Deno.test("hsm check derives a computed version from the package's own tag among others", async () => {
  await using app = await testApp({
    plugins: [{ name: "needs", dependencies: ["ollama-haystack>=4"] }, "mono"],
    manifest: `git: {remotes}/{name}
packages:
  needs: v1.0.0
  ollama-haystack:
    git: {remotes}/mono
    tag: integrations/ollama-v3.0.0
    subdirectory: integrations/ollama
    path: packages/mono
`,
  });
  const mono = app.plugin("mono");
  await mono.commit(
    "integrations/ollama/pyproject.toml",
    '[project]\nname = "ollama-haystack"\ndynamic = ["version"]\n[build-system]\nrequires = ["hatch-vcs"]\n',
    "integrations/ollama-v3.0.0",
  );
  for (const tag of ["integrations/qdrant-v9.0.0", "v8.0.0"]) {
    await mono.git("tag", "-a", tag, "-m", tag);
  }
  // It is a guess: a build may take another tag of the commit.
  const outcome = {
    code: 0,
    stdout: /^unchecked: needs 1\.0\.0 needs ollama-haystack>=4, ollama-haystack is 3\.0\.0\n/,
  };

  (await app.hsm("check")).expect(outcome);
  await app.git(".", "clone", "-q", mono.url, "packages/mono");
  await app.write("hsm.local.yaml", "packages:\n  ollama-haystack: { mode: dev }\n");
  (await app.hsm("check")).expect(outcome);

  // Somebody else's tag says nothing of its version.
  await mono.git("tag", "-d", "integrations/ollama-v3.0.0");
  await app.git("packages/mono", "tag", "-d", "integrations/ollama-v3.0.0");
  (await app.hsm("check")).expect({
    code: 0,
    stdout: /^unchecked: .*the version of ollama-haystack is computed/,
  });
});

Deno.test("hsm pin takes no tag that is another package's release", async () => {
  await using app = await appWithMono(MONO);
  const mono = app.plugin("mono");
  (await app.hsm("dev", "ollama-haystack", "langchain-genai", "--yes")).expect({ code: 0 });
  await mono.git("tag", "libs/genai/v4.4.0");
  for (const name of ["ollama-haystack", "langchain-genai"]) {
    await app.git(`packages/${name}`, "fetch", "-q", "--tags");
  }
  const commit = (await mono.git("rev-parse", "HEAD")).trim();

  (await app.hsm("pin", "ollama-haystack", "--no-sync")).expect({
    code: 0,
    stdout: `ollama-haystack  dev → prod, integrations/ollama-v3.0.0 → rev ${
      commit.slice(0, 12)
    }\n`,
    stderr: "",
  });
  (await app.hsm("pin", "langchain-genai", "--no-sync")).expect({
    code: 0,
    stdout: "langchain-genai  dev → prod, libs/genai/v4.3.5 → libs/genai/v4.4.0\n",
    stderr: "",
  });
});

Deno.test("tag_prefix says which tags are a package's releases where its pin does not", async () => {
  await using app = await appWithMono(`git: {remotes}/mono
packages:
  ollama-haystack: { tag: v1.0, tag_prefix: integrations/ollama-v, subdirectory: integrations/ollama }
  langchain-genai: { branch: main, tag_prefix: libs/genai/, subdirectory: libs/genai }
`);
  const mono = app.plugin("mono");
  await mono.git("tag", "v1.0");
  await mono.git("tag", "v7.0");

  (await app.hsm("outdated")).expect({
    code: 0,
    stdout: `ollama-haystack  v1.0         → integrations/ollama-v3.0.0
langchain-genai  branch main                                left alone: it is pinned to branch main: \`hsm sync -- -P langchain-genai\` takes its newest commit
`,
    stderr: "",
  });
  (await app.hsm("update", "langchain-genai", "--to", "v4.3.4")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot pin langchain-genai to v4.3.4: its remote has no such tag
hint: nearby: libs/genai/v4.3.5
`,
  });
});

Deno.test("hsm add takes the newest release of its folder or its name, among the tags of others", async () => {
  await using app = await appWithMono("packages:\n");
  const mono = app.plugin("mono");
  await release(mono, OLLAMA, "3.1.0", "integrations/ollama-v3.1.0");
  await release(mono, OLLAMA, "4.0.0rc1", "integrations/ollama-v4.0.0rc1");
  for (const tag of ["v9.0", "mono/v8.0", "libs/langchain-genai-v7.0", "integrations/astra-v6.0"]) {
    await mono.git("tag", tag);
  }
  const add = ["add", "ollama-haystack", "--git", mono.url];
  const folder = ["--subdirectory", OLLAMA.folder];

  (await app.hsm(...add, ...folder)).expect({
    code: 0,
    stdout: "+  ollama-haystack  integrations/ollama-v3.1.0  prod\n",
  });
  assertEquals(
    await app.read("hsm.yaml"),
    `packages:
  ollama-haystack:
    git: ${mono.url}
    tag: integrations/ollama-v3.1.0
    subdirectory: integrations/ollama
`,
  );
  assertEquals(await app.python("import ollama_haystack; print(ollama_haystack.VALUE)"), "3.1.0");
  await app.write("hsm.yaml", "packages:\n");
  (await app.hsm(...add, ...folder, "--pre", "--no-sync")).expect({
    code: 0,
    stdout: "+  ollama-haystack  integrations/ollama-v4.0.0rc1  prod\n",
  });
  const more = ["--git", mono.url, "--no-sync"];
  (await app.hsm("add", "Langchain_Genai", ...more)).expect({
    code: 0,
    stdout: "+  Langchain_Genai  libs/genai/v4.3.5  prod\n",
  });
  (await app.hsm("add", "mono", ...more)).expect({ code: 0, stdout: "+  mono  mono/v8.0  prod\n" });
});

Deno.test("hsm add says what the tags begin with where none is the package's, and takes one", async () => {
  await using app = await appWithMono("packages:\n");
  const mono = app.plugin("mono");
  for (const name of ["astra", "chroma", "cohere", "jina", "mcp", "qdrant"]) {
    for (const version of ["1.0.0", "1.10.0", "2.0.0rc1"]) {
      await mono.git("tag", `integrations/${name}-v${version}`);
    }
  }
  await mono.git("tag", "nightly");
  const { url } = mono;
  const prefixes = `  cause: libs/genai/v, newest libs/genai/v4.3.5
  cause: integrations/astra-v, newest integrations/astra-v1.10.0
  cause: integrations/chroma-v, newest integrations/chroma-v1.10.0
  cause: integrations/cohere-v, newest integrations/cohere-v1.10.0
  cause: integrations/jina-v, newest integrations/jina-v1.10.0
  cause: and 3 more
`;
  const hint = (lead: string) =>
    `hint: ${lead}say which are its own with \`--subdirectory DIR\`, \`--tag-prefix libs/genai/v\` or \`--tag TAG\`\n`;
  const nowhere = "no pyproject.toml at its remote's HEAD has this name: correct it, or ";

  await app.untouched(async () => {
    (await app.hsm("add", "genai-tools", "--git", url)).expect({
      code: 2,
      stdout: "",
      stderr:
        `error: Cannot add genai-tools: none of its remote's release tags is known to be its own\n${prefixes}${
          hint(nowhere)
        }`,
    });
    (await app.hsm("add", "genai-tools", "--git", url, "--tag-prefix", "libs/gen/")).expect({
      code: 2,
      stdout: "",
      stderr:
        `error: Cannot add genai-tools: none of its remote's release tags begins with libs/gen/\n${prefixes}${
          hint("")
        }`,
    });
    (await app.hsm("add", "langchain-genai", "--git", url, "--tag-prefix", "a b")).expect({
      code: 2,
      stdout: "",
      stderr: /expected what a tag begins with, got `a b`: it must not hold a space/,
    });
  });
  const prefix = ["--tag-prefix", "libs/genai/", "--subdirectory", "libs/genai"];
  (await app.hsm("add", "langchain-genai", "--git", url, ...prefix)).expect({
    code: 0,
    stdout: "+  langchain-genai  libs/genai/v4.3.5  prod\n",
  });
  assertEquals(
    await app.read("hsm.yaml"),
    `packages:
  langchain-genai:
    git: ${url}
    tag: libs/genai/v4.3.5
    tag_prefix: libs/genai/
    subdirectory: libs/genai
`,
  );
  (await app.hsm("add", "genai-tools", "--git", url, "--dev", "--no-sync")).expect({
    code: 0,
    stdout: "+  genai-tools  no pin  dev\n",
    stderr:
      "warning: genai-tools gets no pin: none of its remote's release tags is known to be its own, such as libs/genai/v4.3.5\n",
  });
});

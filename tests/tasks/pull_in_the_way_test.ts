import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { must } from "../harness/program.ts";
import type { Repository } from "../harness/repository.ts";
import { wrapGit } from "../harness/wrap_git.ts";
import { treeOf } from "../reliability/tree.ts";

/** What fetching brings; all else of a checkout, `.git` included, is as it was where nothing moved. */
const NEWS =
  /^(?:.*\/)?\.git\/(?:modules\/(?:[^/]+\/)*)?(?:FETCH_HEAD|objects\/.+|(?:logs\/)?refs\/remotes\/.+|refs\/tags\/.+)$/;

/** What a merge that git itself refuses leaves beside that. */
const MERGED = new RegExp(`${NEWS.source}|^\\.git/ORIG_HEAD$`);

/** A scene: what the developer has in the checkout, what comes from its remote, and what pull says of it. */
interface Scene {
  /** What upstream holds before the clone. */
  readonly before?: (upstream: Upstream) => Promise<unknown>;
  /** What the developer does in the checkout. */
  readonly local?: (checkout: Checkout) => Promise<unknown>;
  /** What comes. */
  readonly news: (upstream: Upstream) => Promise<unknown>;
  /** What pull says, behind the name. */
  readonly says: string;
  /** What holds afterwards; by default, where nothing moved, that all is as it was. */
  readonly after?: (checkout: Checkout) => Promise<unknown>;
}

/** A folder with a git repository. */
class Place {
  constructor(readonly app: TestApp, readonly folder: string) {}

  git(...args: string[]): Promise<string> {
    return must(["git", "-c", "protocol.file.allow=always", ...args], {
      cwd: this.folder,
      env: this.app.env,
    });
  }

  /** A line of shell. */
  sh(line: string): Promise<string> {
    return must(["sh", "-ec", line], { cwd: this.folder, env: this.app.env });
  }
}

class Checkout extends Place {
  read(path: string): Promise<string> {
    return Deno.readTextFile(join(this.folder, path));
  }
}

class Upstream extends Place {
  /** Runs a line of shell, and commits what it did, ignored files included. */
  async change(line: string): Promise<void> {
    await this.sh(line);
    await this.git("add", "--all", "--force");
    await this.git("commit", "-q", "-m", "Change");
  }

  /** Another repository beside it, to be a submodule. */
  async library(name: string): Promise<Upstream> {
    const library = new Upstream(this.app, `${this.folder}-${name}`);
    await ensureDir(library.folder);
    await library.git("init", "-q", "-b", "main");
    await library.change(`printf '*.secret\\n' > .gitignore; echo 1 > lib.txt; echo 1 > HEAD`);
    return library;
  }

  async addSubmodule(name: string): Promise<Upstream> {
    const library = await this.library(name);
    await this.git("submodule", "--quiet", "add", `file://${library.folder}`, `vendor/${name}`);
    await this.git("commit", "-q", "-m", "Add a submodule");
    return library;
  }

  /** Takes up what a submodule's repository has by now. */
  async bump(name: string): Promise<void> {
    await this.git("-C", `vendor/${name}`, "pull", "-q", "origin", "main");
    await this.git("commit", "-q", "-a", "-m", "Bump");
  }

  at(name: string): Upstream {
    return new Upstream(this.app, `${this.folder}-${name}`);
  }
}

const withSubmodule = (upstream: Upstream) => upstream.addSubmodule("lib");
const bumped = async (upstream: Upstream, line: string) => {
  await upstream.at("lib").change(line);
  await upstream.bump("lib");
};
const overwrite = (files: string, them = "it") =>
  `left alone: the new commits would overwrite ${files}; move ${them} away first`;
const UPDATED = "updated: 1 new commit";

/** Else git takes no submodule from a folder. */
const FROM_FOLDERS = {
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "protocol.file.allow",
  GIT_CONFIG_VALUE_0: "always",
};

const SCENES: Readonly<Record<string, Scene>> = {
  "ignored": {
    local: (it) => it.sh("echo mine > .env"),
    news: (it) => it.change("echo theirs > .env"),
    says: overwrite(".env"),
  },
  "ignored-same": {
    local: (it) => it.sh("echo same > .env"),
    news: (it) => it.change("echo same > .env"),
    says: overwrite(".env"),
  },
  "untracked": {
    local: (it) => it.sh("echo mine > new.txt"),
    news: (it) => it.change("echo theirs > new.txt"),
    says: overwrite("new.txt"),
  },
  "many": {
    local: (it) => it.sh("for i in $(seq 10 21); do echo mine > $i.secret; done"),
    news: (it) => it.change("for i in $(seq 10 30); do echo theirs > $i.secret; done"),
    says: overwrite(
      "10.secret, 11.secret, 12.secret, 13.secret, 14.secret, 15.secret, 16.secret, 17.secret, " +
        "18.secret, 19.secret and 2 more",
      "them",
    ),
  },
  "renamed-onto": {
    local: (it) => it.sh("echo mine > .env"),
    news: (it) => it.change("mv config.py .env"),
    says: overwrite(".env"),
  },
  "file-for-folder": {
    local: (it) => it.sh("mkdir -p build/deep; echo mine > build/deep/a; echo mine > build/b"),
    news: (it) => it.change("echo theirs > build"),
    says: overwrite("build/b, build/deep/a", "them"),
  },
  "file-for-tracked-folder": {
    local: (it) => it.sh("echo mine > folder/a.secret"),
    news: (it) => it.change("rm -r folder; echo theirs > folder"),
    says: overwrite("folder/a.secret"),
  },
  "folder-for-file": {
    local: (it) => it.sh("echo mine > build"),
    news: (it) => it.change("mkdir build; echo theirs > build/a"),
    says: overwrite("build"),
  },
  "folder-for-link": {
    local: (it) => it.sh("ln -s ../elsewhere build"),
    news: (it) => it.change("mkdir build; echo theirs > build/a"),
    says: overwrite("build"),
  },
  "into-a-repository": {
    local: (it) => it.sh("git init -q build; cd build; echo mine > a; git add a; git commit -qm m"),
    news: (it) => it.change("mkdir build; echo theirs > build/a"),
    says: overwrite("build/"),
  },
  "odd-names": {
    local: (it) =>
      it.sh(
        `mkdir x.secret; cd x.secret; for it in '"' "$(printf '\\303\\244')" "$(printf '\\357\\273\\277bom')"; do echo mine > "$it"; done`,
      ),
    news: (it) =>
      it.change(
        `mkdir x.secret; cd x.secret; for it in '"' "$(printf '\\303\\244')" "$(printf '\\357\\273\\277bom')"; do echo theirs > "$it"; done`,
      ),
    says: overwrite('x.secret/", x.secret/ä, x.secret/\\u{feff}bom', "them"),
  },
  "not-utf8": {
    local: (it) => it.sh(`echo mine > "$(printf '\\377.secret')"`),
    news: (it) => it.change(`echo theirs > "$(printf '\\377.secret')"`),
    says: overwrite("\uFFFD.secret"),
  },
  "other-case": {
    // What a file system that ignores case is known by.
    local: (it) => it.sh("git config core.ignoreCase true; echo mine > README.secret"),
    news: (it) => it.change("echo theirs > Readme.secret"),
    says: overwrite("README.secret"),
  },
  "assumed-unchanged": {
    local: (it) => it.sh("git update-index --assume-unchanged config.py; echo mine > config.py"),
    news: (it) => it.change("echo theirs > config.py"),
    says: overwrite("config.py"),
  },
  "assumed-unchanged-gone": {
    local: (it) => it.sh("git update-index --assume-unchanged config.py; echo mine > config.py"),
    news: (it) => it.change("rm config.py"),
    says: overwrite("config.py"),
  },
  "skip-worktree": {
    local: (it) => it.sh("git update-index --skip-worktree config.py; echo mine > config.py"),
    news: (it) => it.change("echo theirs > config.py"),
    says: overwrite("config.py"),
  },
  "in-submodule": {
    before: withSubmodule,
    local: async (it) => {
      await it.sh("echo mine > vendor/lib/a.secret; echo mine > .env");
    },
    news: async (it) => {
      await it.change("echo theirs > .env");
      await bumped(it, "echo theirs > a.secret");
    },
    says: overwrite(".env, vendor/lib/a.secret", "them"),
  },
  "in-nested-submodule": {
    before: async (it) => {
      const library = await it.library("lib");
      await library.addSubmodule("deep");
      await it.git(
        ...["submodule", "--quiet", "add", `file://${library.folder}`, "vendor/lib"],
      );
      await it.git("commit", "-q", "-m", "Add a submodule");
    },
    local: async (it) => {
      await it.sh("echo mine > vendor/lib/vendor/deep/a.secret");
    },
    news: async (it) => {
      const library = it.at("lib");
      await library.at("deep").change("echo theirs > a.secret");
      await library.bump("deep");
      await it.bump("lib");
    },
    says: overwrite("vendor/lib/vendor/deep/a.secret"),
  },
  "submodule-recursing": {
    before: withSubmodule,
    local: async (it) => {
      await it.sh("git config submodule.recurse true; echo mine > vendor/lib/a.secret");
    },
    news: (it) => bumped(it, "echo theirs > a.secret"),
    says: overwrite("vendor/lib/a.secret"),
  },
  "submodule-becomes-file": {
    before: withSubmodule,
    local: async (it) => {
      await it.sh("echo mine > vendor/lib/a.secret");
    },
    news: (it) =>
      it.change("git rm -q vendor/lib; rm -rf vendor; mkdir vendor; echo theirs > vendor/lib"),
    says: overwrite("vendor/lib/"),
  },
  "submodule-becomes-folder": {
    before: withSubmodule,
    news: (it) =>
      it.change("git rm -q vendor/lib; rm -rf vendor; mkdir -p vendor/lib; echo 1 > vendor/lib/a"),
    says: overwrite("vendor/lib/"),
  },
  "submodule-on-branch": {
    before: withSubmodule,
    local: async (it) => {
      await it.git("-C", "vendor/lib", "checkout", "-q", "-b", "topic");
    },
    news: (it) => bumped(it, "echo 2 > lib.txt"),
    says: "left alone: its submodule vendor/lib is on the branch topic, and would be moved",
  },
  "submodule-changed": {
    before: withSubmodule,
    local: async (it) => {
      await it.sh("git config submodule.vendor/lib.ignore all; echo mine > vendor/lib/lib.txt");
    },
    news: (it) => bumped(it, "echo 2 > lib.txt"),
    says: "left alone: its submodule vendor/lib has 1 changed file, and would be moved",
  },
  "submodule-committed": {
    before: withSubmodule,
    local: async (it) => {
      await it.sh(
        "git config submodule.vendor/lib.ignore all; cd vendor/lib; git commit -q --allow-empty -m mine",
      );
    },
    news: (it) => bumped(it, "echo 2 > lib.txt"),
    says:
      "left alone: its submodule vendor/lib is at another commit than recorded, and would be moved; " +
      "commit that, or go back by `git submodule update --recursive`",
  },
  "submodule-alone": {
    before: withSubmodule,
    local: async (it) => {
      // The commit that is recorded, and yet nobody else has it.
      await it.sh(
        "cd vendor/lib; git commit -q --allow-empty -m mine; cd ../..; git add vendor/lib; git commit -qm mine; git push -q",
      );
    },
    news: async (it) => {
      await it.git("reset", "-q", "--hard", "main");
      await it.at("lib").change("echo 2 > lib.txt");
      await it.git("-C", "vendor/lib", "pull", "-q", "origin", "main");
      await it.git("commit", "-q", "-a", "-m", "Bump");
    },
    says:
      "left alone: its submodule vendor/lib is at a commit that no branch has, and would be moved; " +
      "give that a branch",
  },
  "submodule-away": {
    before: withSubmodule,
    news: async (it) => {
      await bumped(it, "echo 2 > lib.txt");
      await Deno.rename(it.at("lib").folder, `${it.at("lib").folder}-away`);
    },
    says: "not fetched",
  },
  "broken": {
    news: async (it) => {
      await it.change("echo theirs > b");
      await it.sh("rm -r .git/objects/$(git rev-parse HEAD:b | cut -c1-2)");
    },
    says: "not fetched",
  },
  "rewritten": {
    before: (it) => it.change("echo 1 > more.txt"),
    news: async (it) => {
      await it.sh("git reset -q --hard HEAD~1");
      await it.change("echo 2 > more.txt");
    },
    says: "left alone: main and origin/main have diverged, by 1 and 1 commit",
  },
  "fine-ignored": {
    local: (it) => it.sh("mkdir build; echo mine > build/a; echo mine > .env; echo mine > own.txt"),
    news: (it) => it.change("echo theirs > b; mkdir more; echo theirs > more/a; rm config.py"),
    says: UPDATED,
    after: async (it) => {
      assertEquals(
        await it.sh("cat build/a .env own.txt b more/a"),
        "mine\nmine\nmine\ntheirs\ntheirs\n",
      );
      assertEquals(await it.git("status", "--porcelain"), "?? own.txt\n");
    },
  },
  "fine-assumed-unchanged": {
    local: (it) => it.sh("git update-index --assume-unchanged config.py"),
    news: (it) => it.change("echo theirs > config.py"),
    says: UPDATED,
    after: async (it) => assertEquals(await it.read("config.py"), "theirs\n"),
  },
  "fine-assumed-elsewhere": {
    local: (it) => it.sh("git update-index --assume-unchanged config.py; echo mine > config.py"),
    news: (it) => it.change("echo theirs > b"),
    says: UPDATED,
    after: async (it) => assertEquals(await it.read("config.py"), "mine\n"),
  },
  "fine-sparse": {
    local: (it) => it.sh("git sparse-checkout set --no-cone /pyproject.toml"),
    news: (it) => it.change("echo theirs > config.py; echo theirs > folder/b"),
    says: UPDATED,
    after: async (it) =>
      assertEquals(await it.sh("git ls-files --deleted; ls"), "pyproject.toml\n"),
  },
  "fine-worktree": {
    local: (it) =>
      it.sh(
        `git clone -q "$(git remote get-url origin)" ../../../main; cd ..; rm -rf fine-worktree
         git -C ../../main worktree add -q --track -b topic "$PWD/fine-worktree" origin/main`,
      ),
    news: (it) => it.change("echo theirs > b"),
    says: UPDATED,
    after: async (it) =>
      assertEquals(await it.sh("git branch --show-current; cat b"), "topic\ntheirs\n"),
  },
  "fine-configured": {
    local: (it) =>
      it.sh(
        `git config pull.rebase true; git config branch.main.rebase interactive; git config merge.ff false
         git config merge.autoStash true; git config rebase.autoStash true; git config commit.gpgSign true`,
      ),
    news: (it) => it.change("echo theirs > b"),
    says: UPDATED,
  },
  "fine-ours": {
    local: (it) => it.sh("git config branch.main.mergeOptions '-s ours'"),
    news: (it) => it.change("echo theirs > b"),
    says: UPDATED,
  },
  "fine-squash": {
    local: (it) => it.sh("git config branch.main.mergeOptions --squash"),
    news: (it) => it.change("echo theirs > b"),
    says: UPDATED,
  },
  "fine-submodule": {
    before: withSubmodule,
    local: async (it) => {
      await it.sh("echo mine > vendor/lib/a.secret; git config fetch.recurseSubmodules false");
    },
    news: (it) => bumped(it, "echo 2 > lib.txt; echo theirs > b.secret"),
    says: UPDATED,
    after: async (it) => {
      const read = "cd vendor/lib; cat a.secret lib.txt b.secret; git branch --show-current";
      assertEquals(await it.sh(read), "mine\n2\ntheirs\n");
    },
  },
  "fine-submodule-assumed": {
    before: withSubmodule,
    local: async (it) => {
      await it.git("update-index", "--assume-unchanged", "vendor/lib");
    },
    news: (it) => bumped(it, "echo 2 > lib.txt"),
    says: UPDATED,
    after: async (it) => assertEquals(await it.read("vendor/lib/lib.txt"), "2\n"),
  },
  "fine-submodule-empty": {
    before: withSubmodule,
    local: (it) => it.git("submodule", "deinit", "--quiet", "vendor/lib"),
    news: (it) => bumped(it, "echo 2 > lib.txt"),
    says: UPDATED,
    after: async (it) => assertEquals(await it.read("vendor/lib/lib.txt"), "2\n"),
  },
  "fine-submodule-gone": {
    before: withSubmodule,
    local: async (it) => {
      await it.sh("echo mine > vendor/lib/a.secret");
    },
    news: (it) => it.change("git rm -q vendor/lib"),
    says: UPDATED,
    after: async (it) => {
      assertEquals(await it.read("vendor/lib/a.secret"), "mine\n");
      assertEquals(await it.git("status", "--porcelain"), "?? vendor/\n");
    },
  },
  "fine-submodule-new": {
    local: (it) => it.sh("mkdir -p vendor/lib; echo mine > vendor/lib/a"),
    news: (it) => it.addSubmodule("lib"),
    says: `${UPDATED}, and its submodule vendor/lib is missing: there is a in its folder; ` +
      "move that away",
    after: async (it) =>
      assertEquals(await it.sh("ls -A vendor/lib; cat vendor/lib/a"), "a\nmine\n"),
  },
};

async function begin(repository: Repository, app: TestApp, scene: Scene): Promise<Upstream> {
  const upstream = new Upstream(app, repository.path);
  // A developer may push to it.
  await upstream.git("config", "receive.denyCurrentBranch", "updateInstead");
  await upstream.change(
    `printf '.env\\nbuild\\n*.secret\\n' > .gitignore; echo 1 > config.py; mkdir folder; echo 1 > folder/a`,
  );
  await scene.before?.(upstream);
  return upstream;
}

Deno.test("hsm pull moves nothing where the new commits would overwrite what only lies there, in submodules neither", async () => {
  const names = Object.keys(SCENES);
  await using app = await testApp({ plugins: names, files: { "hsm.local.yaml": "mode: dev\n" } });
  const upstreams = new Map<string, Upstream>();
  for (const name of names) {
    upstreams.set(name, await begin(app.plugin(name), app, SCENES[name]!));
  }
  (await app.hsmWith(FROM_FOLDERS, "clone", "--yes")).expect({ code: 0 });
  const checkout = (name: string) => new Checkout(app, join(app.root, "packages", name));
  for (const name of names) {
    await SCENES[name]!.local?.(checkout(name));
    await SCENES[name]!.news(upstreams.get(name)!);
  }
  const trees = () => new Map(names.map((name) => [name, treeOf(checkout(name).folder, NEWS)]));
  const heads = (folder: string) => new Place(app, folder).git("rev-parse", "HEAD");
  const before = trees();

  const run = await app.hsmWith(FROM_FOLDERS, "pull");

  const width = Math.max(...names.map((it) => it.length)) + 2;
  const lines = names.map((it) => `${it.padEnd(width)}${SCENES[it]!.says}\n`);
  run.expect({
    code: 1,
    stdout: lines.join(""),
    stderr:
      /^Cloned the submodule vendor\/lib of packages\/fine-submodule-empty\nerror: Cannot fetch submodule-away, broken\n/,
  });
  const after = trees();
  for (const name of names) {
    const { says, after: look } = SCENES[name]!;
    if (!says.startsWith(UPDATED)) assertEquals(after.get(name), before.get(name), name);
    else assertEquals(await heads(checkout(name).folder), await heads(app.plugin(name).path), name);
    await look?.(checkout(name));
  }
});

Deno.test("hsm pull loses nothing that comes while it looks, nor when its remote goes away", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest:
      "git: {remotes}/{name}\nmode: dev\nfilter: blob:none\npackages: { plug-a: v1.0.0, plug-b: v1.0.0 }\n",
  });
  for (const name of ["plug-a", "plug-b"]) {
    const upstream = new Upstream(app, app.plugin(name).path);
    await upstream.git("config", "uploadpack.allowFilter", "true");
    await upstream.git("config", "uploadpack.allowAnySHA1InWant", "true");
    await upstream.change("echo .env > .gitignore; echo 1 > more.txt");
  }
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await app.plugin("plug-a").commit("more.txt", "2\n");
  await app.plugin("plug-b").git("checkout", "-q", "-b", "next");
  await new Upstream(app, app.plugin("plug-b").path).change("echo theirs > .env");
  await app.git("packages/plug-b", "fetch", "-q", "origin", "next");
  await app.git("packages/plug-b", "branch", "-q", "-u", "origin/next");
  const remote = app.plugin("plug-a").path;
  const env = await wrapGit(app, {
    merge: `case "$PWD" in
        *plug-a) mv ${remote} ${remote}-away;;
        *) echo mine > .env;;
      esac`,
  });
  const trees = () =>
    ["plug-a", "plug-b"].map((it) => treeOf(join(app.root, "packages", it), MERGED));
  const before = trees();

  const run = await app.hsmWith(env, "pull");

  run.expect({
    code: 0,
    stdout:
      /^plug-a {2}left alone: git refuses: .*\nplug-b {2}left alone: git refuses: .*\.env.*\n$/,
    stderr: "",
  });
  assertEquals(await app.read("packages/plug-b/.env"), "mine\n");
  await Deno.remove(join(app.root, "packages/plug-b/.env"));
  assertEquals(trees(), before);
});

Deno.test("hsm pull pulls a checkout once that two packages share", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", folder: "a" }],
    manifest: `mode: dev
git: {remotes}/plug-a
packages:
  plug-a: { path: packages/both, subdirectory: a }
  plug-b: { path: packages/both, subdirectory: b }
`,
  });
  await app.plugin("plug-a").release({ name: "plug-b", folder: "b", version: "1.1.0" });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await app.plugin("plug-a").commit("new.txt", "new\n");

  (await app.hsm("pull")).expect({
    code: 0,
    stdout: "plug-a  updated: 1 new commit\nplug-b  updated: 1 new commit\n",
    stderr: "",
  });
});

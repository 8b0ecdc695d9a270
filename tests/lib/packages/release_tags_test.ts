import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { Pin } from "../../../lib/manifest/model.ts";
import { formatVersion } from "../../../lib/versions/versions.ts";
import { lineOf, readTag } from "../../../lib/packages/read_tag.ts";
import {
  isForeignRelease,
  nearbyTags,
  newestRelease,
  parseReleaseTag,
  pinnedRelease,
  releaseTags,
  tagPrefixes,
} from "../../../lib/packages/release_tags.ts";
import { parseRefs } from "../../../lib/git/remote_refs.ts";

Deno.test("readTag() reads versions behind any prefix, and what that comes to", () => {
  const cases: [string, string?, string?, string?][] = [
    ["1.2.0", "1.2.0", "", ""],
    ["v1.2.0", "1.2.0", "v", ""],
    ["V1.2", "1.2", "V", ""],
    ["v1.2.0-rc.1", "1.2.0rc1", "v", ""],
    ["release-1.2.0", "1.2.0", "release-", ""],
    ["release/v1.2.0", "1.2.0", "release/v", ""],
    ["v-1.2.0", "1.2.0", "v-", ""],
    ["plug-2-1.2.0", "1.2.0", "plug-2-", "plug-2"],
    ["plug-2-1", "1", "plug-2-", "plug-2"],
    ["plug_2/v1.2.0", "1.2.0", "plug_2/v", "plug-2"],
    ["Plug.2@1.2.0", "1.2.0", "Plug.2@", "plug-2"],
    ["plug-2==1.2.0", "1.2.0", "plug-2==", "plug-2"],
    ["release-plug-1.2.0", "1.2.0", "release-plug-", "plug"],
    ["plug/release-1.2.0", "1.2.0", "plug/release-", "plug"],
    ["libs/genai/v4.3.5", "4.3.5", "libs/genai/v", "libs/genai"],
    ["integrations/mongodb_atlas-v5.3.0.post1", "5.3.0.post1", "integrations/mongodb_atlas-v"],
    ["@scope/plug@1.0.0-rc.1", "1.0.0rc1", "@scope/plug@", "@scope/plug"],
    ["2024.1.post1", "2024.1.post1", "", ""],
    ["1!2.0", "1!2.0", "", ""],
    ["2024-01-05"],
    ["release4.0"],
    ["nightly"],
    ["v1.2.x"],
    ["1.2.0-final-really"],
    ["instructor-embedders-v0.0.2bis"],
    [""],
  ];
  for (const [tag, version, prefix, line] of cases) {
    const read = readTag(tag);
    assertEquals(read && formatVersion(read.version), version, tag);
    assertEquals(read?.prefix, prefix, tag);
    if (line !== undefined) assertEquals(read?.line, line, tag);
  }
  assertEquals(lineOf("integrations/mongodb-atlas-v"), lineOf("integrations/MongoDB_atlas/"));
});

Deno.test("parseReleaseTag() takes a tag only where name, folder, pin and prefix allow it", () => {
  const own = { key: "ollama-haystack", subdirectory: "integrations/ollama" };
  const pinned = (tag: string) => ({ ...own, pin: { tag } });
  const cases: [string, Parameters<typeof parseReleaseTag>[1], boolean][] = [
    ["v1.0", { key: "plug" }, true],
    ["plug-1.0", { key: "plug" }, true],
    ["libs/plug/v1.0", { key: "plug" }, true],
    ["other-1.0", { key: "plug" }, false],
    ["plug-b-1.0", { key: "plug" }, false],
    ["a-plug-1.0", { key: "plug" }, false],
    ["integrations/ollama-v1.0", own, true],
    ["ollama-v1.0", own, true],
    ["ollama_haystack-1.0", own, true],
    ["integrations/ollama_x-v1.0", own, false],
    ["v9.0", pinned("integrations/ollama-v1.0"), false],
    ["integrations/ollama-v2.0", pinned("v1.0"), true],
    ["v2.0", pinned("1.0"), true],
    // What is pinned by hand may be another package's tag: that is not certain.
    ["python-1.0", pinned("python-1.0"), false],
    ["python-1.0", { ...own, tagPrefix: "python-" }, true],
    ["a-b-1.0", { ...own, tagPrefix: "a-" }, false],
    ["a-1.0", { ...own, tagPrefix: "a" }, true],
    ["v1.0", { ...own, tagPrefix: "" }, true],
    ["release1.0", { ...own, tagPrefix: "release" }, true],
  ];
  for (const [tag, it, isOwn] of cases) {
    assertEquals(parseReleaseTag(tag, it) !== undefined, isOwn, `${tag} of ${JSON.stringify(it)}`);
  }
});

Deno.test("releaseTags() orders by PEP 440, not by text", () => {
  const tags = ["v1.9.0", "v1.10.0", "v1.10.0rc1", "v1.10.0.post1", "v1.10", "v0.9", "v1!0.1"];
  for (const shuffled of [tags, [...tags].reverse()]) {
    assertEquals(releaseTags(shuffled, { key: "a" }).map((it) => it.tag), [
      "v1!0.1",
      "v1.10.0.post1",
      "v1.10.0",
      "v1.10",
      "v1.10.0rc1",
      "v1.9.0",
      "v0.9",
    ]);
  }
});

Deno.test("releaseTags() keeps to the kind of tag that is pinned", () => {
  const tags = ["v3.0", "plug-1.0", "plug-1.1", "other-9.0", "v2.0", "2.1", "plug-b-7.0"];
  const read = (pin?: Pin) => releaseTags(tags, { key: "plug", pin }).map((it) => it.tag);
  assertEquals(read({ tag: "plug-1.0" }), ["plug-1.1", "plug-1.0"]);
  assertEquals(read({ tag: "v2.0" }), ["v3.0", "2.1", "v2.0"]);
  assertEquals(read({ tag: "other-1.0" }), ["other-9.0"]);
  for (const pin of [undefined, { tag: "nightly" }, { branch: "main" }]) {
    assertEquals(read(pin), ["plug-1.1", "plug-1.0"]);
  }
});

Deno.test("releaseTags() goes by the folder, then the name, and not by chance", () => {
  const tags = ["libs/genai/v1", "genai-v2", "libs/langchain-genai-v3", "other/genai-v4", "v5"];
  const read = (key: string, subdirectory?: string, all = tags) =>
    releaseTags(all, { key, subdirectory }).map((it) => it.tag);
  assertEquals(read("langchain-genai", "libs/genai"), ["libs/genai/v1"]);
  assertEquals(read("langchain-genai"), ["libs/langchain-genai-v3"]);
  assertEquals(read("langchain-genai", "libs/genai", tags.slice(1, 2)), ["genai-v2"]);
  assertEquals(read("genai"), ["genai-v2"]);
  assertEquals(read("genai", undefined, ["libs/genai/v1", "other/genai-v4"]), []);
  assertEquals(read("else"), ["v5"]);
  assertEquals(read("else", undefined, ["libs/genai/v1"]), []);
});

Deno.test("releaseTags() takes what begins with tag_prefix, to the letter", () => {
  const tags = ["a-1.0", "a-b-2.0", "a/v3.0", "a_v4.0", "A-5.0", "a6.0", "v7.0"];
  const read = (tagPrefix: string) =>
    releaseTags(tags, { key: "x", pin: { tag: "v7.0" }, tagPrefix }).map((it) => it.tag);
  assertEquals(read("a-"), ["a-1.0"]);
  assertEquals(read("a/"), ["a/v3.0"]);
  assertEquals(read("a"), ["a6.0", "a_v4.0", "a/v3.0", "a-1.0"]);
  assertEquals(read(""), ["v7.0"]);
  assertEquals(read("b"), []);
});

Deno.test("pinnedRelease() reads the pin, whatever the prefix is", () => {
  const version = (tag: string, tagPrefix?: string) => {
    const release = pinnedRelease({ key: "x", pin: { tag }, tagPrefix });
    return release && formatVersion(release.version);
  };
  assertEquals(version("libs/genai/v4.3.5"), "4.3.5");
  assertEquals(version("v1.0", "libs/genai/"), "1.0");
  assertEquals(version("release4.0", "release"), "4.0");
  assertEquals(version("release4.0"), undefined);
  assertEquals(pinnedRelease({ key: "x", pin: { branch: "1.0" } }), undefined);
});

Deno.test("isForeignRelease() is so only of what another package has released", () => {
  const it = { key: "plug", pin: { tag: "libs/plug/v1.0" } };
  const foreign = (tag: string, more = {}) => isForeignRelease(tag, { ...it, ...more });
  assertEquals(foreign("libs/other/v1.0"), true);
  assertEquals(foreign("libs/plug/v2.0"), false);
  assertEquals(foreign("plug-2.0"), false);
  assertEquals(foreign("v2.0"), false);
  assertEquals(foreign("stable"), false);
  assertEquals(foreign("libs/other/v1.0", { pin: undefined }), false);
  assertEquals(foreign("v2.0", { tagPrefix: "libs/plug/" }), true);
});

Deno.test("tagPrefixes() has what resembles the name first, then what comes most often", () => {
  const tags = [
    "a/one-v1.0",
    "a/one-v1.1",
    "a/one-1.2",
    "a/plug-v1.0",
    "a/plug-v2.0rc1",
    "b-1.0rc1",
  ];
  assertEquals(tagPrefixes([...tags, "nightly"], { key: "my-plug" }), [
    { prefix: "a/plug-v", newest: "a/plug-v1.0" },
    { prefix: "a/one-", newest: "a/one-1.2" },
    { prefix: "b-", newest: "b-1.0rc1" },
  ]);
});

Deno.test("releaseTags() takes dates for versions only where there is nothing else", () => {
  const read = (...tags: string[]) => releaseTags(tags, { key: "a" }).map((it) => it.tag);
  assertEquals(read("20240131", "1.2.0", "v3"), ["v3", "1.2.0"]);
  assertEquals(read("20240131", "20240201"), ["20240201", "20240131"]);
});

Deno.test("newestRelease() passes over pre-releases unless asked", () => {
  const newest = (pre: boolean, ...tags: string[]) =>
    newestRelease(releaseTags(tags, { key: "a" }), { pre })?.tag;
  assertEquals(newest(false, "1.0", "2.0rc1", "2.0.dev3"), "1.0");
  assertEquals(newest(true, "1.0", "2.0rc1", "2.0.dev3"), "2.0rc1");
  assertEquals(newest(false, "2.0rc1"), undefined);
  assertEquals(newest(false), undefined);
});

Deno.test("newestRelease() is the highest of any release tags", () => {
  const part = fc.nat(30);
  fc.assert(fc.property(fc.array(fc.tuple(part, part, part), { minLength: 1 }), (versions) => {
    const tags = versions.map((it) => `v${it.join(".")}`);
    const best = versions.reduce((a, b) =>
      (a[0] - b[0] || a[1] - b[1] || a[2] - b[2]) >= 0 ? a : b
    );
    assertEquals(
      newestRelease(releaseTags(tags, { key: "a" }), { pre: false })?.tag,
      `v${best.join(".")}`,
    );
  }));
});

Deno.test("nearbyTags() lists the versions around, or the nearest name", () => {
  const tags = ["v0.1", "v1.0", "v1.1", "v1.2", "v2.0", "v2.1", "stable"];
  assertEquals(nearbyTags("v1.3", tags, { key: "a" }), ["v2.1", "v2.0", "v1.2", "v1.1", "v1.0"]);
  assertEquals(nearbyTags("v9", tags, { key: "a" }), ["v2.1", "v2.0", "v1.2", "v1.1", "v1.0"]);
  // What has the same version, by another name, is what was meant.
  const around = ["v1.1", "v2.0", "v1.2", "v1.0", "v0.1"];
  assertEquals(nearbyTags("1.1", tags, { key: "a" }), around);
  assertEquals(nearbyTags("v1.1.0", tags, { key: "a" }), around);
  assertEquals(nearbyTags("stabel", tags, { key: "a" }), [
    "stable",
    "v2.1",
    "v2.0",
    "v1.2",
    "v1.1",
  ]);
  assertEquals(nearbyTags("v1.0", ["nightly"], { key: "a" }), ["nightly"]);
  assertEquals(nearbyTags("v1.0", [], { key: "a" }), []);
  const mono = ["libs/a/v1.0", "libs/a/v2.0", "libs/b/v1.5"];
  assertEquals(nearbyTags("v1.5", mono, { key: "a" }), ["libs/a/v2.0", "libs/a/v1.0"]);
  assertEquals(nearbyTags("libs/b/v1.6", mono, { key: "a" }), ["libs/b/v1.5"]);
});

Deno.test("parseRefs() takes an annotated tag for the commit that it stands for", () => {
  const [tag, commit, other] = ["a", "b", "c"].map((it) => it.repeat(40));
  const refs = parseRefs(
    `${other}\trefs/heads/feature/x\n${tag}\trefs/tags/v1\n${commit}\trefs/tags/v1^{}\n` +
      `${other}\trefs/tags/light\n${other}\trefs/pull/1/head\n`,
  );
  assertEquals([...refs.tags], [["v1", commit], ["light", other]]);
  assertEquals([...refs.branches], [["feature/x", other]]);
});

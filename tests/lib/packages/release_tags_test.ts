import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { formatVersion } from "../../../lib/reconcile/versions.ts";
import {
  nearbyTags,
  newestRelease,
  parseReleaseTag,
  releaseTags,
} from "../../../lib/packages/release_tags.ts";
import { parseRefs } from "../../../lib/git/remote_refs.ts";

Deno.test("parseReleaseTag() reads versions behind the usual prefixes, and no others", () => {
  const cases: [string, string | undefined, boolean?][] = [
    ["1.2.0", "1.2.0"],
    ["v1.2.0", "1.2.0"],
    ["V1.2", "1.2"],
    ["v1.2.0-rc.1", "1.2.0rc1"],
    ["release-1.2.0", "1.2.0"],
    ["release/v1.2.0", "1.2.0"],
    ["v-1.2.0", "1.2.0"],
    ["plug-2-1.2.0", "1.2.0", true],
    ["plug_2/v1.2.0", "1.2.0", true],
    ["Plug.2@1.2.0", "1.2.0", true],
    ["plug-2==1.2.0", "1.2.0", true],
    ["2024.1.post1", "2024.1.post1"],
    ["1!2.0", "1!2.0"],
    ["other-1.2.0", undefined],
    ["plug-1.2.0", undefined],
    ["nightly", undefined],
    ["v1.2.x", undefined],
    ["1.2.0-final-really", undefined],
    ["", undefined],
  ];
  for (const [tag, version, named = false] of cases) {
    const read = parseReleaseTag(tag, "plug-2");
    const got = read && [formatVersion(read.version), read.named];
    assertEquals(got, version === undefined ? undefined : [version, named], tag);
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
  const tags = ["v3.0", "plug-1.0", "plug-1.1", "other-9.0", "v2.0"];
  const read = (like?: string) => releaseTags(tags, { key: "plug", like }).map((it) => it.tag);
  assertEquals(read("plug-1.0"), ["plug-1.1", "plug-1.0"]);
  assertEquals(read("v2.0"), ["v3.0", "v2.0"]);
  assertEquals(read(), ["plug-1.1", "plug-1.0"]);
  assertEquals(read("nightly"), ["plug-1.1", "plug-1.0"]);
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
  assertEquals(nearbyTags("v1.3", tags, "a"), ["v2.1", "v2.0", "v1.2", "v1.1", "v1.0"]);
  assertEquals(nearbyTags("v9", tags, "a"), ["v2.1", "v2.0", "v1.2", "v1.1", "v1.0"]);
  assertEquals(nearbyTags("stabel", tags, "a"), ["stable", "v2.1", "v2.0", "v1.2", "v1.1"]);
  assertEquals(nearbyTags("v1.0", ["nightly"], "a"), ["nightly"]);
  assertEquals(nearbyTags("v1.0", [], "a"), []);
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

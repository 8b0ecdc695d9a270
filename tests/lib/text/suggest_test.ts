import { assertEquals } from "@std/assert";
import { suggest } from "../../../lib/text/suggest.ts";

Deno.test("suggest() finds the nearest word", () => {
  assertEquals(suggest("tagg", ["mode", "tag", "tags-of"]), "tag");
  assertEquals(suggest("packages-dir", ["packages", "packages_dir"]), "packages_dir");
  assertEquals(suggest("My.Plugn", ["other", "my-plugin"]), "my-plugin");
  assertEquals(suggest("devel", ["prod", "dev"]), undefined);
  assertEquals(suggest("deb", ["prod", "dev"]), "dev");
});

Deno.test("suggest() says nothing when no word is near", () => {
  assertEquals(suggest("x", ["y", "a"]), undefined);
  assertEquals(suggest("filter", ["git", "mode"]), undefined);
  assertEquals(suggest("", ["git"]), undefined);
  assertEquals(suggest("git", []), undefined);
  assertEquals(suggest("a".repeat(101), ["a".repeat(101)]), undefined);
});

Deno.test("suggest() takes words that can be gone through once only", () => {
  assertEquals(suggest("mian", new Map([["main", 1]]).keys()), "main");
});

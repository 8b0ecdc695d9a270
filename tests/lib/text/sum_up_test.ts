import { assertEquals } from "@std/assert";
import { sumUp } from "../../../lib/text/sum_up.ts";

const list = (text: string, verbose = false) =>
  sumUp([...text], {
    kind: (it) => it === "!" ? undefined : it,
    one: (it) => it,
    many: (all) => `${all.length}${all[0]}`,
    verbose,
  }).join(" ");

Deno.test("sumUp() lists five of a kind, and says how many there are of six", () => {
  assertEquals(list("aaaaa"), "a a a a a");
  assertEquals(list("aaaaaa"), "6a");
  assertEquals(list("aaaaaa", true), "a a a a a a");
});

Deno.test("sumUp() keeps the order of kinds, and lists what stands for itself", () => {
  assertEquals(list("b!a!a!a!a!aa!b!"), "b ! 6a ! ! ! ! ! b !");
  assertEquals(list(""), "");
});

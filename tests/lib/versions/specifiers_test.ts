import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  containsVersion,
  intersectVersions,
  isEmpty,
  parseSpecifiers,
  type VersionSet,
} from "../../../lib/versions/specifiers.ts";
import { findVersion } from "../../../lib/versions/ranges.ts";
import { compareVersions, formatVersion, parseVersion } from "../../../lib/versions/versions.ts";
// The answers of Python's `packaging` 26.3.
import cases from "./specifier_cases.json" with { type: "json" };

function versions(text: string): VersionSet {
  const parsed = parseSpecifiers(text);
  assert(parsed.ok, text);
  return parsed.value;
}

function contains(specifiers: string, text: string): boolean {
  return containsVersion(versions(specifiers), parseVersion(text)!, text);
}

const RELEASES = ["0", "0.1", "1", "1.0", "1.0.0.1", "1.0.1", "1.1", "2", "10"];
const SUFFIXES = ["", ".dev0", ".dev1", "a0.dev0", "a0", "a1", "a1.post0", "b0", "rc1"].concat(
  [".post0.dev0", ".post0", ".post1", ".post1.dev1", ".post2"],
);
const GRID = ["", "1!"].flatMap((epoch) =>
  RELEASES.flatMap((release) =>
    SUFFIXES.flatMap((suffix) =>
      ["", "+0a", "+a", "+a.1", "+1"].map((local) => epoch + release + suffix + local)
    )
  )
).map((text) => ({ text, version: parseVersion(text)! }));

const version = fc.tuple(
  fc.constantFrom("", "", "", "1!"),
  fc.constantFrom(...RELEASES),
  fc.constantFrom(...SUFFIXES),
).map((parts) => parts.join(""));
const clause = fc.oneof(
  fc.tuple(fc.constantFrom("<", "<=", ">", ">=", "==", "!="), version).map((parts) =>
    parts.join("")
  ),
  fc.tuple(fc.constantFrom("==", "!=", "==="), version, fc.constantFrom("+a", "+1")).map((parts) =>
    parts.join("")
  ),
  fc.tuple(fc.constantFrom("==", "!="), fc.constantFrom(...RELEASES)).map((parts) =>
    `${parts.join("")}.*`
  ),
  fc.constantFrom(...RELEASES.filter((release) => release.includes("."))).map((release) =>
    `~=${release}`
  ),
);

Deno.test("parseSpecifiers() agrees with Python's packaging on what is empty", () => {
  for (const text of cases.unsatisfiable) assertEquals(isEmpty(versions(text)), true, text);
  for (const text of cases.satisfiable) assertEquals(isEmpty(versions(text)), false, text);
});

Deno.test("containsVersion() agrees with Python's packaging", () => {
  for (const [list, expected] of [[cases.contained, true], [cases.notContained, false]] as const) {
    for (const item of list) {
      const [text, specifier] = item.split(" ") as [string, string];
      assertEquals(contains(specifier, text), expected, item);
    }
  }
});

Deno.test("intersectVersions() holds a version of a grid if and only if both sides do", () => {
  fc.assert(fc.property(clause, clause, clause, (a, b, c) => {
    const all = intersectVersions(intersectVersions(versions(a), versions(b)), versions(c));
    let isFound = false;
    for (const { text, version } of GRID) {
      const isInEach = [a, b, c].every((one) => containsVersion(versions(one), version, text));
      const exactly = [a, b, c].some((one) => one.startsWith("==="));
      // `===` compares texts, and an intersection keeps one text of them.
      if (!exactly) assertEquals(containsVersion(all, version, text), isInEach, text);
      isFound ||= isInEach;
    }
    if (isFound) assertEquals(isEmpty(all), false);
  }));
});

Deno.test("isEmpty() is false only where a version can be written down", () => {
  fc.assert(fc.property(fc.array(clause, { minLength: 1, maxLength: 5 }), (clauses) => {
    const all = clauses.map(versions).reduce(intersectVersions);
    for (const range of all.ranges) {
      const found = findVersion(range);
      assert(found !== undefined, clauses.join());
      const text = formatVersion(found);
      const isSame = all.exact === undefined || all.exact === text;
      const ordinary = clauses.filter((one) => !one.startsWith("==="));
      for (const one of ordinary) assert(contains(one, text), `${text} in ${one}`);
      if (isSame) { for (const one of clauses) assert(contains(one, text), `${text} in ${one}`); }
    }
  }));
});

Deno.test("parseSpecifiers() decides by what lies between the bounds", () => {
  assert(isEmpty(versions(">=3.7,<3")));
  assert(isEmpty(versions(">1.0.post1,<1.0.post2")));
  assert(isEmpty(versions("<0.dev0")));
  assert(isEmpty(versions("==1.*,>=2.0a1")));
  assert(isEmpty(versions("~=1.4.2,==1.5")));
  assert(!isEmpty(versions(">1.9,<1.10")));
  assert(!isEmpty(versions(">1.0,<1.0.0.1")));
  assert(!isEmpty(versions("==1.0,!=1.0+a")));
  assert(!isEmpty(versions(">1.0.post1,<=1.0.post2")));
  assert(isEmpty(versions(">1.0.post1,<=1.0.post2,!=1.0.post2,<1.0.post2.dev0")));
  assert(!isEmpty(versions(">1.0a1,<1.0a2")));
  assert(!isEmpty(versions(">1.0a1,<1.0b0")));
  assert(isEmpty(versions(">1.0.dev1,<1.0.dev2")));
  assert(!isEmpty(versions(">1.0.dev1,<1.0a0")));
  assert(isEmpty(versions("===1.0,===1.0.0")));
  assert(isEmpty(versions("===abc,>=0")));
});

Deno.test("containsVersion() follows the exclusive comparisons of PEP 440", () => {
  assertEquals(contains(">1.7", "1.7.0.post1"), false);
  assertEquals(contains(">1.7", "1.7+local"), false);
  assertEquals(contains(">1.7.post2", "1.7.post3"), true);
  assertEquals(contains("<3.0", "3.0rc1"), false);
  assertEquals(contains("<3.0rc2", "3.0rc1"), true);
  assertEquals(contains(">=2", "2.0.dev1"), false);
  assertEquals(contains(">=1", "2.0.dev1"), true);
  assertEquals(contains("==1.0", "1.0+g123"), true);
  assertEquals(contains("==1.0.*", "1"), true);
});

Deno.test("parseSpecifiers() says what is wrong", () => {
  const bad = ["1.0", "=1.0", ">=x", "~=1", ">=1+a", "==1.0a1.*", "==1.*.*", ">=1,,<2", ">= 1 2"];
  for (const text of bad) assertEquals(parseSpecifiers(text).ok, false, text);
  for (const text of ["", ">=1,", ">=1.*", "== 1.0 , != 2"]) assert(parseSpecifiers(text).ok, text);
});

Deno.test("compareVersions() orders as the summary of PEP 440 does", () => {
  const ordered = ["1.dev0", "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12"]
    .concat(["1.0b1.dev456", "1.0b2", "1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456"])
    .concat(["1.0rc1", "1.0", "1.0+abc.5", "1.0+abc.7", "1.0+5", "1.0.post456.dev34"])
    .concat(["1.0.post456", "1.0.15", "1.1.dev1", "1!0.1"]);
  for (const [index, text] of ordered.slice(1).entries()) {
    const before = parseVersion(ordered[index]!)!;
    assert(compareVersions(before, parseVersion(text)!) < 0, `${ordered[index]} < ${text}`);
  }
});

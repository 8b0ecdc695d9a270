import { assertEquals } from "@std/assert";
import { describeConflict, findConflicts } from "../../../lib/text/conflict.ts";

const BLOCK = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n";

Deno.test("findConflicts() finds the lines of each conflict's marks, in every style of git's", () => {
  const cases: readonly (readonly [string, readonly (readonly number[])[]])[] = [
    [`a\n${BLOCK}b\n${BLOCK}`, [[2, 4, 6], [8, 10, 12]]],
    [`a\n${BLOCK}`.replaceAll("\n", "\r\n"), [[2, 4, 6]]],
    ["<<<<<<< HEAD\nours\n||||||| 1234567\nbase\n=======\ntheirs\n>>>>>>> b", [[1, 3, 5, 7]]],
    ["<<<<<<<\nours\n=======\n>>>>>>>\n", [[1, 3, 4]]],
    ["<<<<<<<<<< HEAD\na\n==========\nb\n>>>>>>>>>> b\n", [[1, 3, 5]]],
    // The base of a criss-cross merge holds a conflict of its own.
    [
      "<<<<<<< HEAD\na\n||||||| merged common ancestors\n<<<<<<<<< Temporary merge branch 1\nx\n=========\ny\n" +
      ">>>>>>>>> Temporary merge branch 2\n=======\nb\n>>>>>>> b\n",
      [[1, 3, 9, 11]],
    ],
  ];
  for (const [text, expected] of cases) assertEquals(findConflicts(text), expected, text);
});

Deno.test("findConflicts() finds what is left of a conflict that was settled in part", () => {
  assertEquals(findConflicts("a\nours\n=======\ntheirs\n>>>>>>> branch\n"), [[5]]);
  assertEquals(findConflicts("<<<<<<< HEAD\nours\n"), [[1]]);
});

Deno.test("findConflicts() takes no other lines for marks", () => {
  for (
    const text of [
      "a\n=======\nb\n",
      "<<<<<< six\n",
      " <<<<<<< HEAD\n",
      "<<<<<<<HEAD\n",
      "|||||||\n",
    ]
  ) {
    assertEquals(findConflicts(text), [], text);
  }
});

Deno.test("describeConflict() names the lines", () => {
  assertEquals(describeConflict([3, 5, 9]), "unresolved merge conflict in lines 3 to 9");
  assertEquals(describeConflict([3]), "unresolved merge conflict in line 3");
});

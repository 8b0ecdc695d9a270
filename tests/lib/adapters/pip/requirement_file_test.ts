import { assertEquals } from "@std/assert";
import { readRequirementFile } from "../../../../lib/adapters/pip/requirement_file.ts";

const read = (text: string) =>
  readRequirementFile(text).map(({ first, last, kind, value, hasHashes }) => [
    first === last ? first : [first, last],
    kind,
    value,
    ...hasHashes ? ["hashes"] : [],
  ]);

Deno.test("readRequirementFile() reads what pip reads", () => {
  assertEquals(
    read(`# a comment \\
plug-a[fast]>=1 ; python_version < "3.12"  # why
-r base.txt
-rbase.txt
--requirement=base.txt
--requirement base.txt
-c constraints.txt
--constraint=../constraints.txt
-e .
--editable ../plug-a
-e "git+https://example.com/plug-a@v1#egg=plug-a"
plug-b @ git+https://example.com/plug-b@v1#subdirectory=python/plug-b
./wheels/plug_c-1.0-py3-none-any.whl
--index-url https://example.com/simple
idna==3.7 --hash=sha256:ab
idna==3.7 \\
    --hash=sha256:ab

`),
    [
      [1, "requirement", 'plug-a[fast]>=1 ; python_version < "3.12"'],
      [2, "file", "base.txt"],
      [3, "file", "base.txt"],
      [4, "file", "base.txt"],
      [5, "file", "base.txt"],
      [6, "constraints", "constraints.txt"],
      [7, "constraints", "../constraints.txt"],
      [8, "editable", "."],
      [9, "editable", "../plug-a"],
      [10, "editable", "git+https://example.com/plug-a@v1#egg=plug-a"],
      [11, "requirement", "plug-b @ git+https://example.com/plug-b@v1#subdirectory=python/plug-b"],
      [12, "requirement", "./wheels/plug_c-1.0-py3-none-any.whl"],
      [13, "option", "--index-url https://example.com/simple"],
      [14, "requirement", "idna==3.7", "hashes"],
      [[15, 16], "requirement", "idna==3.7", "hashes"],
    ],
  );
});

Deno.test("readRequirementFile() reads any text", () => {
  for (const text of ["", "\\", "\\\n", "a \\", "a \\\n# b", "-r", "-e", "\uFEFF", "\r\n\r"]) {
    readRequirementFile(text);
  }
  assertEquals(read("\uFEFFidna\r\n-r"), [[0, "requirement", "idna"], [1, "file", ""]]);
});

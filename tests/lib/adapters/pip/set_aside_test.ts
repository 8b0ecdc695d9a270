import { assertEquals } from "@std/assert";
import { readRequirementFile } from "../../../../lib/adapters/pip/requirement_file.ts";
import { linesAside, putBack, setAside } from "../../../../lib/adapters/pip/set_aside.ts";

const FILE = [
  "\uFEFF# all of it",
  "plug-a==1.0  # for now",
  "  plug-a == 1.0 ; \\",
  '    python_version < "3.12" \\',
  "    --hash=sha256:ab \\",
  "    --hash=sha256:cd",
  "idna==3.7 \\",
  "# not the rest",
  "-e ./plug-a \\",
  "",
  "-r other.txt",
].join("\r\n");

const isOnPlug = ({ value }: { readonly value: string }) => value.includes("plug-a");

Deno.test("setAside() makes comments of lines, whatever they go on to", () => {
  assertEquals(
    setAside(FILE, isOnPlug),
    [
      "\uFEFF# all of it",
      "# plug-a==1.0  # for now  # set aside by hsm",
      "#   plug-a == 1.0 ; \\  # set aside by hsm",
      '#     python_version < "3.12" \\  # set aside by hsm',
      "#     --hash=sha256:ab \\  # set aside by hsm",
      "#     --hash=sha256:cd  # set aside by hsm",
      "idna==3.7 \\",
      "# not the rest",
      "# -e ./plug-a \\  # set aside by hsm",
      "#   # set aside by hsm",
      "-r other.txt",
    ].join("\r\n"),
  );
});

Deno.test("putBack() gives each byte back, and a second setAside() changes nothing", () => {
  for (const text of [FILE, `${FILE}\r\n`, "plug-a", "plug-a\n\n", "", "\n", "a\rplug-a\r"]) {
    const aside = setAside(text, isOnPlug);
    assertEquals(putBack(aside), text);
    assertEquals(setAside(aside, isOnPlug), aside);
    assertEquals(setAside(aside, () => false), text);
    assertEquals(
      linesAside(aside).map((it) => it.value),
      readRequirementFile(text).filter(isOnPlug).map((it) => it.value),
    );
    assertEquals(readRequirementFile(aside).filter(isOnPlug), []);
  }
});

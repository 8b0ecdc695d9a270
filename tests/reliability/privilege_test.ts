import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { EXECUTABLE_PERMISSIONS } from "../../tools/permissions.ts";

const PROBE = fromFileUrl(new URL("./probe.ts", import.meta.url));

const REFUSED = {
  "connect": "refused",
  "fetch": "refused",
  "listen": "refused",
  "resolve": "refused",
  "foreign code": "refused",
  "remote import": "refused",
  "system information": "refused",
};

async function output(program: string, ...args: string[]): Promise<[boolean, string, string]> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, stdin: "null" })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return [success, text(stdout), text(stderr)];
}

Deno.test("with the executable's permissions the network, foreign code and remote imports are refused", async () => {
  const [, stdout] = await output(
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-config",
    ...EXECUTABLE_PERMISSIONS,
    PROBE,
  );
  assertEquals(JSON.parse(stdout), REFUSED);
  // Without them they are not.
  const [, open] = await output(Deno.execPath(), "run", "--quiet", "--no-config", "-A", PROBE);
  assertEquals(Object.values(JSON.parse(open)).includes("refused"), false, open);
});

Deno.test("an executable compiled as hsm is refuses the same", async () => {
  const folder = await Deno.makeTempDir({ prefix: "hsm-probe-" });
  try {
    const probe = join(folder, "probe");
    const [made, , stderr] = await output(
      Deno.execPath(),
      "compile",
      "--quiet",
      "--no-check",
      "--no-config",
      ...EXECUTABLE_PERMISSIONS,
      `--output=${probe}`,
      PROBE,
    );
    if (!made) {
      console.log(`compiled probe: skipped, there is no denort (${stderr.trim().split("\n")[0]})`);
      return;
    }
    const [, stdout] = await output(probe);
    assertEquals(JSON.parse(stdout), REFUSED);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the executable itself was compiled with these permissions", async () => {
  const binary = Deno.env.get("HSM_TEST_BINARY");
  if (!binary) {
    return console.log("the executable's permissions: skipped, HSM_TEST_BINARY names none");
  }
  const text = new TextDecoder("latin1").decode(await Deno.readFile(binary));
  const found = /"permissions":(\{[^}]*\})/.exec(text)?.[1];
  assert(found !== undefined, "the executable says nothing of its permissions");
  const { allow_net, deny_net, allow_ffi, deny_ffi, deny_import, allow_sys, prompt } = JSON.parse(
    found,
  );
  assertEquals(
    { allow_net, deny_net, allow_ffi, deny_ffi, deny_import, allow_sys, prompt },
    // An empty list denies everything.
    {
      allow_net: null,
      deny_net: [],
      allow_ffi: null,
      deny_ffi: [],
      deny_import: [],
      allow_sys: null,
      prompt: false,
    },
  );
});

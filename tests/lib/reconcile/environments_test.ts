import { assert, assertEquals } from "@std/assert";
import { EnvironmentSet } from "../../../lib/reconcile/environments.ts";
import type { Marker } from "../../../lib/versions/marker.ts";
import { parseMarker } from "../../../lib/versions/requirement.ts";
import { parseSpecifiers } from "../../../lib/versions/specifiers.ts";

function marker(text: string): Marker {
  const parsed = parseMarker(text);
  assert(parsed.ok && parsed.value !== undefined, text);
  return parsed.value;
}

/** Whether two markers hold together in some environment of an app with this `requires-python`. */
function meet(a: string, b: string, python = ">=3.9"): boolean {
  const allowed = parseSpecifiers(python);
  assert(allowed.ok);
  const set = new EnvironmentSet([marker(a), marker(b)], [python], allowed.value);
  return (set.evaluate(marker(a)) & set.evaluate(marker(b))) !== 0n;
}

Deno.test("evaluate() finds out whether two markers hold together anywhere", () => {
  assertEquals(meet("sys_platform == 'win32'", "sys_platform == 'linux'"), false);
  assertEquals(meet("sys_platform == 'win32'", "os_name == 'nt'"), true);
  assertEquals(meet("sys_platform == 'win32'", "platform_system == 'Linux'"), false);
  assertEquals(meet("sys_platform == 'darwin'", "platform_machine == 'arm64'"), true);
  assertEquals(meet("python_version < '3.11'", "python_version >= '3.11'"), false);
  assertEquals(meet("python_version <= '3.11'", "python_full_version > '3.11.4'"), true);
  assertEquals(meet("python_version < '3.10'", "os_name == 'posix'", ">=3.10"), false);
  assertEquals(meet("python_full_version < '3.10.2'", "os_name == 'posix'", ">=3.10"), true);
  assertEquals(meet("python_version >= '3.12'", "os_name == 'posix'", ">=3.9,<3.12"), false);
  assertEquals(meet("python_version in '3.9 3.10'", "python_version == '3.10'"), true);
  assertEquals(meet("python_version not in '3.9 3.10'", "python_version < '3.11'"), false);
  assertEquals(meet("'linux' in sys_platform", "sys_platform == 'win32'"), false);
  assertEquals(meet("implementation_name != 'cpython'", "python_version >= '3.9'"), true);
  assertEquals(meet("platform_python_implementation == 'PyPy'", "os_name == 'nt'"), true);
  assertEquals(meet("sys_platform == 'freebsd14'", "os_name == 'posix'"), true);
  assertEquals(meet("sys_platform == 'freebsd14'", "platform_machine == 'arm64'"), true);
  assertEquals(meet("sys_platform == 'linux'", "platform_machine == 'arm64'"), true);
  assertEquals(meet("platform_machine == 'ppc64le'", "sys_platform == 'linux'"), true);
  assertEquals(meet("python_version > '3.9'", "python_version < '3.10'"), false);
  assertEquals(meet("python_version ~= '3.9'", "python_version >= '4'"), false);
});

Deno.test("evaluate() takes extras for true only where they are asked for", () => {
  const extra = marker("extra == 'Fast_Mode'");
  const set = new EnvironmentSet([extra], [], undefined);
  assertEquals(set.evaluate(extra), 0n);
  assertEquals(set.evaluate(extra, new Map([["fast-mode", set.all]])), set.all);
  assertEquals(set.evaluate(marker("extra != 'x'")), set.all);
});

Deno.test("describe() names what an environment has that others have not", () => {
  const windows = marker("sys_platform == 'win32' and python_version < '3.10'");
  const python = parseSpecifiers(">=3.9");
  assert(python.ok);
  const set = new EnvironmentSet([windows], [], python.value);
  const text = set.describe(set.evaluate(windows));
  assert(text.startsWith("on win32"), text);
  assert(text.endsWith("Python 3.9"), text);
  assertEquals(set.describe(set.all), "");
});

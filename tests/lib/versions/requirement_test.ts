import { assert, assertEquals } from "@std/assert";
import type { Marker } from "../../../lib/versions/marker.ts";
import { parseRequirement, type Requirement } from "../../../lib/versions/requirement.ts";

function read(text: string): Requirement {
  const parsed = parseRequirement(text);
  assert(parsed.ok, `${text}: ${parsed.ok ? "" : parsed.reason}`);
  return parsed.value;
}

/** The marker with every grouping shown. */
function show(marker: Marker | undefined): string {
  if (marker === undefined) return "";
  if (marker.kind === "compare") {
    const { variable, operator, value, isReversed } = marker;
    return isReversed && operator.endsWith("in")
      ? `'${value}' ${operator} ${variable}`
      : `${variable} ${operator} '${value}'`;
  }
  return `(${show(marker.left)} ${marker.kind} ${show(marker.right)})`;
}

function summary(text: string): readonly unknown[] {
  const { name, extras, specifier, url, marker } = read(text);
  return [name, extras.join(), specifier, url ?? "", show(marker)];
}

Deno.test("parseRequirement() reads every example of PEP 508", () => {
  const examples: readonly (readonly [string, ...string[]])[] = [
    ["A", "A", "", "", "", ""],
    ["A.B-C_D", "A.B-C_D", "", "", "", ""],
    ["aa", "aa", "", "", "", ""],
    ["name", "name", "", "", "", ""],
    ["name<=1", "name", "", "<=1", "", ""],
    ["name>=3", "name", "", ">=3", "", ""],
    ["name>=3,<2", "name", "", ">=3,<2", "", ""],
    ["name@http://foo.com", "name", "", "", "http://foo.com", ""],
    [
      "name [fred,bar] @ http://foo.com ; python_version=='2.7'",
      ...["name", "fred,bar", "", "http://foo.com", "python_version == '2.7'"],
    ],
    [
      "name[quux, strange];python_version<'2.7' and platform_version=='2'",
      ...["name", "quux,strange", "", ""],
      "(python_version < '2.7' and platform_version == '2')",
    ],
    [
      "name; os_name=='a' or os_name=='b'",
      ...["name", "", "", "", "(os_name == 'a' or os_name == 'b')"],
    ],
    [
      "name; os_name=='a' and os_name=='b' or os_name=='c'",
      ...["name", "", "", "", "((os_name == 'a' and os_name == 'b') or os_name == 'c')"],
    ],
    [
      "name; os_name=='a' and (os_name=='b' or os_name=='c')",
      ...["name", "", "", "", "(os_name == 'a' and (os_name == 'b' or os_name == 'c'))"],
    ],
    [
      "name; os_name=='a' or os_name=='b' and os_name=='c'",
      ...["name", "", "", "", "(os_name == 'a' or (os_name == 'b' and os_name == 'c'))"],
    ],
    [
      "name; (os_name=='a' or os_name=='b') and os_name=='c'",
      ...["name", "", "", "", "((os_name == 'a' or os_name == 'b') and os_name == 'c')"],
    ],
    [
      'requests [security,tests] >= 2.8.1, == 2.8.* ; python_version < "2.7"',
      ...["requests", "security,tests", ">= 2.8.1, == 2.8.*", "", "python_version < '2.7'"],
    ],
    [
      "pip @ https://example.org/pip/1.3.1.zip#sha1=da9234ee9982d4bbb3c72346a6de940a148ea686",
      ...["pip", "", ""],
      "https://example.org/pip/1.3.1.zip#sha1=da9234ee9982d4bbb3c72346a6de940a148ea686",
      "",
    ],
    ['argparse;python_version<"2.7"', "argparse", "", "", "", "python_version < '2.7'"],
    ["foo ; 'linux' in sys_platform", "foo", "", "", "", "'linux' in sys_platform"],
    ["foo; python_version not  in '2.6 2.7'", "foo", "", "", "", "python_version not in '2.6 2.7'"],
    ["foo; '3.8' <= python_version", "foo", "", "", "", "python_version >= '3.8'"],
    ["foo; os.name == 'nt'", "foo", "", "", "", "os_name == 'nt'"],
    [
      "foo; python_implementation=='CPython'",
      ...["foo", "", "", "", "platform_python_implementation == 'CPython'"],
    ],
    [
      "foo; os_name=='a'or(os_name=='b')",
      ...["foo", "", "", "", "(os_name == 'a' or os_name == 'b')"],
    ],
    ["foo (>=1, <2)", "foo", "", ">=1, <2", "", ""],
    ["foo(==1.*) ; extra == 'x'", "foo", "", "==1.*", "", "extra == 'x'"],
    ["foo===1.0-weird;os_name=='a'", "foo", "", "===1.0-weird", "", "os_name == 'a'"],
    ["foo~=1.4.2", "foo", "", "~=1.4.2", "", ""],
    ["foo[]", "foo", "", "", "", ""],
    ["foo[A_b]", "foo", "a-b", "", "", ""],
    ["foo@http://x/y;z", "foo", "", "", "http://x/y;z", ""],
    ["  foo\t>=1", "foo", "", ">=1", "", ""],
  ];
  for (const [text, ...expected] of examples) assertEquals(summary(text), expected, text);
});

Deno.test("parseRequirement() passes over what uv cannot make sense of in a marker", () => {
  const senseless = ["python_version in '3.10, 3.11'", "python_version == '3.1*'"]
    .concat(["python_version > '3.10.*'", "'3.11' in python_version", "python_version >= 'x'"])
    .concat(["os_name ~= 'nt'", "'a' == 'a'", "os_name == sys_platform", "python_version ~= '3'"]);
  for (const text of senseless) {
    assertEquals(show(read(`foo; ${text}`).marker), "", text);
    assertEquals(show(read(`foo; os_name == 'a' or ${text}`).marker), "os_name == 'a'", text);
    assertEquals(show(read(`foo; (${text}) and os_name == 'a'`).marker), "os_name == 'a'", text);
  }
  for (const text of ["python_version in '3.10 3.11'", "python_version == '3.10.*'"]) {
    assertEquals(show(read(`foo; ${text}`).marker), text);
  }
});

Deno.test("parseRequirement() says what is wrong, and where", () => {
  const bad = ["", "-foo", "foo-", "foo bar", "foo>=1 <2", "foo[", "foo[x,]", "foo[-]", "foo @ "]
    .concat(["foo;", "foo; os_name", "foo; os_name == ", "foo; nope == 'x'", "foo (>=1"])
    .concat(["foo; (os_name=='a'", "foo; os_name=='a' xor os_name=='b'", "foo,>=1", "foo==1.0;"])
    .concat(["foo>=bar", "foo; os_name = 'a'", "foo; os_name == 'a", "_foo"]);
  for (const text of bad) assertEquals(parseRequirement(text).ok, false, text);
  const parsed = parseRequirement("foo; nope == 'x'");
  assertEquals(parsed.ok ? "" : parsed.reason, '"nope" is not a marker variable at column 6');
});

Deno.test("parseRequirement() normalizes the name for comparing, and keeps it for showing", () => {
  const { name, key } = read("Foo.Bar__baz>=1");
  assertEquals([name, key], ["Foo.Bar__baz", "foo-bar-baz"]);
});

import { assertEquals } from "@std/assert";
import { errorOf, stepsIn } from "../../../../lib/adapters/uv/look.ts";

Deno.test("errorOf() says on one line what uv has wrapped", () => {
  const output = "Resolving…\nerror: No solution found when resolving dependencies\n" +
    "  cause: Because only plug-a>=1.1 is available and plug-c==1.0.0 depends on plug-a<1.1, we can\n" +
    "         conclude that plug-c==1.0.0 cannot be used.\nhint: try another version\n";
  assertEquals(
    errorOf(output),
    "No solution found when resolving dependencies: Because only plug-a>=1.1 is available and " +
      "plug-c==1.0.0 depends on plug-a<1.1, we can conclude that plug-c==1.0.0 cannot be used.",
  );
  assertEquals(errorOf("error: offline\n"), "offline");
  assertEquals(errorOf("Resolved 3 packages in 2ms\n"), undefined);
});

Deno.test("stepsIn() reads what uv would install, by its own lines", () => {
  const output =
    "Would download 1 package\nWould install 2 packages\n - idna==3.6\n + idna==3.7\n" +
    " ~ plug-a==1.0 (from file:///app/packages/plug-a)\n + Plug_B @ file:///app/packages/plug-b\n";
  assertEquals(stepsIn(output), [
    { action: "uninstall", package: "idna", what: "idna==3.6" },
    { action: "install", package: "idna", what: "idna==3.7" },
    {
      action: "reinstall",
      package: "plug-a",
      what: "plug-a==1.0 (from file:///app/packages/plug-a)",
    },
    { action: "install", package: "plug-b", what: "Plug_B @ file:///app/packages/plug-b" },
  ]);
});

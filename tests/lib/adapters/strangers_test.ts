import { assertEquals } from "@std/assert";
import { repositoryAddress } from "../../../lib/adapters/strangers.ts";

Deno.test("repositoryAddress() leaves out what only signs in, and takes what is no address as it is", () => {
  for (
    const [text, address] of [
      ["git+https://me:secret@example.com/org/my%20plug/", "https://example.com/org/my plug"],
      ["ssh://git@example.com/org/plug", "ssh://git@example.com/org/plug"],
      ["https://example.com/100%/plug", "https://example.com/100%/plug"],
      ["git@example.com:org/plug", "git@example.com:org/plug"],
      ["../plug", "../plug"],
    ] as const
  ) assertEquals(repositoryAddress(text), address);
});

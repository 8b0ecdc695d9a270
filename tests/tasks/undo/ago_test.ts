import { assertEquals } from "@std/assert";
import { ago } from "../../../tasks/undo/ago.ts";

Deno.test("ago() tells a moment in the largest unit that it fills", () => {
  const now = Date.parse("2026-03-01T12:00:00.000Z");
  const moments = {
    "2026-03-01T12:00:00.000Z": "just now",
    "2026-03-01T11:59:00.001Z": "just now",
    "2026-03-01T11:59:00.000Z": "1 minute ago",
    "2026-03-01T11:00:00.001Z": "59 minutes ago",
    "2026-03-01T10:00:00.000Z": "2 hours ago",
    "2026-02-28T12:00:00.000Z": "1 day ago",
    "2026-01-01T12:00:00.000Z": "1 month ago",
    "2024-01-01T12:00:00.000Z": "2 years ago",
    // A clock that was put back.
    "2026-03-02T12:00:00.000Z": "just now",
    "nonsense": "nonsense",
  };
  for (const [moment, told] of Object.entries(moments)) assertEquals(ago(moment, now), told);
});

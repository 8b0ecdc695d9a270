/**
 * What the processes of the concurrency tests do: `worker.ts count|hold|crash|script|shim|poetry|orphan|recover ROOT`.
 *
 * @module
 */

import { acquireLock } from "../../lib/transaction/lock.ts";
import { recover } from "../../lib/transaction/recover.ts";
import { Transaction } from "../../lib/transaction/transaction.ts";

const [what = "", root = ".", noted = ""] = Deno.args;
const files = ["pyproject.toml", "uv.lock"];
const path = `${root}/pyproject.toml`;
const forever = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30_000));

await using _lock = await acquireLock(root, { command: `hsm ${what}`, wait: true });
if (what === "hold") {
  console.log("locked");
  await forever();
}
const { restored } = await recover(root, {
  files,
  onWait: ({ pid, program }) => console.log(`waiting for ${program}, process ${pid ?? "unknown"}`),
});
if (what === "recover") {
  console.log(`restored ${restored.join(", ")}`);
  Deno.exit();
}
await using transaction = await Transaction.begin({ root, files, command: `hsm ${what}` });
if (what === "count") {
  const text = Deno.readTextFileSync(path);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await transaction.write("pyproject.toml", `${Number(text) + 1}`, { expected: text });
  await transaction.commit();
}
if (what === "crash") {
  await transaction.write("pyproject.toml", "new");
  console.log("written");
  await forever();
}
if (what === "script" || what === "shim") {
  await transaction.runProgram({ program: "uv", files: ["uv.lock"] }, async (started) => {
    // As the shim of a version manager: a script first, and then what it stands for.
    const end = what === "shim" ? "exec ./uv 20" : "echo late > uv.lock";
    const child = new Deno.Command("sh", { args: ["-c", `sleep 0.5; ${end}`], cwd: root }).spawn();
    if (noted === "noted") started(child.pid);
    console.log("running");
    await child.status;
  });
}
if (what === "poetry") {
  await transaction.runProgram({ program: "poetry", files: ["uv.lock"] }, async (started) => {
    const child = new Deno.Command(`${root}/poetry`, { cwd: root }).spawn();
    if (noted === "noted") started(child.pid);
    console.log("running");
    await child.status;
  });
}
if (what === "orphan") {
  await transaction.runProgram({ program: "sleep", files: ["uv.lock"] }, async (started) => {
    if (noted === "second") {
      const first = new Deno.Command("true", { cwd: root }).spawn();
      started(first.pid);
      await first.status;
    }
    const child = new Deno.Command("sleep", { args: ["20"], cwd: root }).spawn();
    if (noted !== "unnoted") started(child.pid);
    Deno.writeTextFileSync(`${root}/uv.lock`, "half wr");
    console.log("running");
    await child.status;
  });
}

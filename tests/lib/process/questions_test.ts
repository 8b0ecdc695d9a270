import { assertEquals } from "@std/assert";
import { Questions } from "../../../lib/process/questions.ts";

Deno.test("a question waits for all that runs, keeps the others waiting, and is followed by the next", async () => {
  const questions = new Questions();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const work = (name: string, until?: Promise<void>) => async () => {
    log.push(`${name} begins`);
    await until;
    log.push(`${name} ends`);
  };
  const first = questions.beside(work("clone", gate.promise));
  const failing = questions.beside(() => Promise.reject(new Error("no"))).catch(() => "failed");
  const asked = [questions.alone(work("one")), questions.alone(work("two"))];
  const later = questions.beside(work("fetch"));

  assertEquals(await failing, "failed");
  assertEquals(log, ["clone begins"]);
  gate.resolve();
  await Promise.all([first, ...asked, later]);

  assertEquals(log, [
    ...["clone begins", "clone ends"],
    ...["one begins", "one ends", "two begins", "two ends"],
    ...["fetch begins", "fetch ends"],
  ]);
});

/** Runs `git credential`, and returns what it says, and whether it knew an answer. */
async function credential(action: string, about: string, env: Readonly<Record<string, string>>) {
  const child = new Deno.Command("git", {
    args: ["credential", action],
    env: { ...env, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_GLOBAL: "/dev/null", GIT_ASKPASS: "" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${about}\n`));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  const [out, err] = [stdout, stderr].map((it) => new TextDecoder().decode(it));
  return { success, out: out ?? "", err: err ?? "" };
}

Deno.test("what git was answered it answers itself from then on, to the same server only", async () => {
  const questions = new Questions();
  const own = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "a.b", GIT_CONFIG_VALUE_0: "c" };
  const [here, other, plain] = ["https://one.test", "https://two.test", "http://one.test"].map(
    (url) => `url=${url}/team/plug-a.git\n`,
  );
  const login = "username=me\npassword=it's $x \\n=\n";

  const told = await credential("approve", here! + login, {
    ...own,
    ...questions.answers(own, { listening: true }),
  });
  const lines = told.err.split("\n").map((it) =>
    it.replace(/^(?=.*password=)/, "remote: half a line")
  );
  assertEquals(lines.map((line) => questions.hears(line)), lines.map((line) => line !== ""));
  const answers = questions.answers(own);

  assertEquals(answers["GIT_CONFIG_COUNT"], "2");
  const known = await credential("fill", here!, { ...own, ...answers });
  assertEquals(known.out.endsWith(`host=one.test\n${login}`), true, known.out);
  for (const about of [other!, plain!]) {
    const { success, out } = await credential("fill", about, { ...own, ...answers });
    assertEquals([success, out], [false, ""], about);
  }
  assertEquals(new Questions().hears(lines[0] ?? ""), false);
});

/**
 * Where programs are named in a command of dax's language.
 *
 * @module
 */

/** What dax does itself. */
export const BUILT_IN: ReadonlySet<string> = new Set(
  (": cd printenv echo cat exit export set shopt sleep test rm mkdir cp mv pwd touch true false " +
    "unset which").split(" "),
);

/** A part of a command: an operator, a quoted text, what begins a part of its own, or plain text. */
const PART =
  /'[^']*'|\\[\s\S]|\$\(|[<>]&|&>|[;|&\n()"`]|[^\S\n]+|!(?=\s)|\w+=|[^\s'"\\$;|&()`<>]+|[\s\S]/y;
/** The same between double quotes. */
const QUOTED_PART = /\\[\s\S]|\$\(|["`]|[^"\\$`]+|[\s\S]/y;

/** What the text is in: a list of commands, or double quotes; and what ends it. */
interface Inside {
  readonly end: ")" | '"' | "`" | "";
  /** Whether the next word names a program. */
  expects: boolean;
  /** Whether the last part was part of a word. */
  inWord: boolean;
  /** Whether that word is a variable for the program, as in `X=1 program`. */
  isVariable: boolean;
}

const begin = (end: Inside["end"]): Inside => ({
  end,
  expects: true,
  inWord: false,
  isVariable: false,
});

/**
 * Puts a word before each word of a command that names a program, whatever it is: by a name, by a path, or by a variable.
 * What dax does itself stays as it is. Pure.
 *
 * @param texts What stands between the values.
 * @param values Each a word, or words, of its own.
 */
export function markPrograms(
  texts: readonly string[],
  values: readonly unknown[],
  mark: string,
): readonly string[] {
  const stack = [begin("")];
  return texts.map((text, index) => {
    let marked = "";
    for (let at = 0; at < text.length;) {
      const inside = stack.at(-1)!;
      const pattern = inside.end === '"' ? QUOTED_PART : PART;
      pattern.lastIndex = at;
      const [part = ""] = pattern.exec(text) ?? [];
      at += part.length;
      const goesOn = at === text.length && index < values.length;
      if (inside.end !== '"' && beginsProgram(inside, part)) {
        const isWhole = !goesOn && /^(?:$|[\s;|&()<>])/.test(text.slice(at));
        if (!isWhole || !BUILT_IN.has(part)) marked += `${mark} `;
      }
      marked += part;
      nest(stack, inside, part);
    }
    const inside = stack.at(-1)!;
    const [first] = [values[index]].flat();
    if (index < values.length && first !== undefined && inside.end !== '"') {
      const goesOn = /^[^\s;|&()<>]/.test(texts[index + 1] ?? "");
      const isBuiltIn = !goesOn && BUILT_IN.has(String(first));
      if (beginsProgram(inside, "value") && !isBuiltIn) marked += `${mark} `;
    }
    return marked;
  });
}

/** Takes note of a part of a list of commands; whether it is the beginning of a program's name. */
function beginsProgram(inside: Inside, part: string): boolean {
  if (/^(?:[;|&\n()<>]|[<>]&|&>|\s+|!)$/.test(part) || part === inside.end) {
    if (/^[;|&\n]$/.test(part)) inside.expects = true;
    else if (part === "(" || inside.inWord && !inside.isVariable) inside.expects = false;
    inside.inWord = inside.isVariable = false;
    return false;
  }
  if (inside.inWord) return false;
  inside.inWord = true;
  inside.isVariable = inside.expects && /^\w+=$/.test(part);
  return inside.expects && !inside.isVariable;
}

/** Goes into what a part begins, and out of what it ends. */
function nest(stack: Inside[], inside: Inside, part: string): void {
  if (part === inside.end) stack.pop();
  else if (part === "(" || part === "$(") stack.push(begin(")"));
  else if (part === '"' || part === "`") stack.push(begin(part));
  if (stack.length === 0) stack.push(begin(""));
}

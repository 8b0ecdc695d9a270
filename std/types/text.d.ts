/** Which of the words is nearest to the given one. */
export declare function closestString(
  givenWord: string,
  possibleWords: readonly string[],
  options?: {
    readonly caseSensitive?: boolean;
    readonly compareFn?: (a: string, b: string) => number;
  },
): string;
/** How many edits lie between two words. */
export declare function levenshteinDistance(str1: string, str2: string): number;

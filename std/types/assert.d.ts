/** The error that every assertion throws. */
export declare class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions);
}

/** Asserts that the value is truthy. */
export declare function assert(expr: unknown, msg?: string): asserts expr;

/** Asserts that both values are equal in depth. */
export declare function assertEquals<T>(actual: T, expected: T, msg?: string): void;

/** Asserts that both values differ in depth. */
export declare function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;

/** Asserts that the value is neither null nor undefined. */
export declare function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;

/** Asserts that the value is an instance of the class. */
// deno-lint-ignore no-explicit-any -- a class may take any arguments
export declare function assertInstanceOf<T extends abstract new (...args: any[]) => unknown>(
  actual: unknown,
  expectedType: T,
  msg?: string,
): asserts actual is InstanceType<T>;

/** Asserts that the text matches. */
export declare function assertMatch(actual: string, expected: RegExp, msg?: string): void;

/** Asserts that the text does not match. */
export declare function assertNotMatch(actual: string, expected: RegExp, msg?: string): void;

/** Asserts that the text holds the other. */
export declare function assertStringIncludes(actual: string, expected: string, msg?: string): void;

/** Asserts that the function throws, and returns what it threw. */
export declare function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any -- a class may take any arguments
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export declare function assertThrows(fn: () => unknown, msg?: string): unknown;

/** Asserts that the promise is rejected, and resolves to its error. */
export declare function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any -- a class may take any arguments
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export declare function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;

// The part of Node.js that *.test.js uses. All of @types/node would also tell the scripts of the browser that
// setTimeout() returns an object and that `process` exists.

declare module "node:test" {
  type Body = () => void | Promise<void>;
  export function test(name: string, body: Body): Promise<void>;
  export function describe(name: string, body: Body): Promise<void>;
  export function beforeEach(body: Body): void;
  export function afterEach(body: Body): void;
  export const mock: {
    timers: {
      enable(options?: { apis?: ("setTimeout" | "setInterval" | "Date")[]; now?: number }): void;
      tick(milliseconds: number): void;
      reset(): void;
    };
    method<Owner extends object>(owner: Owner, name: keyof Owner, implementation: Function): void;
    restoreAll(): void;
  };
}

declare module "node:assert/strict" {
  const assert: {
    ok(value: unknown, message?: string): asserts value;
    equal(actual: unknown, expected: unknown, message?: string): void;
    notEqual(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    match(text: string, pattern: RegExp, message?: string): void;
    throws(body: () => unknown, error?: RegExp | object): void;
    rejects(body: Promise<unknown> | (() => Promise<unknown>), error?: RegExp | object): Promise<void>;
  };
  export default assert;
}

declare module "node:fs" {
  export function readFileSync(path: URL, encoding: "utf8"): string;
}

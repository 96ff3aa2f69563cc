/** As much of samlp as the tests use; it brings no types. */
declare module 'samlp' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Options {
    readonly issuer: string;
    readonly cert: string;
    readonly key: string;
    readonly getPostURL: (
      audience: string,
      request: unknown,
      http: unknown,
      done: (error: Error | null, url: string) => void,
    ) => void;
    readonly getUserFromRequest: () => object;
    readonly [more: string]: unknown;
  }
  interface Samlp {
    auth(
      options: Options,
    ): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;
  }
  const samlp: Samlp;
  export default samlp;
}

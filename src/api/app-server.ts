import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:http';
import type { Express } from 'express';

/** An HTTP server that listens before there is an application; a request needs one. */
export interface AppServer {
  readonly server: Server;
  readonly serve: (app: Express) => void;
}

/**
 * Its requests and responses are born with the prototypes that Express gives them otherwise. A changed prototype makes each of them a
 * kind of its own to V8 of Node.js 20, whose minor collections then keep what hangs on it: a small request cost twice the processor time.
 */
export function createAppServer(): AppServer {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  const server = createServer({ IncomingMessage: AppRequest, ServerResponse: AppResponse });
  return {
    server,
    serve(app) {
      app.request = inherit(AppRequest.prototype, app.request);
      app.response = inherit(AppResponse.prototype, app.response);
      server.on('request', app);
    },
  };
}

function inherit<T extends object>(prototype: object, from: T): T {
  return Object.setPrototypeOf(prototype, from) as T;
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router } from 'express';
import type { Response } from 'express';

const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>postern</title><h1>postern is running</h1>' +
  '<p>The dashboard has not been built (<code>npm run build</code>). The <a href="/docs">API</a> works without it.</p></html>';

/**
 * The dashboard's files, and its page for every address that is a place in it. A file that does not exist stays a 404: an old tab
 * asking for an old script must not get a page.
 */
export function dashboardFiles(folder: string): Router {
  const router = Router();
  const page = join(folder, 'index.html');
  router.use(
    express.static(folder, {
      index: false,
      etag: false,
      redirect: false,
      // Of a path with a dot in front nothing is meant for the public.
      dotfiles: 'ignore',
      setHeaders(response: Response, path: string) {
        // Names under assets/ carry a hash of their content.
        const forGood = path.startsWith(join(folder, 'assets'));
        response.set('Cache-Control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  router.get('/{*place}', (request, response, next) => {
    const isFile = /\.[a-z\d]+$/i.test(request.path);
    if (isFile || request.accepts('html') === false) {
      next();
      return;
    }
    response.set('Cache-Control', 'no-cache');
    if (existsSync(page)) response.sendFile(page, { etag: false, cacheControl: false });
    else response.type('html').send(NOT_BUILT);
  });
  return router;
}

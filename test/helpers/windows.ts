import { randomBytes } from 'node:crypto';
import { permitsInPostgres } from '../../src/services/limits/permit-store.js';
import { SharedWindow } from '../../src/services/limits/shared-window.js';
import type { Store } from '../../src/store/store.js';

/** Makes windows as the product does, counted in the database, with a key of their own: nothing counted before is known to them. */
export function windowsOn(store: Store): (name: string, limit: number, windowMs: number) => SharedWindow {
  const parts = { permits: permitsInPostgres(store), secret: randomBytes(32) };
  return (name, limit, windowMs) => new SharedWindow(parts, name, limit, windowMs);
}

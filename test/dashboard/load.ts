import { join } from 'node:path';
import { build } from 'esbuild';

/** A module of the dashboard as the browser gets it. The build for Node.js leaves the dashboard out. */
export async function load(path: string): Promise<unknown> {
  const { outputFiles } = await build({
    entryPoints: [join(process.cwd(), 'src', 'dashboard', path)],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  const code = outputFiles[0]?.text ?? '';
  return await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}

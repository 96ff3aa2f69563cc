import { once } from 'node:events';

/** Standard output that waits for its reader, and notices when the reader has gone (`… | head`). */
export interface Output {
  /** False once nobody reads any more. */
  write(text: string): Promise<boolean>;
}

export function createOutput(stream: NodeJS.WriteStream): Output {
  let open = true;
  let full = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    open = false;
  });
  return {
    async write(text) {
      if (full && open) await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => undefined);
      if (open) full = !stream.write(text);
      return open;
    },
  };
}

/** Characters a line may have; a file or a pipe gets what reads well. */
export function widthOf(stream: NodeJS.WriteStream): number {
  const columns = stream.isTTY ? stream.columns : 80;
  return Math.min(Math.max(columns || 80, 44), 104);
}

/** Whether colours are shown; the runtime knows NO_COLOR, FORCE_COLOR and TERM. */
export function coloursOf(stream: NodeJS.WriteStream, wish: 'auto' | 'always' | 'never'): boolean {
  if (wish !== 'auto') return wish === 'always';
  return stream.isTTY && stream.hasColors();
}

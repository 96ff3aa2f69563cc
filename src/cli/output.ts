/** Standard output that waits for its reader, and notices when the reader has gone (`… | head`). */
export interface Output {
  /** False once nobody reads any more. */
  write(text: string): Promise<boolean>;
}

export function createOutput(stream: NodeJS.WriteStream): Output {
  let open = true;
  let goOn = (): void => undefined;
  stream.on('drain', () => goOn());
  const gone = (): void => {
    open = false;
    goOn();
  };
  stream.on('close', gone);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone();
  });
  return {
    async write(text) {
      // Asked of the stream now: it may have drained since the last write, and will not say so twice.
      if (open && stream.writableNeedDrain) await new Promise<void>((resolve) => (goOn = resolve));
      if (open) stream.write(text);
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

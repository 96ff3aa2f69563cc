import type { Response } from 'express';

/** Writes an answer a portion at a time. A client that has gone, or reads slowly, does not fill the memory. */
export async function sendPortions(
  response: Response,
  file: { readonly type: string; readonly name: string },
  portions: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  response.status(200).set({
    'Content-Type': file.type,
    'Content-Disposition': `attachment; filename="${file.name}"`,
  });
  for await (const portion of portions) {
    if (response.destroyed) return;
    if (response.write(portion)) continue;
    await new Promise<void>((resolve) => {
      response.once('drain', resolve).once('close', resolve);
    });
  }
  response.end();
}

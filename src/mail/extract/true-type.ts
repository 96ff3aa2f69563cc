/** The extension of a file name, lower case without the dot; '' when there is none. Trailing dots and spaces, which Windows drops, do not count. */
export function extensionOf(filename: string | null): string {
  const name = (filename ?? '').replace(/[\s.]+$/u, '');
  const match = /\.([^./\\\s]{1,16})$/u.exec(name);
  return match?.[1]?.toLowerCase() ?? '';
}

/** The media type the bytes tell; null when unknown. */
export async function detectType(bytes: Uint8Array): Promise<string | null> {
  const { fileTypeFromBuffer } = await import('file-type');
  return (await fileTypeFromBuffer(bytes))?.mime ?? null;
}

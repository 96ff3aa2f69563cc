/** The file name inside an Ole10Native stream (the Packager's format): a length, a flag, then label and path, zero-terminated. */
export function nativeObject(stream: Buffer): string {
  const start = 6;
  const labelEnd = stream.indexOf(0, start);
  if (labelEnd === -1 || labelEnd - start > 260) return 'package';
  const label = stream.toString('latin1', start, labelEnd);
  const pathEnd = stream.indexOf(0, labelEnd + 1);
  const path = pathEnd === -1 ? '' : stream.toString('latin1', labelEnd + 1, pathEnd);
  // The label is what a reader sees; the path's extension is what runs.
  const file = path.split(/[\\/]/).at(-1) ?? '';
  return (file.includes('.') ? file : label) || 'package';
}

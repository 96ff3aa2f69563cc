/** `postern serve`: the composition root runs as soon as it is loaded and ends the process itself. */
export async function serve(): Promise<number> {
  await import('../main.js');
  return 0;
}

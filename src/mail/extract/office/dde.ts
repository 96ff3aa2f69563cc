/**
 * Whether WordprocessingML asks another program for data through a DDE field. The instruction may be split over runs to hide it, and
 * quoted as character codes.
 */
export function ddeOf(xml: string): boolean {
  if (!/instrText|fldSimple/.test(xml)) return false;
  const simple = [...xml.matchAll(/<w:fldSimple\b[^<>]*?w:instr="([^"<]*)"/g)].map(
    ([, instruction]) => instruction ?? '',
  );
  const fields = xml
    .split(/<w:fldChar\b[^<>]*?w:fldCharType="begin"/)
    .map((field) => [...field.matchAll(/<w:instrText\b[^<>]*>([^<]*)/g)].map(([, run]) => run ?? '').join(''));
  return [...simple, ...fields].some((instruction) => /^[\s"]*DDE(?:AUTO)?\b/i.test(instruction));
}

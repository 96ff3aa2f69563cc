import type { FileFacts, Message } from '../../mail/message.js';
import type { FindingId } from '../catalogue.js';
import type { Finding } from '../scanner.js';

/** An attached file, or one that was unpacked from an attached archive. */
export interface AttachedFile {
  readonly facts: FileFacts;
  /** What to call it in a sentence: its name, and where it lies. */
  readonly name: string;
  /** Its bare name; '' when it has none. */
  readonly filename: string;
  /** The attachment it is or lies in. */
  readonly index: number;
  /** False for the attachment itself. */
  readonly inside: boolean;
}

/** Every attached file and every file unpacked from one, in order. */
export function filesOf(message: Message): AttachedFile[] {
  return message.attachments.flatMap((attachment, index) => {
    const name = attachment.filename ?? 'an unnamed attachment';
    const outer = { facts: attachment, name, filename: attachment.filename ?? '', index, inside: false };
    const members = (attachment.archive?.members ?? []).map((member) => ({
      facts: member,
      name: `${member.name} in ${name}`,
      filename: member.name.split(/[\\/]/).at(-1) ?? member.name,
      index,
      inside: true,
    }));
    return [outer, ...members];
  });
}

/** A finding about a file: at its attachment, with the file's hash as indicator. */
export function about(file: AttachedFile, id: FindingId, evidence: string, strength = 1): Finding {
  return {
    id,
    evidence,
    at: { kind: 'attachment', index: file.index },
    strength,
    indicators: [{ kind: 'sha256', value: file.facts.sha256 }],
  };
}

/** At most `most` findings of one id: fifty scripts in one archive are one fact, not fifty. */
export function atMost(findings: readonly Finding[], most = 3): Finding[] {
  const counts = new Map<FindingId, number>();
  return findings.filter(({ id }) => {
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count <= most;
  });
}

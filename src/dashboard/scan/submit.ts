import { submit, upload, type ScanFields } from '../api/scans/scans.js';
import sample from '../assets/sample.eml?url';
import { enqueue } from './queue.js';

/** Queues files as they are; whether one is a message is for the server to say. */
export function scanFiles(files: readonly File[]): void {
  for (const file of files) enqueue(file.name, (key) => upload(file, file.name, key));
}

/** Queues a message pasted with its headers. */
export function scanRaw(text: string): void {
  const subject = /^subject:[ \t]*(.+)$/im.exec(text.slice(0, 20_000))?.[1]?.trim();
  enqueue(subject ?? 'Pasted message', (key) => upload(new Blob([text]), 'pasted.eml', key));
}

export function scanFields(fields: ScanFields): void {
  enqueue(fields.subject === '' ? 'Message from fields' : fields.subject, (key) => submit(fields, key));
}

/** Queues the harmless example that comes with the dashboard. */
export function scanSample(): void {
  enqueue('Sample message', async (key) => upload(await (await fetch(sample)).blob(), 'sample.eml', key));
}

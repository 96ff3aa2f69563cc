import { z } from 'zod';
import type { Parts } from '../services/context.js';
import { queueDueDirectories, readDirectory } from '../services/directories/read-directory.js';
import type { Job } from './job.js';

const Payload = z.object({ tenant_id: z.string(), directory_id: z.string() });

/** The directory of one organisation, whole. */
export function readDirectoryJob(parts: Parts): Job {
  return {
    name: 'read-directory',
    async run(payload) {
      const { tenant_id: tenantId, directory_id: directoryId } = Payload.parse(payload);
      await readDirectory(parts, { tenantId, directoryId });
    },
  };
}

/** Each directory is read once an hour. */
export function queueDueDirectoriesJob(parts: Pick<Parts, 'store'>): Job {
  return { name: 'queue-due-directories', every: { minutes: 5 }, run: () => queueDueDirectories(parts) };
}

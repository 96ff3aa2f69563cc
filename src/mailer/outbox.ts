import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { envelopeOf } from './mailer.js';
import type { Mailer } from './mailer.js';

/** Where no mail server is configured: each message becomes an .eml file that only the owner of the folder can read. */
export function createOutbox(folder: string, from: string): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    where: `the folder ${folder}`,
    delivers: false,
    async send(mail) {
      const { message } = await transport.sendMail(envelopeOf(mail, from));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `${mail.id}.eml`);
      // Complete before it has its name; a second run replaces it.
      await writeFile(`${path}.partial`, message as Buffer, { mode: 0o600 });
      await rename(`${path}.partial`, path);
      return 'sent';
    },
    close() {
      transport.close();
      return Promise.resolve();
    },
  };
}

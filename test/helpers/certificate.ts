import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Makes a certificate for `localhost` that nobody vouches for, and its key, as PEM files in the folder; returns the path of the former. */
export function makeCertificate(folder: string): string {
  const path = join(folder, 'certificate.pem');
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', join(folder, 'key.pem'), '-out', path],
  ]);
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${String(made.stderr)}`);
  return path;
}

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dovecot } from '../../helpers/dovecot.js';
import type { FaultTarget } from './target.js';

export function imapTarget(dovecot: Dovecot): FaultTarget {
  const user = `f${randomBytes(5).toString('hex')}`;
  dovecot.addUser(user);
  return {
    env: () => ({ POSTERN_PRIVATE_MAIL_HOSTS: 'loopback', POSTERN_IMAP_WITHOUT_TLS: 'loopback' }),
    deliver: (raw) => dovecot.deliver(user, raw),
    async connect(api) {
      const login = { host: '127.0.0.1', port: dovecot.port, security: 'plain', user, password: 'secret' };
      const { status } = await api('/mailboxes/imap', {
        ...login,
        address: `${user}@example.test`,
        backfill_days: null,
      });
      return status === 201 || status === 409;
    },
    tell: () => Promise.resolve(),
    async outage() {
      await dovecot.stop();
      await sleep(500);
      await dovecot.start();
    },
    close: () => dovecot.close(),
  };
}

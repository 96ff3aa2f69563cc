import { createTransport } from 'nodemailer';
import { envelopeOf } from './mailer.js';
import type { Mailer } from './mailer.js';

export interface SmtpOptions {
  /** smtp:// or smtps://, with user and password where the server asks for them. */
  readonly url: string;
  readonly from: string;
  /** 'required': never without TLS (smtps, or STARTTLS that must succeed). 'off': plain, for a relay on the same machine. */
  readonly tls: 'required' | 'off';
}

const TIMEOUT_MS = 20_000;

/** Sends by SMTP (RFC 5321). One connection a message: postern sends few. */
export function createSmtpMailer({ url, from, tls }: SmtpOptions): Mailer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && tls === 'required',
    ignoreTLS: !secure && tls === 'off',
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    tls: { minVersion: 'TLSv1.2' },
  });
  return {
    where: `${hostname}, by SMTP`,
    delivers: true,
    async send(mail) {
      try {
        await transport.sendMail(envelopeOf(mail, from));
        return 'sent';
      } catch (error) {
        const { code, responseCode } = error as { code?: string; responseCode?: number };
        // A permanent refusal of this recipient or message; of the login or the connection it is worth trying again.
        if ((code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= 500) {
          return 'refused';
        }
        throw error;
      }
    },
    close() {
      transport.close();
      return Promise.resolve();
    },
  };
}

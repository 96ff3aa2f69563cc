import { GOOGLE_CLIENT, startGoogle } from './google/google.js';
import type { GooglePeer } from './google/google.js';
import { MICROSOFT_CLIENT, MICROSOFT_TENANT, startMicrosoft } from './microsoft/microsoft.js';
import type { MicrosoftPeer } from './microsoft/microsoft.js';

/** Both stand-ins, registered with a postern whose address this is. */
export interface TestProviders {
  readonly google: GooglePeer;
  readonly microsoft: MicrosoftPeer;
  /** The settings that lead postern to them. */
  readonly env: Readonly<Record<string, string>>;
  readonly register: (publicUrl: string) => void;
  /** As on the first day: no mail, no consents, nothing asked. */
  reset(): void;
  close(): Promise<void>;
}

export const PUSH_ACCOUNT = 'pusher@acme.iam.gserviceaccount.com';

export async function startProviders(publicUrl?: string): Promise<TestProviders> {
  const [google, microsoft] = [await startGoogle(), await startMicrosoft()];
  const register = (url: string) => {
    google.redirectUris.add(`${url}/connect/callback`);
    microsoft.redirectUris.add(`${url}/connect/callback`);
  };
  if (publicUrl !== undefined) register(publicUrl);
  return {
    google,
    microsoft,
    register,
    env: {
      POSTERN_GOOGLE_CLIENT_ID: GOOGLE_CLIENT.clientId,
      POSTERN_GOOGLE_CLIENT_SECRET: GOOGLE_CLIENT.clientSecret,
      POSTERN_GOOGLE_PUSH_TOPIC: 'projects/acme/topics/postern',
      POSTERN_GOOGLE_PUSH_ACCOUNT: PUSH_ACCOUNT,
      POSTERN_GOOGLE_ACCOUNTS_URL: google.url,
      POSTERN_GOOGLE_OAUTH_URL: google.url,
      POSTERN_GOOGLE_CERTS_URL: google.url,
      POSTERN_GMAIL_URL: google.url,
      POSTERN_GOOGLE_DIRECTORY_URL: google.url,
      POSTERN_MICROSOFT_CLIENT_ID: MICROSOFT_CLIENT.clientId,
      POSTERN_MICROSOFT_CLIENT_SECRET: MICROSOFT_CLIENT.clientSecret,
      POSTERN_MICROSOFT_TENANT: MICROSOFT_TENANT,
      POSTERN_MICROSOFT_LOGIN_URL: microsoft.url,
      POSTERN_MICROSOFT_GRAPH_URL: microsoft.url,
      POSTERN_MICROSOFT_PUSH: 'on',
    },
    reset() {
      for (const peer of [google, microsoft]) {
        peer.uncut();
        peer.withdraw();
        peer.answer = 'allow';
        peer.requests.splice(0);
        peer.mailbox.messages.clear();
      }
      google.revoked.splice(0);
      microsoft.subscriptions.clear();
    },
    async close() {
      await google.close();
      await microsoft.close();
    },
  };
}

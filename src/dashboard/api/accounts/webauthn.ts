import { ApiError } from '../problem.js';

/** What the API sends for a browser, as far as this page touches it: bytes are base64url (WebAuthn Level 3, 5.1). */
interface Descriptor {
  readonly id: string;
  readonly type: 'public-key';
}
export interface CreationOptions {
  readonly challenge: string;
  readonly user: { readonly id: string };
  readonly excludeCredentials?: readonly Descriptor[];
}
export interface RequestOptions {
  readonly challenge: string;
  readonly allowCredentials?: readonly Descriptor[];
}

export const passkeysWork = (): boolean => 'PublicKeyCredential' in window;

/** Asks the device for a new passkey; returns what the API takes. Throws ApiError 'passkey-cancelled'. */
export async function createPasskey(options: CreationOptions): Promise<object> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: options.excludeCredentials?.map(withBytes) ?? [],
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await asked(() => navigator.credentials.create({ publicKey }));
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...common(made),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

/** Asks for a passkey of this site; returns what the API takes. Throws ApiError 'passkey-cancelled'. */
export async function usePasskey(options: RequestOptions): Promise<object> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: options.allowCredentials?.map(withBytes) ?? [],
  } as unknown as PublicKeyCredentialRequestOptions;
  const shown = await asked(() => navigator.credentials.get({ publicKey }));
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response as AuthenticatorAssertionResponse;
  return {
    ...common(shown),
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      ...(userHandle === null ? {} : { userHandle: text(userHandle) }),
    },
  };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await ask();
    if (credential !== null) return credential as PublicKeyCredential;
  } catch (error) {
    if ((error as Error).name === 'InvalidStateError') {
      throw new ApiError('passkey-exists', 'This device has a passkey for your account already.', 0);
    }
  }
  // Cancelled, timed out, or nothing that fits: the browser does not tell which.
  throw new ApiError('passkey-cancelled', 'No passkey was used. You can try again.', 0);
}

function common(credential: PublicKeyCredential): object {
  const attachment = credential.authenticatorAttachment;
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: 'public-key',
    ...(attachment === null ? {} : { authenticatorAttachment: attachment }),
    clientExtensionResults: {},
  };
}

const withBytes = (descriptor: Descriptor): object => ({ ...descriptor, id: bytes(descriptor.id) });

function bytes(base64url: string): Uint8Array {
  const plain = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

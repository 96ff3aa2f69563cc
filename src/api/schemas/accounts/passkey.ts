import { z } from 'zod';

/** base64url, as browsers write bytes in JSON (WebAuthn Level 3, 5.1). */
const bytes = z
  .string()
  .max(20_000)
  .regex(/^[\w-]*$/);
const attachment = z.enum(['platform', 'cross-platform']).exactOptional();
const extensions = z.record(z.string(), z.unknown()).default({});
const transports = z
  .array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']))
  .max(10)
  .default([]);
const credential = {
  id: bytes.min(1).max(2000),
  rawId: bytes.min(1).max(2000),
  type: z.literal('public-key'),
  authenticatorAttachment: attachment,
  clientExtensionResults: extensions,
};

export const PasskeyAttestation = z
  .strictObject({
    ...credential,
    response: z.strictObject({ clientDataJSON: bytes, attestationObject: bytes, transports }),
  })
  .meta({ id: 'PasskeyAttestation', description: 'What `navigator.credentials.create()` gave, as JSON.' });

export const PasskeyAssertion = z
  .strictObject({
    ...credential,
    response: z.strictObject({
      clientDataJSON: bytes,
      authenticatorData: bytes,
      signature: bytes,
      userHandle: bytes.exactOptional(),
    }),
  })
  .meta({ id: 'PasskeyAssertion', description: 'What `navigator.credentials.get()` gave, as JSON.' });

export const PasskeyOptions = z
  .object({ public_key: z.record(z.string(), z.unknown()).describe('For the browser, as JSON (WebAuthn Level 3).') })
  .meta({ id: 'PasskeyOptions' });

const Passkey = z
  .object({
    id: z.string(),
    name: z.string(),
    backed_up: z
      .boolean()
      .describe('Whether the device keeps a copy elsewhere, for example with other devices of its owner.'),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Passkey' });

export const PasskeyList = z.object({ passkeys: z.array(Passkey) }).meta({ id: 'PasskeyList' });
export const passkeyName = z.string().trim().min(1).max(100);

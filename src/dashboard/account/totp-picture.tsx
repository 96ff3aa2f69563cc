import type { TotpOffer } from '../api/types.js';
import { CopyButton } from '../parts/copy-button.js';

/** The secret of an authenticator app, to scan or to type. */
export function TotpPicture({ offer }: { readonly offer: TotpOffer }) {
  return (
    <div class="totp">
      {/* As an image it can run nothing and load nothing. */}
      <img
        class="totp-code"
        alt="QR code for an authenticator app"
        width={176}
        height={176}
        src={`data:image/svg+xml;base64,${btoa(offer.qr_svg)}`}
      />
      <div>
        <p class="field-hint">Without a camera, type this key into the app:</p>
        <p class="totp-secret">{offer.secret.replace(/(.{4})(?=.)/g, '$1 ')}</p>
        <CopyButton text={offer.secret} what="the key" label="Copy" />
      </div>
    </div>
  );
}

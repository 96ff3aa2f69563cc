import type { ScanResult } from '../api/types.js';
import { CopyButton } from '../parts/copy-button.js';
import * as format from '../parts/format.js';

const SOURCES: Readonly<Record<ScanResult['source'], string>> = {
  upload: 'Uploaded',
  json: 'Entered by hand',
  mailbox: 'From a mailbox',
  checkv2: 'From a mail server',
  report: 'Reported by somebody',
};

/** When, how long, with what: for whoever has to account for the verdict. */
export function ScanFacts({ scan }: { readonly scan: ScanResult }) {
  return (
    <section class="scan-facts-list" aria-labelledby="facts-title">
      <h2 id="facts-title" class="visually-hidden">
        About this scan
      </h2>
      <dl>
        <dt>Scanned</dt>
        <dd>
          {format.moment(scan.created_at)}, in {format.duration(scan.milliseconds)}
        </dd>
        {scan.rescanned_at === null ? null : (
          <>
            <dt>Scanned again</dt>
            <dd>{format.moment(scan.rescanned_at)}</dd>
          </>
        )}
        <dt>Kept until</dt>
        <dd>{format.moment(scan.expires_at)}</dd>
        <dt>Came in</dt>
        <dd>
          {SOURCES[scan.source]}, {format.bytes(scan.message.size)}
        </dd>
        <dt>SHA-256</dt>
        <dd class="hash">
          <span class="mono">{scan.sha256}</span>
          <CopyButton text={scan.sha256} what="the SHA-256" />
        </dd>
        <dt>Engine</dt>
        <dd>
          catalogue {scan.engine.catalogue}, weights {scan.engine.weights}
        </dd>
      </dl>
    </section>
  );
}

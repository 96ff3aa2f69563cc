import { useState } from 'preact/hooks';
import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { messageAsSupport, scanAsSupport } from '../api/governance/support.js';
import type { LivingGrants, Message, ScanSummary } from '../api/types.js';
import * as format from '../parts/format.js';
import { LabelMark } from '../parts/label-mark.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { SettingsForm } from '../settings/form.js';

interface SupportScanProps {
  readonly scan: ScanSummary;
  readonly grant: LivingGrants['items'][number];
}

/** One scan of a tenant that lets support look in; its verdict is read when it is opened, not before. */
export function SupportScan({ scan, grant }: SupportScanProps) {
  const [open, setOpen] = useState(false);
  return (
    <details class="support-scan" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <LabelMark label={scan.label} size={16} /> <span>{format.title(scan.subject)}</span>{' '}
        <span class="person-detail">
          {format.sender(scan.from)} · {format.moment(scan.created_at)}
        </span>
      </summary>
      {open ? <Verdict scan={scan} grant={grant} /> : null}
    </details>
  );
}

function Verdict({ scan, grant }: SupportScanProps) {
  const { result, reload } = useLoad(scan.id, () => scanAsSupport(grant.id, scan.id));
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <p aria-busy="true">Reading…</p>;
  const { findings, score } = result.value;
  return (
    <>
      <p class="person-detail">Score {format.score(score)} of 100</p>
      <ul class="support-findings">
        {findings.map((finding) => (
          <li key={`${finding.id} ${finding.evidence}`}>
            {finding.title} <span class="person-detail">{finding.evidence}</span>
          </li>
        ))}
      </ul>
      {grant.content ? <OpenMessage scan={scan} grant={grant} /> : null}
    </>
  );
}

function OpenMessage({ scan, grant }: SupportScanProps) {
  const [message, setMessage] = useState<Message | null>(null);
  const form = useForm(async (value) => setMessage(await messageAsSupport(grant.id, scan.id, value('reason').trim())));
  if (message !== null) return <pre class="source">{message.visible}</pre>;
  return (
    <SettingsForm form={form} submit="Open the message" label={`Open ${format.title(scan.subject)}`}>
      <Field
        label="Why do you open it?"
        name="reason"
        autocomplete="off"
        minLength={8}
        hint="Whoever it belongs to can read the reason."
      />
    </SettingsForm>
  );
}

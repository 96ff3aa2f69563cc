import type { EvidencePlace, Hop, Message } from '../api/types.js';
import * as format from '../parts/format.js';

/** The way of the message from server to server, and every header field below it. */
export function RouteTab({ message, at }: { readonly message: Message; readonly at: EvidencePlace | undefined }) {
  const hops = [...message.received].reverse();
  return (
    <div class="route-tab">
      {hops.length === 0 ? (
        <p class="hint">No server left a trace in the headers, so the way of this message is not known.</p>
      ) : (
        <ol class="route" aria-label="The way of the message, first server first">
          {hops.map((hop, index) => (
            <li key={index}>
              <p class="hop-name">{hop.from ?? hop.ip ?? 'A sender that gives no name'}</p>
              <p class="hop-detail">{details(hop)}</p>
              <p class="hop-detail">{passed(hop, hops[index - 1])}</p>
            </li>
          ))}
          <li class="route-end">
            <p class="hop-name">{hops.at(-1)?.by ?? 'The mailbox'}</p>
            <p class="hop-detail">{message.to.map((mailbox) => mailbox.address).join(', ')}</p>
          </li>
        </ol>
      )}
      <Defects message={message} />
      <h3>All header fields</h3>
      <p class="hint">Only what the last servers added can be believed; a sender can write the rest.</p>
      <dl class="header-fields">
        {message.headers.map((field, index) => (
          <div key={index} class={at?.kind === 'header' && at.index === index ? 'is-evidence' : undefined}>
            <dt>{field.name}</dt>
            <dd>{field.value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Defects({ message }: { readonly message: Message }) {
  if (message.defects.length === 0) return null;
  return (
    <>
      <h3>What is broken or odd about its form</h3>
      <ul class="defects">
        {message.defects.map((defect, index) => (
          <li key={index}>
            {defect.kind.replaceAll('-', ' ')}
            {defect.detail === '' ? null : <span class="hop-detail"> {defect.detail}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function details(hop: Hop): string {
  const parts = [
    hop.ip === null || hop.ip === hop.from ? null : hop.ip,
    hop.by === null ? null : `taken in by ${hop.by}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** When, and how long it took since the server before. */
function passed(hop: Hop, before: Hop | undefined): string {
  if (hop.date === null) return 'at an unknown time';
  const moment = format.moment(hop.date);
  if (before === undefined || before.date === null) return moment;
  const seconds = (Date.parse(hop.date) - Date.parse(before.date)) / 1000;
  if (seconds < 0) return `${moment}, earlier than the server before it`;
  if (seconds < 60) return `${moment}, after ${format.count(Math.round(seconds), 'second')}`;
  return `${moment}, after ${format.count(Math.round(seconds / 60), 'minute')}`;
}

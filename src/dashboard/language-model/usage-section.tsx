import type { LlmSetting, LlmUsage } from '../api/types.js';
import * as format from '../parts/format.js';

const NUMBER = new Intl.NumberFormat('en');
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** What the models were asked this month, and what it costs at list prices. */
export function UsageSection({ usage, setting }: { readonly usage: LlmUsage; readonly setting: LlmSetting | null }) {
  return (
    <section class="settings-section" aria-labelledby="llm-usage">
      <h2 id="llm-usage">Usage in {MONTH.format(new Date(`${usage.month}-01T00:00:00Z`))}</h2>
      <p>
        {usage.calls === 0
          ? 'No model has been asked yet.'
          : `${of(usage.quota.calls, setting?.monthly_calls ?? null, 'call')}, ${of(usage.quota.tokens, setting?.monthly_tokens ?? null, 'token')}, ${usage.cost === 0 ? 'at no cost' : `about ${dollars(usage.cost)}`}.`}
      </p>
      {usage.lines.length === 0 ? null : (
        <div class="llm-usage" role="region" aria-label="Usage by model" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">Calls</th>
                <th scope="col">Failed</th>
                <th scope="col">Tokens read</th>
                <th scope="col">Tokens written</th>
                <th scope="col">A call takes</th>
                <th scope="col">Cost</th>
              </tr>
            </thead>
            <tbody>
              {usage.lines.map((line) => (
                <tr key={`${line.provider} ${line.model} ${line.mailbox_id ?? ''}`}>
                  <th scope="row">
                    {line.model}
                    <span class="llm-usage-at">
                      {line.provider}
                      {line.mailbox_id === null ? '' : ', a mailbox of its own'}
                    </span>
                  </th>
                  <td>{NUMBER.format(line.calls)}</td>
                  <td>{NUMBER.format(line.failed)}</td>
                  <td>{NUMBER.format(line.input_tokens)}</td>
                  <td>{NUMBER.format(line.output_tokens)}</td>
                  <td>{format.duration(line.milliseconds)}</td>
                  <td>{line.calls_without_price === line.calls ? 'not known' : dollars(line.cost)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {usage.calls === 0 ? null : (
        <p class="hint">Costs are estimated from list prices; your provider’s bill counts.</p>
      )}
    </section>
  );
}

function of(used: number, quota: number | null, what: string): string {
  return quota === null ? format.count(used, what) : `${NUMBER.format(used)} of ${format.count(quota, what)}`;
}

function dollars(amount: number): string {
  if (amount === 0) return '$0';
  return amount < 0.01 ? 'less than $0.01' : `$${amount.toFixed(2)}`;
}

import type { Finding } from '../api/types.js';
import * as format from '../parts/format.js';

/** What was found but has no say beside a dangerous file, so that nobody wonders where it went. */
export function SetAside({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <section class="sheet findings" aria-labelledby="set-aside">
      <header class="section-head">
        <h2 id="set-aside">Set aside</h2>
        <p class="hint">no say beside a dangerous file</p>
      </header>
      <ul>
        {findings.map((finding) => (
          <li key={finding.id} class="finding noted">
            <h3 class="finding-title">{finding.title}</h3>
            <p class="finding-evidence">{format.sentence(finding.evidence)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

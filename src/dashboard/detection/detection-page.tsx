import { getSettings } from '../api/detection/detection.js';
import type { SettingsPageProps } from '../settings/pages.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { Editor } from './editor.js';

/** What the organisation tells detection: lists, people, brands, weights. */
export function DetectionPage({ account }: SettingsPageProps) {
  const { result, reload, replace } = useLoad('detection', getSettings);
  if (result.state === 'loading') return <div class="blank" aria-busy="true" />;
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  return <Editor tenant={account.tenant.id} settings={result.value} onSettings={replace} onReload={reload} />;
}

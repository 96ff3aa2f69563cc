import { useEffect, useRef, useState } from 'preact/hooks';
import type { Reason } from '../api/scans/scans.js';
import type { Message, ScanResult } from '../api/types.js';
import type { Focus } from '../message/focus.js';
import { Tabs, type Tab } from '../parts/tabs.js';
import type { Loaded } from '../parts/use-load.js';
import { Closed } from './closed.js';
import { Head } from './head.js';
import { PartsTab } from './parts-tab.js';
import { placeOf, type PaneTab } from './place-of.js';
import { Rendering } from './rendering.js';
import { RouteTab } from './route-tab.js';
import { TextTab } from './text-tab.js';

interface MessagePaneProps {
  readonly scan: ScanResult;
  readonly message: Loaded<Message>;
  readonly retry: () => void;
  readonly focus: Focus;
  readonly reason: Reason;
  readonly onReason: (reason: string) => void;
}

/** The message itself: its head, and its body in four ways, with the evidence of the chosen finding marked. */
export function MessagePane({ scan, message, retry, focus, reason, onReason }: MessagePaneProps) {
  const [tab, setTab] = useState<PaneTab>('rendered');
  const pane = useRef<HTMLElement>(null);
  const finding = focus.finding === null ? undefined : scan.findings[focus.finding];
  const content = message.state === 'ready' ? message.value : null;
  const place = finding === undefined || content === null ? null : placeOf(finding.at, content);
  useEffect(() => {
    if (focus.reveal === 0) return;
    if (place !== null && place.tab !== null) setTab(place.tab);
    const target = pane.current?.querySelector('.is-evidence') ?? pane.current;
    requestAnimationFrame(() => target?.scrollIntoView({ block: 'nearest', behavior: 'auto' }));
    // Only a press on "Show it" moves the page; hovering must not.
  }, [focus.reveal]);
  return (
    <section class="sheet message-pane" aria-label="The message" ref={pane}>
      <Head scan={scan} message={content} field={place?.field ?? null} />
      {message.state === 'failed' ? (
        <Closed error={message.error} retry={retry} onReason={onReason} />
      ) : content === null ? (
        <div class="rendering" aria-busy="true" />
      ) : (
        <Tabs name="view" tabs={tabsFor(content)} chosen={tab} onChoose={setTab}>
          {/* Kept while other tabs are open: its address works once. */}
          <div hidden={tab !== 'rendered'}>
            <Rendering
              reason={reason}
              id={scan.id}
              version={scan.rescanned_at ?? scan.created_at}
              finding={place?.tab === 'rendered' ? focus.finding : null}
            />
          </div>
          {tab === 'text' ? <TextTab message={content} at={finding?.at} /> : null}
          {tab === 'route' ? <RouteTab message={content} at={finding?.at} /> : null}
          {tab === 'parts' ? <PartsTab message={content} at={finding?.at} /> : null}
        </Tabs>
      )}
    </section>
  );
}

function tabsFor(message: Message): readonly Tab<PaneTab>[] {
  return [
    { id: 'rendered', label: 'Message' },
    { id: 'text', label: 'Text' },
    { id: 'route', label: 'Route' },
    { id: 'parts', label: 'Links & files', count: message.links.length + message.attachments.length },
  ];
}

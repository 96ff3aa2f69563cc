import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { scanFiles } from '../scan/submit.js';
import { navigate } from '../state/router.js';

/** Takes a message dropped on any place of the dashboard. */
export function DropAnywhere() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // dragenter and dragleave come for every element that is crossed; the depth tells when the page itself is left.
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth -= 1;
      if (depth <= 0) setOver(false);
    };
    const allow = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      navigate('/scan');
      scanFiles(files);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: allow, drop } as const;
    for (const [name, listener] of Object.entries(listeners)) addEventListener(name as 'drop', listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) removeEventListener(name as 'drop', listener);
    };
  }, []);
  return over ? (
    <div class="drop-veil" aria-hidden="true">
      <div>
        <Icon name="upload" size={32} />
        <p>Let go to scan it</p>
      </div>
    </div>
  ) : null;
}

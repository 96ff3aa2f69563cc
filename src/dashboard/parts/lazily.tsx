import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Notice } from './notice.js';

/** A component whose code is fetched when it is first shown, so that the first load stays small. */
export function lazily<P extends object>(load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  let loaded: FunctionComponent<P> | null = null;
  return function Lazily(props: P) {
    const [Part, setPart] = useState<FunctionComponent<P> | 'failed' | null>(() => loaded);
    useEffect(() => {
      if (loaded !== null) return;
      load().then(
        (part) => {
          loaded = part;
          setPart(() => part);
        },
        () => setPart('failed'),
      );
    }, []);
    if (Part === 'failed') {
      return (
        <Notice title="This page could not be loaded" role="alert">
          <p>postern may have been updated since. Load the page again.</p>
        </Notice>
      );
    }
    return Part === null ? <p aria-busy="true" /> : <Part {...props} />;
  };
}

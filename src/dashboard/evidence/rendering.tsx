import { useEffect, useRef, useState } from 'preact/hooks';
import { asApiError } from '../api/problem.js';
import { rendering, type Reason } from '../api/scans/scans.js';
import { Failure } from '../parts/notice.js';

interface RenderingProps {
  readonly id: string;
  readonly reason: Reason;
  /** Another version has other marks and needs another rendering. */
  readonly version: string;
  /** Index of the finding whose marks stand out. */
  readonly finding: number | null;
}

/** The sanitised message in a frame without scripts, origin or network. */
export function Rendering({ id, reason, version, finding }: RenderingProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const [loaded, setLoaded] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    rendering(id, reason).then(
      (fresh) => {
        if (!wanted) return;
        setFault(null);
        setUrl(new URL(fresh, location.href).href);
      },
      (thrown: unknown) => {
        if (wanted) setFault(asApiError(thrown).message);
      },
    );
    return () => {
      wanted = false;
    };
  }, [id, reason, version, turn]);
  useEffect(() => {
    // Only the fragment changes, so the frame scrolls without loading its single-use address again. Before the document is there
    // it would.
    if (url === null || loaded !== url) return;
    frame.current?.contentWindow?.location.replace(`${url}#${finding === null ? 'none' : `finding-${finding}`}`);
  }, [url, loaded, finding]);
  if (fault !== null) return <Failure message={fault} retry={() => setTurn(turn + 1)} />;
  return (
    <div class="rendering" aria-busy={url === null}>
      {url === null ? null : (
        <iframe
          key={url}
          ref={frame}
          sandbox=""
          src={url}
          onLoad={() => setLoaded(url)}
          title="The message, shown without anything that acts or loads"
        />
      )}
    </div>
  );
}

import type { FunctionComponent } from 'preact';
import { Failure } from './notice.js';
import { useLoad } from './use-load.js';

/** A page whose scripts come when it is first opened, so that the first load stays light. `name` tells it from other pages. */
export function lazy<P extends object>(name: string, load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  return function Lazy(props: P) {
    // In an object: a component put into state as such would be called.
    const { result, reload } = useLoad(name, async () => ({ Page: await load() }));
    if (result.state === 'loading') return <div class="blank" aria-busy="true" />;
    if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
    const { Page } = result.value;
    return <Page {...props} />;
  };
}

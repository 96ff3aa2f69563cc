import { useEffect, useState } from 'preact/hooks';

const PAUSE_MS = 300;

/** What somebody types, and what they meant once they paused: a provider is not asked at each key. */
export function useWords(): readonly [typed: string, settled: string, type: (text: string) => void] {
  const [typed, setTyped] = useState('');
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, settled, setTyped];
}

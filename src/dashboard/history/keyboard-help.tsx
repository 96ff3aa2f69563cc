const KEYS = [
  ['j', 'next message'],
  ['k', 'message before'],
  ['Enter', 'read the verdict'],
  ['/', 'search'],
  ['?', 'show or hide these keys'],
] as const;

export function KeyboardHelp() {
  return (
    <dl class="keys sheet" aria-label="Keys">
      {KEYS.map(([key, meaning]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}

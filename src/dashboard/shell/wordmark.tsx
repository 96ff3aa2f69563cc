/** The small gate beside the main one that the product is named after. */
function Gate({ size = 22 }: { readonly size?: number }) {
  return (
    <svg class="gate" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="gate-wall" d="M4 30V15a12 12 0 0 1 24 0v15z" />
      <path class="gate-door" d="M11 30V16a5 5 0 0 1 10 0v14z" />
      <circle class="gate-wall" cx="18.2" cy="22.5" r="1.3" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span class="wordmark">
      <Gate />
      <span>postern</span>
    </span>
  );
}

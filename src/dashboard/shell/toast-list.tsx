import { toasts } from '../state/toasts.js';
import { useStore } from '../state/store.js';

export function ToastList() {
  const shown = useStore(toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.key} class="toast">
          <span>{toast.text}</span>
          {toast.action === undefined ? null : (
            <button type="button" onClick={toast.action.run}>
              {toast.action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

import type { ComponentChildren } from 'preact';

interface NoticeProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** 'alert' is read out at once. */
  readonly role?: 'alert' | 'status';
}

/** Something the reader should know before going on, with what can be done about it. */
export function Notice({ title, children, role }: NoticeProps) {
  return (
    <div class="notice" role={role}>
      <p class="notice-title">{title}</p>
      {children}
    </div>
  );
}

/** What is shown when a part of a page could not be loaded. */
export function Failure({ message, retry }: { readonly message: string; readonly retry: () => void }) {
  return (
    <Notice title="This could not be loaded" role="alert">
      <p>{message}</p>
      <button type="button" class="button" onClick={retry}>
        Try again
      </button>
    </Notice>
  );
}

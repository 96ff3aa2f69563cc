/** Takes the room of the page that is coming, so that nothing jumps. */
export function MessageSkeleton() {
  return (
    <div class="page message-place" aria-busy="true" aria-label="Loading the message">
      <div class="skeleton skeleton-line" />
      <div class="skeleton skeleton-title" />
      <div class="message-columns">
        <div class="verdict-pane">
          <div class="skeleton skeleton-verdict" />
        </div>
        <div class="skeleton skeleton-message" />
      </div>
    </div>
  );
}

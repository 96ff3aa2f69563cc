/** Rows that are coming, as high as they will be. */
export function RowSkeletons({ rows }: { readonly rows: number }) {
  return (
    <ul class="rows sheet" aria-busy="true" aria-label="Loading messages">
      {Array.from({ length: rows }, (_, row) => (
        <li key={row} class="row">
          <span class="skeleton skeleton-chip" />
          <span class="row-words">
            <span class="skeleton skeleton-line" />
            <span class="skeleton skeleton-line short" />
          </span>
        </li>
      ))}
    </ul>
  );
}

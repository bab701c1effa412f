import type { usePages } from "./live";

/** The buttons below a list. */
export function Pager(props: {
  pages: ReturnType<typeof usePages>;
  info: { hasNextPage: boolean; endCursor: string | null | undefined } | undefined;
}) {
  const { pages, info } = props;
  if (pages.number === 1 && info?.hasNextPage !== true) {
    return null;
  }
  return (
    <nav class="pager" aria-label="Pages">
      <button type="button" disabled={pages.number === 1} onClick={pages.previous}>
        Previous
      </button>
      <span>Page {pages.number}</span>
      <button
        type="button"
        disabled={info?.hasNextPage !== true}
        onClick={() => info?.endCursor != null && pages.next(info.endCursor)}
      >
        Next
      </button>
    </nav>
  );
}

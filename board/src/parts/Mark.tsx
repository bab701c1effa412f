/** The mark of ConnectQL. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#304ffe" />
      <path d="M11 16h10" stroke="#fff" stroke-width="3" />
      <circle cx="9" cy="16" r="4.5" fill="#fff" />
      <circle cx="23" cy="16" r="4.5" fill="#fff" />
    </svg>
  );
}

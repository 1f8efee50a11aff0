/** A word with its definition, shown on hover, tap and keyboard focus. */
export function Term({ children, says }: { children: string; says: string | undefined }) {
  if (says === undefined) return <>{children}</>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reached by keyboard too
    <dfn class="term" tabIndex={0} data-tip={says}>
      {children}
    </dfn>
  );
}

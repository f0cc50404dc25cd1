/** Metrics that functions write to standard output: kept here in place of the tests' output. */
export function metricLines(): { readonly lines: Record<string, unknown>[]; restore(): void } {
  const lines: Record<string, unknown>[] = [];
  const write = process.stdout.write.bind(process.stdout);
  const kept: typeof process.stdout.write = (text: string | Uint8Array, ...rest: never[]) => {
    if (!String(text).startsWith('{"_aws"')) return write(text, ...rest);
    lines.push(JSON.parse(String(text)) as Record<string, unknown>);
    return true;
  };
  process.stdout.write = kept;
  const restore = () => {
    // Another may have come after, and goes first.
    if (process.stdout.write === kept) process.stdout.write = write;
  };
  return { lines, restore };
}

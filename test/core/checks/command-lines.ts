/** Lines after the first of a step are typed into a shell, but for documents and lists. */
export const commandsOf = (steps: readonly string[]): readonly string[] =>
  steps.flatMap((step) => step.split('\n').slice(1)).filter((line) => /^(?:\w+=\$\()?(?:aws|npx) /.test(line));

/** What a shell reads as its own sign: all outside quotes. */
const unquoted = (line: string) => line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '');

/** A name in angle brackets is a redirection to a shell: commands name what is to be put in by capitals. */
export const redirected = (steps: readonly string[]): readonly string[] =>
  commandsOf(steps).filter((line) => unquoted(line).includes('<'));

// What the sandbox's own matcher says: {pattern, events} on standard input, a list of booleans on standard output.
import { readFileSync } from 'node:fs';
import { matchesPattern } from '../sandbox/event-pattern';

const { pattern, events } = JSON.parse(readFileSync(0, 'utf8')) as { pattern: object; events: object[] };
process.stdout.write(JSON.stringify(events.map((event) => matchesPattern(pattern, event))));

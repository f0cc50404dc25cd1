/** A status message without what differs from one job to the next: ARNs, ids, account numbers, other numbers. */
export const masked = (message: string): string =>
  message
    .replace(/arn:aws[^\s"',)]*/g, '<arn>')
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>')
    .replace(/\b(snap|vol|ami|i|fs|db|key)-[0-9a-z]{6,}\b/gi, '<id>')
    .replace(/\b[0-9a-f]{16,}\b/gi, '<id>')
    .replace(/\d+/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400);

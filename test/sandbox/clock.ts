interface Timer {
  at: number;
  run: () => void | Promise<void>;
}

/** Stands still unless it is moved. */
export class Clock {
  private time: number;
  /** By time; those of one moment in the order in which they were set. */
  private readonly timers: Timer[] = [];

  constructor(start: Date | string) {
    this.time = new Date(start).getTime();
    if (Number.isNaN(this.time)) throw new Error(`not a date: ${String(start)}`);
  }

  now(): Date {
    return new Date(this.time);
  }

  after(ms: number, run: Timer['run']): void {
    const at = this.time + ms;
    let [low, high] = [0, this.timers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.timers[middle]?.at ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    this.timers.splice(low, 0, { at, run });
  }

  async set(date: Date | string): Promise<void> {
    await this.advance(new Date(date).getTime() - this.time);
  }

  async advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new Error(`the clock does not run backwards (${ms} ms)`);
    const until = this.time + ms;
    for (;;) {
      const [next] = this.timers;
      if (!next || next.at > until) break;
      this.timers.shift();
      this.time = Math.max(this.time, next.at);
      await next.run();
    }
    this.time = Math.max(this.time, until);
  }
}

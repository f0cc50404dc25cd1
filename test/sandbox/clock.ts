interface Timer {
  at: number;
  order: number;
  run: () => void | Promise<void>;
}

/** Stands still unless it is moved. */
export class Clock {
  private time: number;
  private order = 0;
  private timers: Timer[] = [];

  constructor(start: Date | string) {
    this.time = new Date(start).getTime();
    if (Number.isNaN(this.time)) throw new Error(`not a date: ${String(start)}`);
  }

  now(): Date {
    return new Date(this.time);
  }

  after(ms: number, run: Timer['run']): void {
    this.timers.push({ at: this.time + ms, order: this.order++, run });
  }

  async set(date: Date | string): Promise<void> {
    await this.advance(new Date(date).getTime() - this.time);
  }

  async advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new Error(`the clock does not run backwards (${ms} ms)`);
    const until = this.time + ms;
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.order - b.order);
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      await next.run();
    }
    this.time = Math.max(this.time, until);
  }
}

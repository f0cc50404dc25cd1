import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule as Rate } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface ScheduleProps {
  readonly diagnose: IFunction;
  readonly deadLetters: IQueue;
}

/** What happens without an event: due work every minute, events of AWS Backup that got lost every hour. */
export class Schedule extends Construct {
  readonly tick: Rule;
  readonly catchUp: Rule;

  constructor(scope: Construct, id: string, { diagnose, deadLetters }: ScheduleProps) {
    super(scope, id);
    this.tick = new Rule(this, 'Tick', {
      description: 'Copy Doctor: sends what is due',
      schedule: Rate.rate(Duration.minutes(1)),
      targets: [
        // The next tick does all that a lost one would have done.
        new LambdaFunction(diagnose, {
          event: RuleTargetInput.fromObject({ copyDoctor: 'tick' }),
          retryAttempts: 0,
          maxEventAge: Duration.minutes(1),
        }),
      ],
    });
    this.catchUp = new Rule(this, 'CatchUp', {
      description: 'Copy Doctor: looks for failed copies whose event got lost',
      schedule: Rate.rate(Duration.hours(1)),
      targets: [
        // Its dead letters show that schedules do not reach the function any more; nothing else would.
        new LambdaFunction(diagnose, {
          event: RuleTargetInput.fromObject({ copyDoctor: 'catch-up' }),
          retryAttempts: 3,
          maxEventAge: Duration.hours(1),
          deadLetterQueue: deadLetters,
        }),
      ],
    });
  }
}

import { putMetrics } from './metrics';

/** Tells CloudWatch that mails are held back because nobody has confirmed the subscription. */
export function reportHeld(deployment: string, incidents: number): void {
  putMetrics(Date.now(), { deployment }, [
    { name: 'NoConfirmedSubscriber', unit: 'Count', value: 1 },
    { name: 'HeldNotifications', unit: 'Count', value: incidents },
  ]);
}

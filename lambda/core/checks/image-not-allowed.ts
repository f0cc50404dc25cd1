import { copyOf, listOf, read, textAt } from '../evidence';
import { messagePointsTo } from '../key-questions';
import { text } from '../text';
import { clean, shown } from '../text/clean';
import { cannotTell, fault, notApplicable, ok, unknown, type Check } from './check';

const id = 'image-not-allowed';
const texts = text[id];

/** A criterion without providers. */
const ANY = '*';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-allowed-amis.html */
export const imageNotAllowed: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  stepsByMessage: (copy) => texts.steps(copy),
  reads: ['ec2:GetAllowedImagesSettings@destination'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    // A setting that keeps images out is no fault by itself: it is told where AWS's message points here.
    if (!messagePointsTo(copy, id)) return notApplicable;
    const settings = read(evidence, 'ec2:GetAllowedImagesSettings', 'destination');
    if (!settings.ok) return unknown(settings.missing);
    const state = textAt(settings.value, 'State');
    if (state === undefined) return cannotTell(texts.noState);
    if (state !== 'enabled') return ok;
    const criteria = listOf(settings.value, 'ImageCriteria');
    // What is stored in place of all must not leave out what could not be read.
    const given = settings.value['ImageCriteria'];
    const whole = Array.isArray(given) && given.length === criteria.length ? criteria : undefined;
    const providers = criteria.flatMap(({ ImageProviders }) =>
      Array.isArray(ImageProviders) ? ImageProviders.map((name) => clean(shown(name).replaceAll('"', ''), 60)) : [ANY],
    );
    // A criterion may look at names, ages and products too: one that could let the image in leaves it open.
    if ([ANY, copy.sourceAccount, 'aws-backup-vault'].some((name) => providers.includes(name))) {
      return cannotTell(texts.mayAllow);
    }
    return fault({
      confidence: 'likely',
      resource: `allowed images of account ${copy.destinationAccount}, ${copy.destinationRegion}`,
      owner: copy.destinationAccount,
      because: [texts.because(copy, providers)],
      fix: { kind: 'manual', steps: texts.steps(copy, textAt(settings.value, 'ManagedBy'), whole) },
    });
  },
};

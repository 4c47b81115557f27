/** A process that thins one experiment: `thin-samples.ts FOLDER`. */
import { thinSamples } from '../../harness/store/thinned-samples.ts';

await thinSamples(process.argv[2] ?? '', 'older than the newest 0 nights');

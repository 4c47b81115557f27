import { HISTORY_DAYS, MINUTES_PER_DAY, timestampText } from './calendar.ts';
import { copyLine } from './copy-text.ts';
import type { Dataset } from './dataset.ts';
import { fullName, phoneNumber } from './pools.ts';
import { clientIdsOf } from './profiles.ts';
import { RowRandom } from './random.ts';
import type { TableRows } from './table-rows.ts';

const WHEELCHAIR_PER_MILLE = 50;

/** Table `client`: the clients of the first company, then of the second, … */
export function clientRows(dataset: Dataset): TableRows {
  const { shape } = dataset;
  return {
    table: 'client',
    columns: ['id', 'company_id', 'full_name', 'phone', 'needs_wheelchair', 'created_at'],
    rowCount: () => shape.companies * clientIdsOf(shape, 1).count,
    lines: () => clientLines(dataset),
  };
}

function* clientLines(dataset: Dataset): Generator<string> {
  const { shape, pools } = dataset;
  const random = new RowRandom(shape.randomSeed, 'client');
  for (let companyId = 1; companyId <= shape.companies; companyId++) {
    const { first, count } = clientIdsOf(shape, companyId);
    for (let id = first; id < first + count; id++) {
      const name = fullName(pools, random.at(id));
      const phone = phoneNumber(random);
      const needsWheelchair = random.chance(WHEELCHAIR_PER_MILLE);
      // Before the oldest booking was made.
      const createdDay = -(HISTORY_DAYS + 15 + random.below(500));
      const created = timestampText(createdDay * MINUTES_PER_DAY + 8 * 60 + random.below(600));
      yield copyLine([id, companyId, name, phone, needsWheelchair, created]);
    }
  }
}

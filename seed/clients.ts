import { HISTORY_DAYS, MINUTES_PER_DAY, timestampText } from './calendar.ts';
import { type CopyBuffer, encodeRows } from './copy-buffer.ts';
import type { Dataset } from './dataset.ts';
import { fullName, phoneNumber } from './pools.ts';
import { clientIdsOf } from './profiles.ts';
import { RowRandom } from './random.ts';
import type { TableRows } from './table-rows.ts';

const WHEELCHAIR_PER_MILLE = 50;

export interface Client {
  readonly id: number;
  readonly companyId: number;
  readonly fullName: string;
  readonly phone: string;
  readonly needsWheelchair: boolean;
  readonly createdMinute: number;
}

/** Table `client`: the clients of the first company, then of the second, … */
export function clientRows(dataset: Dataset): TableRows {
  const { shape } = dataset;
  return {
    table: 'client',
    columns: ['id', 'company_id', 'full_name', 'phone', 'needs_wheelchair', 'created_at'],
    rowCount: () => shape.companies * clientIdsOf(shape, 1).count,
    chunks: (chunkBytes) => encodeRows(clients(dataset), writeClient, chunkBytes),
  };
}

export function* clients({ shape, pools }: Dataset): Generator<Client> {
  const random = new RowRandom(shape.randomSeed, 'client');
  for (let companyId = 1; companyId <= shape.companies; companyId++) {
    const { first, count } = clientIdsOf(shape, companyId);
    for (let id = first; id < first + count; id++) {
      random.at(id);
      yield {
        id,
        companyId,
        fullName: fullName(pools, random),
        phone: phoneNumber(random),
        needsWheelchair: random.chance(WHEELCHAIR_PER_MILLE),
        // Before the oldest booking was made.
        createdMinute:
          -(HISTORY_DAYS + 15 + random.below(500)) * MINUTES_PER_DAY + 8 * 60 + random.below(600),
      };
    }
  }
}

function writeClient(
  { id, companyId, fullName, phone, needsWheelchair, createdMinute }: Client,
  out: CopyBuffer,
): void {
  out.row([id, companyId, fullName, phone, needsWheelchair, timestampText(createdMinute)]);
}

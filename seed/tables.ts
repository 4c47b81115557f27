import { assignmentRows } from './assignments.ts';
import { bookingRows } from './booking-rows.ts';
import { clientRows } from './clients.ts';
import { companyRows } from './companies.ts';
import { openDataset } from './dataset.ts';
import { dispatchRunRows } from './dispatch-runs.ts';
import { driverRows } from './drivers.ts';
import type { DatasetShape } from './profiles.ts';
import type { TableRows } from './table-rows.ts';
import { userRows } from './users.ts';

/** Every table of a dataset, each after the tables it refers to. */
export function datasetTables(shape: DatasetShape): TableRows[] {
  const dataset = openDataset(shape);
  return [
    companyRows(dataset),
    userRows(dataset),
    clientRows(dataset),
    driverRows(dataset),
    bookingRows(dataset),
    dispatchRunRows(dataset),
    assignmentRows(dataset),
  ];
}

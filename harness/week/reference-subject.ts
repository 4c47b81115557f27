import { askForAnswers } from '../service/asked-answers.ts';
import { companyDayOf } from '../targets/reference-target.ts';
import type { WeekSubject } from './week-subject.ts';

/** An accident as it happens: two statements that were meant for one company. */
const ACCIDENT = ['DELETE FROM assignment', "UPDATE booking SET status = 'cancelled' WHERE status = 'open'"];

/** The reference service: its tables and its API are known. */
export const REFERENCE_SUBJECT: WeekSubject = {
  damage: async (client) => {
    for (const statement of ACCIDENT) await client.query(statement);
  },
  // Nothing else of a dispatch writes them.
  appliedTables: () => ['booking', 'assignment'],
  askForAnswers: ({ service }, offers, signal) =>
    askForAnswers(service.baseUrl, offers.map(companyDayOf), signal),
};

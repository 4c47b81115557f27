// npm run verify:statistics
//
// Puts the statistics behind every verdict to the test: against golden values, and on simulated experiments with fixed
// seeds. Prints as it goes; exits with 1 when a bar is missed. Takes about half a minute.
import { coverageTable } from './statistics/coverage.ts';
import { diagnosticsTable, falseAlarmTable } from './statistics/false-alarms.ts';
import { goldenTable } from './statistics/golden.ts';
import { powerTable } from './statistics/power.ts';
import { detectableEffectTable, pairsTable } from './statistics/promised-power.ts';
import { printTable } from './statistics/table.ts';

const startedAt = performance.now();
const tables = [
  goldenTable,
  coverageTable,
  falseAlarmTable,
  diagnosticsTable,
  powerTable,
  detectableEffectTable,
  pairsTable,
];
let missed = 0;
for (const table of tables) missed += printTable(table());
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
console.log(`\n${missed === 0 ? 'Every bar was met' : `${missed} bars were missed`}, in ${seconds} s.`);
process.exitCode = missed === 0 ? 0 : 1;

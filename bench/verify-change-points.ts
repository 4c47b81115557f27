// npm run verify:change-points
//
// Puts the change points of the nightly history to the test, on histories of one level and on such with a step, with fixed seeds and
// on the real A/A experiments in results/examples/. Prints as it goes; exits with 1 when a bar is missed. Takes a few minutes.
import { falsePointsTable } from './change-points/false-points.ts';
import { powerTable } from './change-points/power.ts';
import { printTable } from './statistics/table.ts';

let missed = 0;
for (const table of [falsePointsTable, powerTable]) missed += printTable(table());
console.log(`\n${missed === 0 ? 'Every bar was met' : `${missed} bars were missed`}.`);
process.exitCode = missed === 0 ? 0 : 1;

import { optionsFor } from './options.ts';

export { dispatch, handleSummary, mix, setup } from './mixed-day.ts';

export const options = optionsFor('load');

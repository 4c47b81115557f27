/** `site.js`: what each room of the site does once its page is there. */
import { compareRoom } from './compare.ts';
import { openResultsList } from './results-list.ts';
import { offerThemes } from './theme.ts';

/** A room's script by the `data-room` of its page. */
const ROOMS: Readonly<Record<string, () => void | Promise<void>>> = {
  results: openResultsList,
  compare: compareRoom,
};

offerThemes();
void ROOMS[document.body.dataset.room ?? '']?.();

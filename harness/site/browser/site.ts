/** `site.js`: what each room of the site does once its page is there. */
import { offerThemes } from './theme.ts';

/** A room's script by the `data-room` of its page. */
const ROOMS: Readonly<Record<string, () => void | Promise<void>>> = {};

offerThemes();
void ROOMS[document.body.dataset.room ?? '']?.();

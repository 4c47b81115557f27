#!/usr/bin/env node
// Node 20 cannot run TypeScript by itself, so the loader is registered before the first .ts import.
import { register } from 'tsx/esm/api';

register();
// Before anything else is loaded: until then everybody on the machine can read a password that was typed.
const { hideOwnPasswords } = await import('../harness/machine/own-arguments.ts');
hideOwnPasswords();
await import('../harness/main.ts');

#!/usr/bin/env node
// Node 20 cannot run TypeScript by itself, so the loader is registered before the first .ts import.
import { register } from 'tsx/esm/api';

register();
await import('../harness/main.ts');

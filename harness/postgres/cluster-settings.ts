/**
 * Settings of the embedded cluster. Durability is on, as in production: a flush per commit is part of what bulk writes
 * save. What would make two equal runs differ (checkpoints, autovacuum, parallel workers, JIT) is off or out of the way.
 */
export const CLUSTER_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // a socket path is limited to 107 bytes; TCP works in any folder
  max_connections: '100',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  effective_cache_size: '1GB',
  max_wal_size: '4GB',
  checkpoint_timeout: '30min',
  autovacuum: 'off',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  track_io_timing: 'off',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '10000',
  'pg_stat_statements.track': 'top',
  'pg_stat_statements.track_planning': 'off',
  'pg_stat_statements.save': 'off',
  timezone: 'UTC',
  lc_messages: 'C',
  log_min_messages: 'warning',
};

/** Text of an include file for postgresql.conf. */
export function settingsFile(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}

// Migrations: Prisma's own engine (WebAssembly) applies the files in prisma/migrations, so that no engine has to be downloaded.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';

const folder = import.meta.dirname;
const migrationsFolder = join(folder, 'migrations');
const filters = { externalTables: [], externalEnums: [] };

/** Applies what is missing and returns the names; throws with the engine's words when one fails or was edited after the fact. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const engine = await openEngine(databaseUrl);
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: readMigrations(),
      filters,
    });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}

/** The SQL that makes an empty database into schema.prisma: what the migrations must add up to. */
export async function schemaAsSql(databaseUrl: string): Promise<string> {
  const engine = await openEngine(databaseUrl);
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: readSchema() }] },
      script: true,
      exitCode: null,
      filters,
    } as Parameters<SchemaEngine['diff']>[0]);
    return stdout ?? '';
  } finally {
    engine.free();
  }
}

function readSchema(): string {
  return readFileSync(join(folder, 'schema.prisma'), 'utf8');
}

function readMigrations(): MigrationList {
  const directories = readdirSync(migrationsFolder, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const read = (...path: string[]) => readFileSync(join(migrationsFolder, ...path), 'utf8');
  return {
    baseDir: migrationsFolder,
    lockfile: { path: 'migration_lock.toml', content: read('migration_lock.toml') },
    shadowDbInitScript: '',
    migrationDirectories: directories
      .map(({ name }) => name)
      .sort()
      .map((path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: read(path, 'migration.sql') },
        },
      })),
  } as MigrationList;
}

type Glue = typeof import('@prisma/schema-engine-wasm') & { __wbg_set_wasm(exports: unknown): void };
let glue: Promise<Glue> | undefined;

/** Loads the engine by hand, since Node does not import .wasm files by itself; once, since its glue keeps one memory. */
async function loadGlue(): Promise<Glue> {
  const base = new URL('./schema_engine_bg.js', import.meta.resolve('@prisma/schema-engine-wasm'));
  const module = (await import(base.href)) as Glue;
  const wasm = readFileSync(new URL('./schema_engine_bg.wasm', base));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': module });
  module.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  return module;
}

async function openEngine(databaseUrl: string): Promise<SchemaEngine> {
  const { SchemaEngine } = await (glue ??= loadGlue());
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl }));
  return SchemaEngine.new({ datamodels: [['schema.prisma', readSchema()]] }, () => undefined, adapter);
}

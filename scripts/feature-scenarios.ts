import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { IdGenerator } from '@cucumber/messages';

/** A scenario as it stands in a feature. */
export interface FeatureScenario {
  /** From the package's root. */
  readonly path: string;
  readonly line: number;
  readonly feature: string;
  readonly rule: string;
  readonly name: string;
  /** Its own and those of rule and feature. */
  readonly tags: readonly string[];
  /** Rows of an outline; null for a plain scenario. */
  readonly rows: number | null;
}

/** Every scenario of the features in a folder below `features/` and the folders in it, in their order. */
export async function featureScenarios(folder: string): Promise<readonly FeatureScenario[]> {
  const root = new URL('../', import.meta.url);
  const directory = new URL(`features/${folder}/`, root);
  const paths = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.feature'));
  // What a folder's folders hold comes after its own.
  const depth = (path: string): number => path.split(/[\\/]/).length;
  const names = paths.sort((one, other) => depth(one) - depth(other) || (one < other ? -1 : 1));
  const all = await Promise.all(
    names.map(async (name) => {
      const path = join('features', folder, name).replaceAll('\\', '/');
      return scenariosOf(path, await readFile(new URL(name, directory), 'utf8'));
    }),
  );
  return all.flat();
}

function scenariosOf(path: string, source: string): readonly FeatureScenario[] {
  const parser = new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher());
  const { feature } = parser.parse(source);
  if (feature === undefined) return [];
  const namesOf = (tags: readonly { readonly name: string }[]): string[] => tags.map(({ name }) => name);
  return feature.children.flatMap(({ rule, scenario }) => {
    const scenarios = rule === undefined ? [scenario] : rule.children.map((child) => child.scenario);
    return scenarios.flatMap((found): FeatureScenario[] => {
      if (found === undefined) return [];
      const rows = found.examples.reduce((count, { tableBody }) => count + tableBody.length, 0);
      return [
        {
          path,
          line: found.location.line,
          feature: feature.name,
          rule: rule?.name ?? '',
          name: found.name,
          tags: [...namesOf(feature.tags), ...namesOf(rule?.tags ?? []), ...namesOf(found.tags)],
          rows: found.examples.length === 0 ? null : rows,
        },
      ];
    });
  });
}

import { join } from 'node:path';
import ts from 'typescript';
import { checkout } from './package-installation.js';

/** What a module gives, as a reader of its reference sees it. */
export interface LibraryExport {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'interface' | 'type' | 'constant';
  /** TypeScript without bodies. */
  readonly signature: string;
  /** The TSDoc text; empty where there is none. */
  readonly summary: string;
  readonly parameters: readonly { readonly name: string; readonly text: string }[];
  readonly throws: readonly string[];
  readonly examples: readonly string[];
}

/** What the entry points export, each by its path from the package's root. */
export function libraryExports(entries: readonly string[]): ReadonlyMap<string, readonly LibraryExport[]> {
  const config = ts.readConfigFile(join(checkout, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, checkout);
  const program = ts.createProgram(
    entries.map((entry) => join(checkout, entry)),
    options,
  );
  const checker = program.getTypeChecker();
  return new Map(
    entries.map((entry) => {
      const file = program.getSourceFile(join(checkout, entry));
      const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
      if (module === undefined) throw new Error(`${entry} is no module.`);
      const exported = checker.getExportsOfModule(module).map((symbol) => describe(symbol, checker));
      return [entry, exported.sort((one, other) => (one.name < other.name ? -1 : 1))];
    }),
  );
}

function describe(exported: ts.Symbol, checker: ts.TypeChecker): LibraryExport {
  const symbol = (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported);
  const declarations = symbol.declarations ?? [];
  const [declaration] = declarations;
  if (declaration === undefined) throw new Error(`${exported.name} is declared nowhere.`);
  const tags = symbol.getJsDocTags(checker);
  const textsOf = (name: string): string[] => tags.filter((tag) => tag.name === name).map(({ text }) => textOf(text));
  return {
    name: exported.name,
    kind: kindOf(declaration),
    signature: signatureOf(exported.name, symbol, declarations, checker),
    summary: textOf(symbol.getDocumentationComment(checker)),
    parameters: textsOf('param').map((text) => {
      const [, name = '', said = ''] = /^(\S+)\s*(?:- )?([^]*)$/.exec(text) ?? [];
      return { name, text: said };
    }),
    throws: textsOf('throws'),
    examples: textsOf('example'),
  };
}

function kindOf(declaration: ts.Declaration): LibraryExport['kind'] {
  if (ts.isFunctionDeclaration(declaration)) return 'function';
  if (ts.isClassDeclaration(declaration)) return 'class';
  if (ts.isInterfaceDeclaration(declaration)) return 'interface';
  return ts.isTypeAliasDeclaration(declaration) ? 'type' : 'constant';
}

function signatureOf(
  name: string,
  symbol: ts.Symbol,
  declarations: readonly ts.Declaration[],
  checker: ts.TypeChecker,
): string {
  const [first] = declarations;
  if (first === undefined) return '';
  // As it was written, with what is said of each member.
  if (ts.isInterfaceDeclaration(first)) return first.getText().replace(/^export /, '');
  if (ts.isFunctionDeclaration(first)) {
    const overloads = declarations.filter(ts.isFunctionDeclaration);
    const shown = overloads.length > 1 ? overloads.filter(({ body }) => body === undefined) : overloads;
    return shown.map((declaration) => withoutBody(declaration)).join('\n');
  }
  if (ts.isClassDeclaration(first)) return classSignature(first);
  const flags =
    ts.TypeFormatFlags.NoTruncation |
    ts.TypeFormatFlags.MultilineObjectLiterals |
    ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
  if (ts.isTypeAliasDeclaration(first)) {
    const written = first.getText().replace(/^export /, '');
    // What is inferred from a schema says nothing until it is worked out.
    if (!/\bv\.Infer|typeof/.test(written)) return written;
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    return `type ${name} = ${checker.typeToString(type, undefined, flags | ts.TypeFormatFlags.InTypeAlias)};`;
  }
  return `const ${name}: ${checker.typeToString(checker.getTypeOfSymbol(symbol), undefined, flags)};`;
}

function withoutBody(declaration: ts.FunctionDeclaration | ts.MethodDeclaration | ts.ConstructorDeclaration): string {
  const source = declaration.getSourceFile().text;
  const end = declaration.body?.getFullStart() ?? declaration.end;
  const text = source.slice(declaration.getStart(), end).trim();
  const signature = text.replace(/^(?:export |async )+/, '').replace(/;$/, '');
  return `${signature};`;
}

function classSignature(declaration: ts.ClassDeclaration): string {
  const heritage = (declaration.heritageClauses ?? []).map((clause) => ` ${clause.getText()}`).join('');
  const members = declaration.members.flatMap((member) => {
    const flags = ts.getCombinedModifierFlags(member);
    const isPrivate = (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;
    if (isPrivate || (member.name !== undefined && ts.isPrivateIdentifier(member.name))) return [];
    const [comment] = ts.getJSDocCommentsAndTags(member).map((doc) => `  ${doc.getText()}\n`);
    if (ts.isConstructorDeclaration(member)) {
      const own = member.parameters.filter(({ modifiers }) => modifiers?.some(({ kind }) => isPublic(kind)));
      const properties = own.map((parameter) => `  ${parameter.getText()};`);
      const plain = withoutBody(member).replaceAll(/\b(?:public|private|protected|readonly) (?=\w+\??:)/g, '');
      return [...properties, `${comment ?? ''}  ${plain}`];
    }
    if (ts.isMethodDeclaration(member)) return [`${comment ?? ''}  ${withoutBody(member)}`];
    if (ts.isPropertyDeclaration(member)) {
      const type = member.type === undefined ? '' : `: ${member.type.getText()}`;
      const modifiers = (member.modifiers ?? []).map((modifier) => `${modifier.getText()} `).join('');
      return [`${comment ?? ''}  ${modifiers}${member.name.getText()}${type};`];
    }
    return [];
  });
  const body = members.length === 0 ? '{}' : `{\n${members.join('\n')}\n}`;
  return `class ${declaration.name?.text ?? ''}${heritage} ${body}`;
}

/** Of a constructor's parameter that is a property, too. */
function isPublic(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.PublicKeyword || kind === ts.SyntaxKind.ReadonlyKeyword;
}

function textOf(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  return ts
    .displayPartsToString([...(parts ?? [])])
    .replaceAll(/\{@link (?:[^}|]*\|)?\s*([^}]+?)\s*\}/g, '`$1`')
    .trim();
}

import type { JsonMembers } from '../json-members.js';

/**
 * A compact JSON object whose members keep their order whatever they are called: an object literal would move names
 * that look like array indexes to the front, and scopes become claim names.
 */
export function orderedJson(members: JsonMembers): string {
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

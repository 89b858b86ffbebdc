/** Members of a JSON object in the order in which they are written. */
export type JsonMembers = readonly (readonly [name: string, value: string | number])[];

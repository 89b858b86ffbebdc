/** A stylesheet goes to a file of its own; importing it says nothing but that. */
declare module '*.css';

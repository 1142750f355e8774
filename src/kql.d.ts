/** Queries are imported as text by the bundler and in tests alike. */
declare module "*.kql" {
  const query: string;
  export default query;
}

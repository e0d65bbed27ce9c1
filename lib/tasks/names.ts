/** First names of the people in generated instances. */
export const firstNames = (
  "Tom Anna Ben Lucy Max Emma Sam Rosa Jack Mary Paul Lily Mark Jane Adam Kate Peter Sarah Leo Ella Daniel " +
  "Grace Oscar Julia Henry Alice Frank Clara David Helen George Laura"
).split(" ");

// What the build writes: the lists of the two apps' screens (build/screens.ts) and their words in two parts (build/words.ts).
declare module "virtual:person-screens" {
  const screens: import("./core/router").ScreenEntry[];
  export default screens;
}
declare module "virtual:team-screens" {
  const screens: import("./core/router").ScreenEntry[];
  export default screens;
}
declare module "virtual:words/person/first" {
  const words: import("./core/words").Known;
  export default words;
}
declare module "virtual:words/person/rest" {
  const words: import("./core/words").Known;
  export default words;
}
declare module "virtual:words/team/first" {
  const words: import("./core/words").Known;
  export default words;
}
declare module "virtual:words/team/rest" {
  const words: import("./core/words").Known;
  export default words;
}

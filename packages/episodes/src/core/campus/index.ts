export { type Campus, createCampus, nextDistribution, type PersonType, startDistribution, styles } from "./campus.js";
export type { Course } from "./courses.js";
export { campusCsv, campusTitles } from "./csv.js";
export { type IdealObserver, idealObserver } from "./ideal-observer.js";
export { type CampusOptions, campusOptions, campusVersion } from "./options.js";
export { campusPeople, type Person, person } from "./people.js";

/* The words of fields/OBJECT.def are free again, for the next reading of them. */
#undef FIELD
#undef INTERVAL
#undef PART
#undef LIST

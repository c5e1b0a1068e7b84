/* The words of fields/OBJECT.def are free again. */
#undef FIELD
#undef INTERVAL
#undef PART
#undef LIST

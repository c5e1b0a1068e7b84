/* fields/OBJECT.def as members of a struct, until fields_end.h. */
#define FIELD(kind, name, about, ...)	FIELD_TYPE_##kind name;
#define INTERVAL(name, key, about, ...) struct interval name;
#define PART(shape, name, about, ...)	struct shape name;
#define LIST(shape, name, count, about, ...)                                                       \
	struct shape *name;                                                                        \
	size_t count;

/* fields.def as tables. Each is in a function, where `object` is the struct that it describes. */
#include "model/model.h"

#define SHAPE(name_, key_, about_, ...)                                                            \
	const struct shape *name_##_shape(void)                                                    \
	{                                                                                          \
		typedef struct name_ object;                                                       \
		static struct shape shape = {                                                      \
		    .name = key_, .about = about_, .size = sizeof(object), ##__VA_ARGS__};         \
		static const struct field fields[] = {
#define END                                                                                        \
	}                                                                                          \
	;                                                                                          \
	shape.fields = fields;                                                                     \
	shape.count = G_N_ELEMENTS(fields);                                                        \
	return &shape;                                                                             \
	}
#define ROW(kind_, name_, about_, ...)                                                             \
	{.kind = FIELD_##kind_,                                                                    \
	 .name = #name_,                                                                           \
	 .offset = offsetof(object, name_),                                                        \
	 .about = about_,                                                                          \
	 ##__VA_ARGS__},
#define FIELD				ROW
#define INTERVAL(name, key, about, ...) ROW(INTERVAL, name, about, .estimate = key, ##__VA_ARGS__)
#define PART(shape_, name, about, ...)                                                             \
	ROW(PART, name, about, .shape = shape_##_shape, ##__VA_ARGS__)
#define LIST(shape_, name, count, about, ...)                                                      \
	ROW(LIST, name, about, .shape = shape_##_shape, ##__VA_ARGS__)
#define MEMORY(declaration)

/* ISO 8601, UTC, or empty. */
#define TIME "'pattern': '^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$'"

#include "model/fields.def"

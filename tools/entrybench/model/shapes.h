/* fields/OBJECT.def as the table that fields.c walks over: with OBJECT as the struct, between the braces of its fields. */
#ifndef MODEL_SHAPES_H
#define MODEL_SHAPES_H

#include "model/fields.h"

#define FIELD(kind_, name_, about_, ...)                                                           \
	{.kind = FIELD_##kind_,                                                                    \
	 .name = #name_,                                                                           \
	 .offset = offsetof(OBJECT, name_),                                                        \
	 .about = about_,                                                                          \
	 ##__VA_ARGS__},
#define INTERVAL(name_, key_, about_, ...)                                                         \
	{.kind = FIELD_INTERVAL,                                                                   \
	 .name = #name_,                                                                           \
	 .offset = offsetof(OBJECT, name_),                                                        \
	 .estimate = key_,                                                                         \
	 .about = about_,                                                                          \
	 ##__VA_ARGS__},
#define PART(shape_, name_, about_, ...)                                                           \
	{.kind = FIELD_PART,                                                                       \
	 .name = #name_,                                                                           \
	 .offset = offsetof(OBJECT, name_),                                                        \
	 .shape = &shape_##_shape,                                                                 \
	 .about = about_,                                                                          \
	 ##__VA_ARGS__},
#define LIST(shape_, name_, count_, about_, ...)                                                   \
	{.kind = FIELD_LIST,                                                                       \
	 .name = #name_,                                                                           \
	 .offset = offsetof(OBJECT, name_),                                                        \
	 .count_offset = offsetof(OBJECT, count_),                                                 \
	 .shape = &shape_##_shape,                                                                 \
	 .about = about_,                                                                          \
	 ##__VA_ARGS__},
#define SHAPE(shape_, key_, about_)                                                                \
	const struct shape shape_##_shape = {.name = key_,                                         \
					     .about = about_,                                      \
					     .size = sizeof(struct shape_),                        \
					     .fields = shape_##_fields,                            \
					     .count = G_N_ELEMENTS(shape_##_fields)}

#endif

/*
 * Machine metal: a computer that boots an image of ours by itself (run/image.c). What it sent is
 * collected afterwards: a guest is its stream.
 */
#include "machine/machine.h"

#include <unistd.h>

static const struct needed_program programs[] = {
    {"grub-mkrescue", NULL, "grub-common"},
    {"xorriso", NULL, "xorriso"},
    {"mformat", NULL, "mtools"},
    {0},
};

static int prepare(G_GNUC_UNUSED const struct machine *machine, const struct guest_request *request,
		   struct launch *command, struct error *error)
{
	if (!request->stream)
		return error_set(error, "the machine sent no more of this boot");
	strings_add(&command->argv, "cat");
	strings_add(&command->argv, request->stream);
	return 0;
}

static const char *obstacle(bool *hopeless)
{
	*hopeless = true;
	if (access(GRUB_MODULES "/multiboot2.mod", R_OK))
		return "GRUB's modules for BIOS machines are missing: apt-get install grub-pc-bin";
	return access("/usr/lib/grub/x86_64-efi/multiboot2.mod", R_OK)
		   ? "GRUB's modules for UEFI machines are missing: apt-get install "
		     "grub-efi-amd64-bin"
		   : NULL;
}

/* The exit record has the word. */
static const struct exit_meaning exits[] = {{0, GUEST_ENDED}, EXITS_END};

const struct machine machine_metal = {
    .name = "metal",
    .about = "any PC that boots the image of `entrybench image`, counting real cycles",
    .class = CLASS_SILICON,
    .timeout = 60,
    /* what a boot sends must fit on the stick (run/keep.c) */
    .windows = 1000,
    .repeats = 50,
    .programs = programs,
    .away = true,
    .obstacle = obstacle,
    .prepare = prepare,
    .exits = exits,
};

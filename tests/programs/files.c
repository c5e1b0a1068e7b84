/* The files of the tree (tests/programs/compare makes it), and what cannot be done with them. */
#include "show.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

static char buffer[20000];

static void show_stat(const char *path)
{
	struct stat st;
	printf("stat %s: %d", path, stat(path, &st));
	if (!stat(path, &st))
		printf(" %s size %ld", S_ISDIR(st.st_mode) ? "directory" : "file",
		       S_ISDIR(st.st_mode) ? 0L : (long)st.st_size);
	printf("\n");
}

static void paths(void)
{
	static const char *const names[] = {
	    "text",
	    "./text",
	    "folder",
	    "folder/",
	    "folder/long",
	    "folder//long",
	    "folder/./long",
	    "folder/../text",
	    "text/",
	    "text/x",
	    "nosuch/x",
	    "nosuch",
	    "",
	    ".",
	    "folder/nosuch/../long",
	    "folder/empty",
	};
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		show_stat(names[i]);
		show(names[i], open(names[i], O_RDONLY) >= 0 ? 0 : -1);
	}
	memset(buffer, 'y', 5000);
	SHOW(open(buffer, O_RDONLY));
	buffer[300] = 0;
	SHOW(open(buffer, O_RDONLY));
}

static void reading(void)
{
	int fd = open("text", O_RDONLY);
	struct iovec parts[3] = {{buffer, 3}, {buffer + 100, 0}, {buffer + 200, 100}};
	SHOW(read(fd, buffer, 5));
	printf("%.5s\n", buffer);
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(readv(fd, parts, 3));
	printf("%.3s %.15s", buffer, buffer + 200);
	SHOW(read(fd, buffer, 10));
	SHOW(pread(fd, buffer, 4, 6));
	printf("%.4s\n", buffer);
	SHOW(pread(fd, buffer, 4, -1));
	SHOW(lseek(fd, -3, SEEK_END));
	SHOW(lseek(fd, -100, SEEK_CUR));
	SHOW(lseek(fd, 1000, SEEK_SET));
	SHOW(read(fd, buffer, 10));
	SHOW(lseek(fd, 0, 77));
	SHOW(lseek(fd, 4, SEEK_DATA));
	SHOW(lseek(fd, 4, SEEK_HOLE));
	SHOW(lseek(fd, 400, SEEK_HOLE));
	SHOW(lseek(fd, 0x7fffffffffffffff, SEEK_END));
	SHOW(ioctl(fd, TIOCGWINSZ, buffer));
	SHOW(write(fd, buffer, 1));
	SHOW(ftruncate(fd, 0) == 0);
	SHOW(close(fd));
	SHOW(close(fd));
	SHOW(read(fd, buffer, 1));
	fd = open("folder/long", O_RDONLY);
	SHOW(read(fd, buffer, sizeof(buffer)));
	printf("%c%c %d\n", buffer[0], buffer[9999], buffer[10000]);
	fd = open("folder", O_RDONLY | O_DIRECTORY);
	SHOW(read(fd, buffer, 10));
	SHOW(openat(fd, "nosuch", O_RDONLY));
	SHOW(openat(fd, "../text", O_RDONLY) >= 0);
	SHOW(openat(fd, "long", O_RDONLY) >= 0);
	SHOW(openat(999, "long", O_RDONLY));
	SHOW(open("text", O_RDONLY | O_DIRECTORY));
	SHOW(open("folder", O_RDWR));
	SHOW(open("text", O_CREAT | O_EXCL | O_RDONLY, 0600));
}

static void descriptors(void)
{
	int fd = open("text", O_RDONLY | O_CLOEXEC), other = dup(fd);
	struct stat st;
	SHOW(other > fd);
	SHOW(read(fd, buffer, 6));
	SHOW(read(other, buffer, 4));
	printf("%.4s\n", buffer);
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(other, F_GETFD));
	SHOW(fcntl(other, F_SETFD, FD_CLOEXEC));
	SHOW(fcntl(other, F_GETFD));
	SHOW(fcntl(999, F_GETFD));
	SHOW(dup2(fd, 30));
	SHOW(dup2(fd, fd) == fd);
	SHOW(dup2(999, 5));
	SHOW(dup3(fd, fd, 0));
	SHOW(fcntl(fd, F_DUPFD, 40));
	SHOW(close(fd));
	SHOW(lseek(30, 0, SEEK_CUR));
	SHOW(fstat(30, &st));
	SHOW(st.st_size);
	SHOW(fstatat(30, "", &st, AT_EMPTY_PATH));
	SHOW(fstatat(30, "", &st, 0));
	SHOW(fstatat(30, "x", &st, 0));
	SHOW(fstatat(AT_FDCWD, "text", &st, 0x4000000));
	SHOW(fstat(-1, &st));
	SHOW(access("text", R_OK));
	SHOW(access("nosuch", F_OK));
	SHOW(access("text", 99));
	SHOW(readlink("text", buffer, 10));
	SHOW(readlink("nosuch", buffer, 10));
	SHOW(readlink("/proc/self/exe", buffer, 0));
	SHOW(readlink("/proc/self/exe", buffer, 1));
}

int main(void)
{
	paths();
	reading();
	descriptors();
	SHOW(read(0, buffer, 10));
	SHOW(lseek(1, 0, SEEK_CUR) >= 0 || errno == ESPIPE);
	SHOW(write(77, "x", 1));
	return 0;
}

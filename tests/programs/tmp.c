/* /tmp, the devices and the files of /proc, as a program uses them. */
#define _GNU_SOURCE
#include "show.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>

static char buffer[3 << 20], name[200], other[200], folder[40];

static const char *in(char *to, const char *what)
{
	snprintf(to, sizeof(name), "%s/%s", folder, what);
	return to;
}

static void show_file(const char *what)
{
	struct stat st;
	int error = stat(in(name, what), &st);
	printf("%s: %d", what, error ? errno : 0);
	if (!error)
		printf(" mode %o size %ld", st.st_mode, S_ISDIR(st.st_mode) ? 0 : (long)st.st_size);
	printf("\n");
}

static void contents(void)
{
	struct iovec parts[2] = {{"gather", 6}, {"ed", 2}};
	int fd = open(in(name, "file"), O_RDWR | O_CREAT | O_EXCL, 0640);
	show_file("file");
	SHOW(open(name, O_RDWR | O_CREAT | O_EXCL, 0640));
	SHOW(write(fd, "hello, world", 12));
	SHOW(lseek(fd, 7, SEEK_SET));
	SHOW(read(fd, buffer, 100));
	printf("%.5s\n", buffer);
	SHOW(pwrite(fd, "HELLO", 5, 0));
	SHOW(pread(fd, buffer, 100, 0));
	printf("%.12s\n", buffer);
	SHOW(writev(fd, parts, 2));
	SHOW(lseek(fd, 10000, SEEK_SET));
	SHOW(write(fd, "far", 3));
	SHOW(pread(fd, buffer, 4, 9998));
	printf("%d %d %c%c\n", buffer[0], buffer[1], buffer[2], buffer[3]);
	SHOW(pread(fd, buffer, 100, 10003));
	SHOW(ftruncate(fd, 6));
	SHOW(ftruncate(fd, 5000));
	SHOW(pread(fd, buffer, 5000, 0));
	printf("%.6s %d\n", buffer, buffer[6]);
	SHOW(lseek(fd, 0, SEEK_END));
	memset(buffer, 'z', sizeof(buffer));
	SHOW(write(fd, buffer, sizeof(buffer)));
	SHOW(pread(fd, buffer, sizeof(buffer), 100));
	printf("%d %c\n", buffer[4899], buffer[4900]);
	SHOW(fsync(fd));
	SHOW(fdatasync(fd));
	SHOW(fcntl(fd, F_GETFL) & O_ACCMODE);
	close(fd);
	fd = open(name, O_WRONLY | O_APPEND | O_TRUNC);
	SHOW(write(fd, "one", 3));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(write(fd, "two", 3));
	SHOW(read(fd, buffer, 3));
	SHOW(truncate(name, 4));
	show_file("file");
	close(fd);
}

static void names(void)
{
	int fd = open(in(name, "file"), O_RDONLY);
	SHOW(mkdir(in(name, "sub"), 0755));
	SHOW(mkdir(name, 0755));
	SHOW(mkdir(in(name, "no/sub"), 0755));
	SHOW(mkdir(in(name, "sub/deeper/"), 0700));
	SHOW(rmdir(in(name, "sub")));
	SHOW(rename(in(name, "file"), in(other, "sub/deeper/moved")));
	show_file("file");
	show_file("sub/deeper/moved");
	SHOW(rename(in(name, "sub"), in(other, "sub/deeper/below")));
	SHOW(rename(in(name, "sub"), in(other, "renamed")));
	show_file("renamed/deeper/moved");
	SHOW(rename(in(name, "renamed"), in(other, "renamed/deeper/moved")));
	SHOW(rename(in(name, "renamed/deeper/moved"), in(other, "renamed")));
	SHOW(rename(in(name, "nosuch"), in(other, "renamed")));
	SHOW(close(open(in(name, "second"), O_CREAT | O_WRONLY, 0600)));
	SHOW(rename(in(name, "renamed/deeper/moved"), in(other, "second")));
	show_file("second");
	SHOW(unlink(in(name, "renamed")));
	SHOW(rmdir(in(name, "second")));
	SHOW(unlink(in(name, "second")));
	SHOW(read(fd, buffer, 10));
	printf("%.4s\n", buffer);
	SHOW(rmdir(in(name, "renamed/deeper")));
	SHOW(rmdir(in(name, "renamed")));
	SHOW(rmdir(name));
	SHOW(open(in(name, "nosuch/"), O_CREAT | O_WRONLY, 0600));
	SHOW(open(in(name, "nosuch/x"), O_CREAT | O_WRONLY, 0600));
	SHOW(open(folder, O_WRONLY));
	close(fd);
	umask(077);
	SHOW(close(open(in(name, "masked"), O_CREAT | O_WRONLY, 0666)));
	show_file("masked");
	SHOW(chmod(name, 0444));
	show_file("masked");
	SHOW(unlink(name));
	SHOW(umask(022));
}

static void devices(void)
{
	struct stat st;
	int fd = open("/dev/null", O_RDWR);
	SHOW(read(fd, buffer, 10));
	SHOW(write(fd, buffer, 10));
	SHOW(lseek(fd, 10, SEEK_SET));
	fstat(fd, &st);
	printf("%o %lx\n", st.st_mode, (long)st.st_rdev);
	fd = open("/dev/zero", O_RDWR);
	buffer[0] = buffer[9999] = 1;
	SHOW(read(fd, buffer, 10000));
	printf("%d %d\n", buffer[0], buffer[9999]);
	char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	SHOW(map[5000]++);
	SHOW(map[5000]);
	fd = open("/dev/urandom", O_RDONLY);
	SHOW(read(fd, buffer, 1000));
	SHOW(memcmp(buffer, buffer + 500, 500) != 0);
	SHOW(open("/dev/nosuch", O_RDONLY));
	SHOW(mkdir("/dev/null/x", 0700));
}

static int is_mapped(const char *maps, void *at)
{
	for (const char *line = maps; *line; line = strchr(line, '\n') + 1) {
		unsigned long start, end;
		sscanf(line, "%lx-%lx", &start, &end);
		if (start <= (unsigned long)at && (unsigned long)at < end)
			return line[strcspn(line, " ") + 2] == 'w' ? 2 : 1;
	}
	return 0;
}

static void proc(void)
{
	char magic[4];
	ssize_t n = 0, got;
	int fd = open("/proc/self/exe", O_RDONLY);
	SHOW(read(fd, magic, 4));
	SHOW(memcmp(magic, "\177ELF", 4));
	fd = open("/proc/self/maps", O_RDONLY);
	memset(buffer, 0, sizeof(buffer));
	while ((got = read(fd, buffer + n, 50)) > 0)
		n += got;
	SHOW(is_mapped(buffer, &n));
	SHOW(is_mapped(buffer, (void *)proc));
	SHOW(is_mapped(buffer, buffer));
	SHOW(is_mapped(buffer, (void *)8));
	SHOW(strstr(buffer, "[stack]") != NULL);
}

static void limits(void)
{
	struct statfs fs;
	struct rlimit limit;
	char title[16];
	int fds[300], n = 0;
	SHOW(statfs("/tmp", &fs));
	SHOW(fs.f_bsize);
	SHOW(statfs("/nosuch", &fs));
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = 20;
	SHOW(setrlimit(RLIMIT_NOFILE, &limit));
	while (n < 300 && (fds[n] = open("/dev/null", O_RDONLY)) >= 0)
		n++;
	SHOW(fds[n - 1]);
	SHOW(dup(0));
	SHOW(dup2(0, 20));
	SHOW(fcntl(0, F_DUPFD, 20));
	SHOW(prctl(PR_SET_NAME, "a name that is too long"));
	SHOW(prctl(PR_GET_NAME, title));
	puts(title);
	SHOW(prctl(PR_GET_DUMPABLE));
}

int main(void)
{
	snprintf(folder, sizeof(folder), "/tmp/entrybench-%d", (int)getpid());
	SHOW(mkdir(folder, 0755));
	contents();
	names();
	devices();
	proc();
	SHOW(rmdir(folder));
	limits();
	return 0;
}

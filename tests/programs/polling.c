/*
 * Pipes, eventfd, poll and epoll: what is ready, by level, by edge and once, and who waits until it
 * is.
 */
#define _GNU_SOURCE
#include "show.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>

static char buffer[70000];
static int ends[2];

static void show_poll(const char *what, int fd, int events)
{
	struct pollfd p = {.fd = fd, .events = events};
	int n = poll(&p, 1, 0);
	printf("%s: %d ready %x\n", what, n, p.revents);
}

static void pipes(void)
{
	struct stat st;
	SHOW(pipe2(ends, O_NONBLOCK));
	SHOW(fcntl(ends[0], F_GETFL) == O_NONBLOCK);
	SHOW(fcntl(ends[1], F_GETFL) == (O_NONBLOCK | O_WRONLY));
	SHOW(fstat(ends[0], &st));
	SHOW(S_ISFIFO(st.st_mode));
	SHOW(read(ends[0], buffer, 10));
	SHOW(read(ends[1], buffer, 10));
	SHOW(write(ends[0], buffer, 10));
	show_poll("empty, read", ends[0], POLLIN);
	show_poll("empty, write", ends[1], POLLOUT);
	SHOW(write(ends[1], "twelve bytes", 12));
	SHOW(read(ends[0], buffer, 6));
	SHOW(read(ends[0], buffer + 6, 100));
	printf("%.12s\n", buffer);
	SHOW(write(ends[1], buffer, 65536));
	SHOW(write(ends[1], buffer, 1));
	show_poll("full, write", ends[1], POLLOUT);
	SHOW(read(ends[0], buffer, sizeof(buffer)));
	SHOW(lseek(ends[0], 0, SEEK_CUR));
	SHOW(pread(ends[0], buffer, 1, 0));
	SHOW(close(ends[1]));
	show_poll("no writer", ends[0], POLLIN);
	SHOW(read(ends[0], buffer, 1));
	SHOW(close(ends[0]));
	SHOW(pipe(ends));
	SHOW(close(ends[0]));
	show_poll("no reader", ends[1], POLLOUT);
	signal(SIGPIPE, SIG_IGN);
	SHOW(write(ends[1], buffer, 1));
	SHOW(close(ends[1]));
}

static void events(void)
{
	uint64_t value = 5;
	int fd = eventfd(3, EFD_NONBLOCK), semaphore = eventfd(2, EFD_NONBLOCK | EFD_SEMAPHORE);
	show_poll("count 3", fd, POLLIN | POLLOUT);
	SHOW(write(fd, &value, 8));
	SHOW(read(fd, &value, 8));
	SHOW(value);
	SHOW(read(fd, &value, 8));
	show_poll("count 0", fd, POLLIN | POLLOUT);
	value = -2ull;
	SHOW(write(fd, &value, 8));
	SHOW(write(fd, &value, 8));
	show_poll("count at its most", fd, POLLIN | POLLOUT);
	SHOW(read(semaphore, &value, 8));
	SHOW(value);
	SHOW(read(semaphore, &value, 8));
	SHOW(read(semaphore, &value, 8));
	close(fd);
	close(semaphore);
}

static void show_wait(const char *what, int epoll)
{
	struct epoll_event e[4];
	int n = epoll_wait(epoll, e, 4, 0);
	printf("%s: %d", what, n);
	for (int i = 0; i < n; i++)
		printf(" %x of %lu", e[i].events, (unsigned long)e[i].data.u64);
	printf("\n");
}

static int watch(int epoll, int operation, int fd, unsigned how, unsigned long data)
{
	struct epoll_event event = {.events = how, .data.u64 = data};
	return epoll_ctl(epoll, operation, fd, &event);
}

static void levels_and_edges(int epoll)
{
	int copy;
	SHOW(pipe2(ends, O_NONBLOCK));
	SHOW(watch(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN, 1));
	SHOW(watch(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN, 1));
	show_wait("nothing yet", epoll);
	write(ends[1], "abc", 3);
	show_wait("level", epoll);
	show_wait("level, again", epoll);
	show_poll("the epoll itself", epoll, POLLIN);
	SHOW(watch(epoll, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLET, 2));
	show_wait("edge, after the change", epoll);
	show_wait("edge, again", epoll);
	write(ends[1], "d", 1);
	show_wait("edge, more came", epoll);
	show_wait("edge, nothing new", epoll);
	SHOW(watch(epoll, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT, 3));
	show_wait("once", epoll);
	show_wait("once, again", epoll);
	SHOW(watch(epoll, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT, 4));
	show_wait("once more", epoll);
	SHOW(watch(epoll, EPOLL_CTL_ADD, ends[1], EPOLLOUT | EPOLLET, 5));
	show_wait("room to write, edge", epoll);
	show_wait("room to write, again", epoll);
	SHOW(watch(epoll, EPOLL_CTL_DEL, ends[1], 0, 0));
	SHOW(watch(epoll, EPOLL_CTL_DEL, ends[1], 0, 0));
	SHOW(watch(epoll, EPOLL_CTL_MOD, ends[1], 0, 0));
	copy = dup(ends[0]);
	SHOW(watch(epoll, EPOLL_CTL_ADD, copy, EPOLLIN, 6));
	close(copy);
	show_wait("a closed copy is still watched", epoll);
	SHOW(watch(epoll, EPOLL_CTL_MOD, ends[0], EPOLLIN, 7));
	read(ends[0], buffer, 100);
	close(ends[1]);
	SHOW(watch(epoll, EPOLL_CTL_MOD, ends[0], 0, 8));
	close(ends[0]);
	SHOW(watch(epoll, EPOLL_CTL_ADD, 0, EPOLLIN, 9));
	SHOW(watch(epoll, EPOLL_CTL_ADD, epoll, EPOLLIN, 10));
	SHOW(watch(epoll, EPOLL_CTL_ADD, 99, EPOLLIN, 11));
	SHOW(watch(epoll, 77, epoll, EPOLLIN, 12));
}

static void *later(void *argument)
{
	uint64_t one = 1;
	struct timespec pause = {0, 3000000};
	nanosleep(&pause, NULL);
	write((int)(long)argument, &one, sizeof(one));
	return NULL;
}

/* Each way to wait for what another thread writes 3 ms later. */
static void waiting(int epoll)
{
	pthread_t thread;
	int fd = eventfd(0, 0);
	struct epoll_event event;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct timespec limit = {10, 0};
	uint64_t value = 0;
	pthread_create(&thread, NULL, later, (void *)(long)fd);
	SHOW(read(fd, &value, 8));
	pthread_join(thread, NULL);
	pthread_create(&thread, NULL, later, (void *)(long)fd);
	SHOW(poll(&p, 1, -1));
	pthread_join(thread, NULL);
	read(fd, &value, 8);
	pthread_create(&thread, NULL, later, (void *)(long)fd);
	SHOW(ppoll(&p, 1, &limit, NULL));
	pthread_join(thread, NULL);
	read(fd, &value, 8);
	SHOW(watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET, 20));
	pthread_create(&thread, NULL, later, (void *)(long)fd);
	SHOW(epoll_wait(epoll, &event, 1, 10000));
	SHOW(event.data.u64);
	pthread_join(thread, NULL);
	SHOW(epoll_wait(epoll, &event, 1, 5));
	read(fd, &value, 8);
	SHOW(poll(&p, 1, 5));
	close(fd);
}

static volatile int handled;

static void handler(int signal)
{
	handled = signal;
}

static void interrupted(int epoll)
{
	struct epoll_event event;
	struct timespec limit = {1, 0};
	sigset_t all, none;
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	sigemptyset(&none);
	sigfillset(&all);
	sigaction(SIGUSR1, &action, NULL);
	sigprocmask(SIG_SETMASK, &all, NULL);
	raise(SIGUSR1);
	SHOW(poll(NULL, 0, 1));
	SHOW(handled);
	SHOW(epoll_pwait(epoll, &event, 1, -1, &none));
	SHOW(handled);
	handled = 0;
	raise(SIGUSR1);
	SHOW(ppoll(NULL, 0, &limit, &none));
	SHOW(handled);
	handled = 0;
	SHOW(ppoll(NULL, 0, &(struct timespec){0, 1000}, &none));
	sigprocmask(SIG_SETMASK, NULL, &none);
	SHOW(sigismember(&none, SIGUSR2));
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* More than a pipe holds, through it. */
static void *drain(void *argument)
{
	unsigned long sum = 0, n = 0;
	ssize_t got;
	static unsigned char part[1000];
	while ((got = read((int)(long)argument, part, sizeof(part))) > 0) {
		n += got;
		for (ssize_t i = 0; i < got; i++)
			sum += part[i];
	}
	printf("%lu bytes, sum %lu\n", n, sum);
	return NULL;
}

static void through(void)
{
	pthread_t thread;
	pipe(ends);
	pthread_create(&thread, NULL, drain, (void *)(long)ends[0]);
	for (int i = 0; i < 5; i++) {
		memset(buffer, i + 1, sizeof(buffer));
		SHOW(write(ends[1], buffer, sizeof(buffer)));
	}
	close(ends[1]);
	pthread_join(thread, NULL);
	close(ends[0]);
}

int main(void)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	SHOW(fcntl(epoll, F_GETFD));
	pipes();
	events();
	levels_and_edges(epoll);
	waiting(epoll);
	interrupted(epoll);
	through();
	show_poll("standard input", 0, POLLIN | POLLOUT);
	show_poll("no descriptor", 99, POLLIN);
	show_poll("a negative one", -1, POLLIN);
	return 0;
}

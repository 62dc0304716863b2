// Preloaded into every program: answers the admin commands that nvme and smartctl send to /dev/nvme0, from the files that nvme.py made.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
int ioctl(int fd, unsigned long req, ...) {
  va_list ap;
  va_start(ap, req);
  void *arg = va_arg(ap, void *);
  va_end(ap);
  char link[40], dev[60] = "", path[99];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  if (readlink(link, dev, sizeof dev - 1) < 0 || strncmp(dev, "/dev/nvme", 9) || (req >> 8 & 255) != 'N')
    return ((int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl"))(fd, req, arg);
  if (req == NVME_IOCTL_ID) return 1;
  struct nvme_admin_cmd *c = arg;
  c->result = 0;
  if (c->opcode == 0x14) return 0;
  snprintf(path, sizeof path, "/usr/local/lib/kb/nvme0/%02x-%02x", c->opcode, c->cdw10 & 255);
  int file = open(path, O_RDONLY);
  if (file < 0) return 0x2002;
  memset((void *)(long)c->addr, 0, c->data_len);
  if (pread(file, (void *)(long)c->addr, c->data_len, c->opcode == 2 ? c->cdw12 : 0) < 0) return 0x2002;
  close(file);
  return 0;
}

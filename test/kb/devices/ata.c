// Preloaded into every program: answers the ATA and SCSI commands that smartctl and hdparm send to /dev/sdX, from the files that drive.py made.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
static int answer(const char *dev, const char *name, void *to, size_t len, size_t skip) {
  char path[99];
  snprintf(path, sizeof path, "/usr/local/lib/kb/%s/%s", dev, name);
  int fd = open(path, O_RDONLY);
  if (fd < 0) return 1;
  memset(to, 0, len);
  if (pread(fd, to, len, skip) < 0) len = 0;
  close(fd);
  return 0;
}
int ioctl(int fd, unsigned long req, ...) {
  va_list ap;
  va_start(ap, req);
  void *arg = va_arg(ap, void *);
  va_end(ap);
  char link[40], dev[60] = "", name[60];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  if (readlink(link, dev, sizeof dev - 1) < 0 || strncmp(dev, "/dev/sd", 7) || req != SG_IO)
    return ((int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl"))(fd, req, arg);
  struct sg_io_hdr *h = arg;
  unsigned char *c = h->cmdp, bad = 0;
  h->status = h->masked_status = h->host_status = h->driver_status = h->sb_len_wr = h->resid = 0;
  if (c[0] == 0x85) {
    int smart = c[14] == 0xb0, log = c[14] == 0x2f || c[4] == 0xd5 || c[4] == 0xd6 ? c[8] : 0;
    snprintf(name, sizeof name, "%02x-%02x-%02x", c[14], smart ? c[4] : 0, log);
    if (h->dxfer_len) bad = answer(dev + 5, name, h->dxferp, h->dxfer_len, c[14] == 0x2f ? 512 * c[10] : 0);
    if (bad || c[2] & 0x20) {
      char f[2];
      int ill = smart && c[4] == 0xda && !answer(dev + 5, "failed", f, 1, 0);
      int awake = c[14] == 0xe5 && answer(dev + 5, "asleep", f, 1, 0) ? 255 : c[6];
      unsigned char s[22] = {0x72, bad ? 11 : 1, 0, bad ? 0 : 29, 0, 0, 0, 14, 9, 12, 0, bad * 4, 0, awake, 0, c[8], 0,
                             ill ? 0xf4 : c[10], 0, ill ? 0x2c : c[12], 0, bad ? 0x51 : 0x50};
      memcpy(h->sbp, s, h->sb_len_wr = 22);
      h->status = 2, h->driver_status = 8;
    }
    return 0;
  }
  snprintf(name, sizeof name, "%02x-%02x", c[0], c[0] == 0x12 && c[1] & 1 ? c[2] : 0);
  if (h->dxfer_len && answer(dev + 5, name, h->dxferp, h->dxfer_len, 0)) {
    memcpy(h->sbp, "\x70\0\5\0\0\0\0\12\0\0\0\0\x24\0\0\0\0", h->sb_len_wr = 18);
    h->status = 2, h->driver_status = 8;
  }
  return 0;
}

// Names of control groups: what a path belongs to.

export interface CgroupName {
  /** What a series is called: the unit of the system (`nginx.service`), otherwise the path. */
  subject: string;
  unit?: string;
  /** The first 12 digits of a container's id, as `docker ps` shows it. */
  container?: string;
}

/** `path` without the mount point and without a slash in front: `system.slice/nginx.service`. */
export function cgroupName(path: string): CgroupName {
  const last = path.slice(path.lastIndexOf('/') + 1);
  const id = /(?:^|[-:/])([0-9a-f]{64})(?:\.scope)?$/.exec(last)?.[1];
  if (id) return { subject: `container ${id.slice(0, 12)}`, container: id.slice(0, 12) };
  const service = /(?:^|\/)system\.slice\/(?:.*\/)?([^/]+\.(?:service|scope|socket|mount))$/.exec(path)?.[1];
  if (service) return { subject: service, unit: service };
  if (/^[^/]+\.(slice|service|scope)$/.test(path)) return { subject: path, unit: path };
  return { subject: path };
}

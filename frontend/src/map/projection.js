// A projection that fits the case's own region.

import { geoConicConformal, geoMercator, geoNaturalEarth1 } from 'd3-geo';

/** Projection of the region that [longitude, latitude] points span; conic in middle latitudes, which keeps shapes true. */
export function regionProjection(points) {
  const longitude = middleLongitude(points);
  const east = points.map(([lon]) => ((lon - longitude + 540) % 360) - 180);
  const north = points.map(([, lat]) => lat);
  const [low, high] = [Math.min(...north), Math.max(...north)];
  const span = Math.max(...east) - Math.min(...east);
  if (span > 170) return geoNaturalEarth1().rotate([-longitude, 0]);
  if (low < 12 && high > -12) return geoMercator().rotate([-longitude, 0]);
  const sixth = (high - low) / 6;
  return geoConicConformal().rotate([-longitude, 0]).parallels([low + sixth, high - sixth]);
}

/** Height over width of the region on paper, kept within reason. */
export function regionAspect(points) {
  const projection = regionProjection(points).fitWidth(1000, multiPoint(points));
  const heights = points.map((point) => projection(point)[1]);
  return Math.min(0.95, Math.max(0.52, (Math.max(...heights) - Math.min(...heights)) / 1000 + 0.08));
}

/**
 * The projection fitted into a frame, with a margin for labels and, within `room`, for what lies over the map. It draws
 * up to half a frame beyond, for panning.
 */
export function fitProjection(points, width, height, room = { left: 0, top: 0, right: 0, bottom: 0 }) {
  const [side, top] = [Math.max(18, width * 0.055), Math.max(18, height * 0.075)];
  return regionProjection(points)
    .fitExtent([[side + room.left, top + room.top], [width - side - room.right, height - top - room.bottom]], multiPoint(points))
    .clipExtent([[-width / 2, -height / 2], [width * 1.5, height * 1.5]]);
}

// One place alone has no extent, so every region is at least some degrees wide and high.
function multiPoint(points) {
  const longitudes = points.map(([lon]) => lon);
  const latitudes = points.map(([, lat]) => lat);
  const isSmall = (values) => Math.max(...values) - Math.min(...values) < 1;
  if (!isSmall(longitudes) || !isSmall(latitudes)) return { type: 'MultiPoint', coordinates: points };
  const [lon, lat] = points[0];
  const corners = [[lon - 2, lat - 1], [lon + 2, lat + 1]];
  return { type: 'MultiPoint', coordinates: [...points, ...corners] };
}

// The middle of the smallest arc that holds all longitudes, so that the antimeridian is no special place.
function middleLongitude(points) {
  const sorted = [...new Set(points.map(([lon]) => ((lon % 360) + 360) % 360))].sort((a, b) => a - b);
  let [widest, start] = [-1, 0];
  sorted.forEach((lon, i) => {
    const next = i + 1 < sorted.length ? sorted[i + 1] : sorted[0] + 360;
    if (next - lon > widest) [widest, start] = [next - lon, next];
  });
  const middle = (start + (360 - widest) / 2) % 360;
  return middle > 180 ? middle - 360 : middle;
}
